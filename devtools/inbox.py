"""The messages the demo sent, read back from the file they went to."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from notices.adapters import messages_file
from notices.wording import CODE

_LINK = re.compile(r"(https?://\S+)")
_DIGITS = re.compile(r"\d{6}")
MOST_READ = 2000  # the last lines of the file


@dataclass(frozen=True)
class Part:
    """A stretch of a message: plain words, or an address of ours."""

    words: str
    href: str = ""


@dataclass(frozen=True)
class Received:
    """One message as a phone would show it."""

    at: datetime
    mobile: str
    parts: list[Part]
    code: str  # the six digits of a code, else empty
    language: str


def received(*, mobile: str = "") -> list[Received]:
    """The messages, newest first; of one number when it is given."""
    found = {}
    for row in _rows():
        if mobile in ("", row["mobile"]):
            found[row["key"]] = row  # a message carried twice is one message
    return [_received(row) for row in reversed(found.values())]


def _rows() -> list[dict[str, str]]:
    try:
        lines = messages_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines[-MOST_READ:]]


def _received(row: dict[str, str]) -> Received:
    digits = _DIGITS.search(row["text"]) if row["template"] == CODE else None
    return Received(
        at=datetime.fromisoformat(row["at"]),
        mobile=row["mobile"],
        parts=[_part(piece) for piece in _LINK.split(row["text"]) if piece],
        code=digits.group() if digits else "",
        language=row["language"],
    )


def _part(piece: str) -> Part:
    if not _LINK.fullmatch(piece):
        return Part(piece)
    return Part(piece, href=piece.removeprefix(settings.BASE_URL) or "/")
