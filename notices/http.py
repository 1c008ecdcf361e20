"""Where a request came from, and what a session has proved."""

from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest

from core.crypto import seal, unseal

PROOF = "number"
PROOF_LASTS = timedelta(minutes=30)


def address_of(request: HttpRequest) -> str:
    """The address a request came from, as the outermost proxy of ours saw it.

    ``settings.TRUSTED_PROXIES`` says how many of ours stand in front; what is written further
    to the left of the header could be made up.
    """
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.TRUSTED_PROXIES
    if proxies and len(passed) >= proxies and passed[-proxies]:
        return passed[-proxies][:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def remember_number(request: HttpRequest, mobile: str, *, at: datetime) -> None:
    """Let this browser see what belongs to a number, for half an hour."""
    until = (at + PROOF_LASTS).isoformat()
    request.session[PROOF] = {"mobile": seal(mobile), "until": until}


def proven_number(request: HttpRequest, *, at: datetime) -> str:
    """The number this browser proved within the last half hour, else nothing."""
    return still_sealed(request.session.get(PROOF), at=at)


def forget_number(request: HttpRequest) -> None:
    """Close what was opened, for instance on a borrowed phone."""
    request.session.pop(PROOF, None)


def still_sealed(kept: object, *, at: datetime) -> str:
    """The number in a note of the session, while the note is fresh and can be read."""
    if not isinstance(kept, dict) or datetime.fromisoformat(kept["until"]) <= at:
        return ""
    try:
        return unseal(kept["mobile"])
    except InvalidToken:
        return ""
