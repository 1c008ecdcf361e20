"""Reservations that this browser has proved it may see, kept in the session."""

from django.http import HttpRequest

from core import clock
from notices.http import proven_number
from shop.models import Pledge
from shop.selectors.by_number import pledge_codes_of_number

MOST_SHOWN = 30


def shown_pledges(request: HttpRequest) -> list[str]:
    """Codes of the reservations made here, opened with code and mobile, or of a proved number."""
    mobile = proven_number(request, at=clock.now())
    return [*_kept(request), *(pledge_codes_of_number(mobile) if mobile else [])]


def _kept(request: HttpRequest) -> list[str]:
    return list(request.session.get("pledges", []))


def remember_pledge(request: HttpRequest, pledge: Pledge) -> None:
    """Let this browser open this reservation again."""
    codes = dict.fromkeys([*_kept(request), pledge.code])
    request.session["pledges"] = list(codes)[-MOST_SHOWN:]
