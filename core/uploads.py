"""Photographs people send: known by their content, made anew, and freed of where they were taken.

A file is never stored as it came. It is opened as a picture, turned upright, made small enough and
written again as JPEG, so that neither a script hidden in it nor the place in its notes survives.
"""

import struct
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.errors import BadInput

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a larger one may be a few kilobytes that unpack to gigabytes
LONGEST_SIDE = 1600  # pixels
QUALITY = 84
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112  # the note that says how the camera was held
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # what the note says: Pillow's Transpose
PHOTO_HELP = lazy("JPG、PNG 或 WebP，最多 10 MB。照片里的拍摄地点会去掉。")
PHONE_FORMATS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif")


@dataclass(frozen=True)
class Photo:
    """A photograph made anew, ready to be stored."""

    file: ContentFile[bytes]
    width: int
    height: int

    def shrunk(self, longest: int) -> ContentFile[bytes]:
        """The same photograph with no side longer than this, for tiles and thumbs."""
        from PIL import Image

        self.file.seek(0)
        with Image.open(self.file) as picture:
            picture.thumbnail((longest, longest))
            made = _jpeg(picture)
        self.file.seek(0)
        return _named(made)


def clean_photo(uploaded: "UploadedFile[bytes]") -> Photo:
    """The photograph as a fresh JPEG of at most 1600 px, without the notes a camera writes.

    Raises
    ------
    BadInput
        When the file is empty, too large, or not a photograph that can be opened.
    """
    _check_size(uploaded)
    return _made_anew(uploaded)


def _named(made: bytes) -> ContentFile[bytes]:
    return ContentFile(made, name=f"{sha256(made).hexdigest()[:24]}.jpg")


def _check_size(uploaded: "UploadedFile[bytes]") -> None:
    size = uploaded.size or 0
    if size == 0:
        raise BadInput(_("这个文件是空的，换一张照片。"))
    if size > MAX_BYTES:
        facts = {"size": f"{size / 1024 / 1024:.1f}", "most": MAX_BYTES // 1024 // 1024}
        raise BadInput(_("照片有 %(size)s MB，最多 %(most)s MB。换一张小些的。") % facts)


def _made_anew(uploaded: "UploadedFile[bytes]") -> Photo:
    from PIL import Image

    uploaded.seek(0)
    head = uploaded.read(32)
    uploaded.seek(0)
    try:
        with Image.open(uploaded, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadInput(_too_many_pixels())
            upright = _on_white(_turned(opened))
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return Photo(_named(_jpeg(upright)), upright.width, upright.height)
    except Image.DecompressionBombError as bomb:
        raise BadInput(_too_many_pixels()) from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as broken:
        raise BadInput(_why_not(head)) from broken


def _too_many_pixels() -> str:
    return _("照片的尺寸太大了，换一张普通的照片。")


def _jpeg(picture: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _turned(picture: Any) -> Any:
    """The picture upright; of its notes only the turn is read, so that broken ones do no harm."""
    picture.load()  # a PNG may have its notes behind the picture
    try:
        turn = picture.getexif().get(ORIENTATION)
    except (ValueError, SyntaxError, TypeError, KeyError, struct.error):
        turn = None
    how = TURNS.get(turn) if isinstance(turn, int) else None
    return picture if how is None else picture.transpose(how)


def _on_white(picture: Any) -> Any:
    """The pixels alone in plain red, green and blue; what was see-through becomes white.

    They stand on a new ground: a picture that is only converted keeps its comment.
    """
    from PIL import Image

    ground = Image.new("RGB", picture.size, "white")
    if picture.mode not in {"RGBA", "LA", "P", "PA"}:
        ground.paste(picture.convert("RGB"))
        return ground
    seen = picture.convert("RGBA")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _why_not(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return _("PDF 在这里打不开。把证明拍成照片再传。")
    if any(mark in head for mark in PHONE_FORMATS):
        return _("这是 HEIC 照片，打不开。在手机设置里把照片格式改成 JPG，或者截一张图再传。")
    return _("这个文件不是照片，或者已经坏了。请传 JPG、PNG 或 WebP 照片。")


class PhotoField(forms.FileField):
    """A photograph; the cleaned value is a ``Photo``, or None where none was sent."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    default_error_messages = {
        "required": lazy("选一张照片。"),
        "missing": lazy("选一张照片。"),
        "empty": lazy("这个文件是空的，换一张照片。"),
        "invalid": lazy("照片没有传上来，请再选一次。"),
        "max_length": lazy("文件名太长了，改短再传。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 200, "help_text": PHOTO_HELP, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Photo | None:
        """The photograph made anew."""
        uploaded = super().clean(data, initial)
        if not isinstance(uploaded, UploadedFile):
            return None
        try:
            return clean_photo(uploaded)
        except BadInput as error:
            raise forms.ValidationError(str(error), code="photo") from error
