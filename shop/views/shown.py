"""Orders that this browser has proved it may see, kept in the session."""

from collections.abc import Iterable

from django.http import HttpRequest

from core import clock
from notices.http import proven_number
from shop.models import Purchase
from shop.selectors.by_number import codes_of_number

MOST_SHOWN = 30


def shown_codes(request: HttpRequest) -> list[str]:
    """Codes of the orders placed here, opened with code and mobile, or of a proved number."""
    mobile = proven_number(request, at=clock.now())
    return [*_kept(request), *(codes_of_number(mobile) if mobile else [])]


def _kept(request: HttpRequest) -> list[str]:
    return list(request.session.get("orders", []))


def remember(request: HttpRequest, purchases: Iterable[Purchase]) -> None:
    """Let this browser open these orders again."""
    codes = dict.fromkeys([*_kept(request), *(purchase.code for purchase in purchases)])
    request.session["orders"] = list(codes)[-MOST_SHOWN:]
