"""What people send as photographs: known by content, made anew, freed of the place."""

import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from core.errors import BadInput
from core.uploads import LONGEST_SIDE, MAX_BYTES, PhotoField, clean_photo
from tests.factories.uploads import GPS_NOTES, MAKER, ORIENTATION, photo, photo_bytes

MAKER_IN_LETTERS = b"\x01\x0f\x00\x02"  # as the note's head is written: which one, in what type
MAKER_IN_FRACTIONS = b"\x01\x0f\x00\x05"


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


KINDS = [
    ("JPEG", "RGB"),
    ("JPEG", "L"),
    ("JPEG", "CMYK"),
    ("PNG", "RGB"),
    ("PNG", "RGBA"),
    ("PNG", "P"),
    ("WEBP", "RGB"),
]


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_every_kind_of_photograph_becomes_a_plain_jpeg(kind: str, mode: str) -> None:
    made = clean_photo(photo("x.bin", photo_bytes(kind, mode=mode)))

    picture = opened(made.file.read())
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (64, 48))
    assert (made.width, made.height) == (64, 48)


def test_the_place_and_the_phone_are_gone() -> None:
    sent = photo_bytes(placed=True)
    assert opened(sent).getexif().get_ifd(GPS_NOTES)

    made = clean_photo(photo(content=sent)).file.read()

    notes = opened(made).getexif()
    assert not notes.get_ifd(GPS_NOTES)
    assert MAKER not in notes
    assert "示例手机".encode() not in made


def test_it_stands_upright() -> None:
    made = clean_photo(photo(content=photo_bytes(size=(60, 40), turned=6)))

    assert (made.width, made.height) == (40, 60)


@pytest.mark.parametrize("turned", range(1, 9))
def test_it_is_turned_as_its_notes_say(turned: int) -> None:
    picture = Image.linear_gradient("L").convert("RGB").resize((96, 64))
    picture.paste("blue", (0, 0, 24, 16))
    notes = picture.getexif()
    notes[ORIENTATION] = turned
    sent = BytesIO()
    picture.save(sent, "JPEG", exif=notes.tobytes())
    wanted = ImageOps.exif_transpose(opened(sent.getvalue()))

    made = opened(clean_photo(photo(content=sent.getvalue())).file.read())

    corners = [(4, 4), (wanted.width - 5, 4), (4, wanted.height - 5)]
    assert made.size == wanted.size
    for corner in corners:
        seen, meant = made.getpixel(corner), wanted.getpixel(corner)
        assert isinstance(seen, tuple)
        assert isinstance(meant, tuple)
        assert all(abs(a - b) < 40 for a, b in zip(seen, meant, strict=True))


def test_notes_that_were_written_wrong_do_no_harm() -> None:
    sent = photo_bytes(size=(60, 40), turned=6, placed=True)
    wrong = sent.replace(MAKER_IN_LETTERS, MAKER_IN_FRACTIONS, 1)
    assert wrong != sent

    made = clean_photo(photo(content=wrong))

    assert (made.width, made.height) == (40, 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_was_written_beside_the_picture_is_gone(kind: str) -> None:
    beside = PngInfo()
    beside.add_text("comment", "33.4 N 104.9 E")
    sent = BytesIO()
    noted = {"pnginfo": beside} if kind == "PNG" else {"comment": b"33.4 N 104.9 E"}
    Image.new("RGB", (2000, 1500), "red").save(sent, kind, **noted)
    assert b"104.9 E" in sent.getvalue()

    made = clean_photo(photo(content=sent.getvalue()))

    assert b"104.9 E" not in made.file.read()
    assert b"104.9 E" not in made.shrunk(480).read()


def test_a_large_one_becomes_small_enough() -> None:
    made = clean_photo(photo(content=photo_bytes(size=(4000, 3000))))

    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
    assert max(opened(made.shrunk(480).read()).size) == 480
    assert opened(made.file.read()).size == (made.width, made.height)  # still whole after shrinking


def test_what_follows_the_picture_is_dropped() -> None:
    script = b"<script>alert(1)</script><?php system('x') ?>"

    made = clean_photo(photo(content=photo_bytes() + script)).file.read()

    assert b"script" not in made
    assert b"php" not in made


def test_the_name_sent_is_never_used() -> None:
    made = clean_photo(photo("../../etc/passwd.php.jpg"))

    assert made.file.name is not None
    assert made.file.name.endswith(".jpg")
    assert "passwd" not in made.file.name


def huge_png() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return len(body).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是照片"),
        (b"<html><script>alert(1)</script>", "不是照片"),
        (b"GIF89a" + b"\0" * 30, "不是照片"),
        (photo_bytes()[:200], "不是照片"),
        (b"\xff\xd8\xff" + b"x" * 500, "不是照片"),
        (huge_png(), "尺寸"),
        (b"\0" * (MAX_BYTES + 1), "MB"),
    ],
    ids=["empty", "pdf", "heic", "svg", "html", "gif", "cut", "fake", "bomb", "heavy"],
)
def test_what_is_no_photograph_is_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        clean_photo(photo("x.jpg", content))


@given(st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_broken_bytes_are_refused_or_made_anew_never_a_crash(
    noise: bytes, kind: str, data: st.DataObject
) -> None:
    whole = bytearray(photo_bytes(kind))
    for byte in noise[:40]:
        whole[data.draw(st.integers(0, len(whole) - 1))] = byte
    try:
        made = clean_photo(photo("x", bytes(whole)))
    except BadInput:
        return
    assert opened(made.file.read()).format == "JPEG"


def test_the_field_says_when_nothing_was_chosen() -> None:
    assert PhotoField(required=False).clean(None) is None
    with pytest.raises(Exception, match="选一张照片"):
        PhotoField().clean(None)
