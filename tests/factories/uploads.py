"""Files as people send them: photographs of every kind, and what only says it is one."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

LONGNAN = {1: "N", 2: (33.0, 24.0, 0.0), 3: "E", 4: (104.0, 55.0, 0.0)}  # GPS notes
GPS_NOTES = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F


def photo_bytes(
    kind: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    *,
    mode: str = "RGB",
    placed: bool = False,
    turned: int = 1,
) -> bytes:
    """A picture; ``placed`` writes where it was taken, ``turned`` how the phone was held."""
    picture = Image.new(mode, size, "red" if mode == "RGB" else 0)
    out = BytesIO()
    notes = picture.getexif()
    if placed:
        notes[MAKER] = "示例手机"
        notes.get_ifd(GPS_NOTES).update(LONGNAN)
    if turned != 1:
        notes[ORIENTATION] = turned
    picture.save(out, kind, exif=notes.tobytes()) if notes else picture.save(out, kind)
    return out.getvalue()


def photo(name: str = "zheng.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a form receives it."""
    return SimpleUploadedFile(name, photo_bytes() if content is None else content)
