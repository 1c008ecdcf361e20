"""Reservations that this browser has proved it may see, kept in the session."""

from django.http import HttpRequest

from shop.models import Pledge

MOST_SHOWN = 30


def shown_pledges(request: HttpRequest) -> list[str]:
    """Codes of the reservations made here or opened with code and mobile."""
    return list(request.session.get("pledges", []))


def remember_pledge(request: HttpRequest, pledge: Pledge) -> None:
    """Let this browser open this reservation again."""
    codes = dict.fromkeys([*shown_pledges(request), pledge.code])
    request.session["pledges"] = list(codes)[-MOST_SHOWN:]
