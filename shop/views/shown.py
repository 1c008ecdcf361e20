"""Orders that this browser has proved it may see, kept in the session."""

from collections.abc import Iterable

from django.http import HttpRequest

from shop.models import Purchase

MOST_SHOWN = 30


def shown_codes(request: HttpRequest) -> list[str]:
    """Codes of the orders placed here or opened with code and mobile."""
    return list(request.session.get("orders", []))


def remember(request: HttpRequest, purchases: Iterable[Purchase]) -> None:
    """Let this browser open these orders again."""
    codes = dict.fromkeys([*shown_codes(request), *(purchase.code for purchase in purchases)])
    request.session["orders"] = list(codes)[-MOST_SHOWN:]
