"""Forms that came back with an old token: signing in elsewhere, or a page left open for weeks.

Nothing is done by them; the page is shown again with everything that was typed. A form sent from
another site is not shown again: it never was one of ours.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from shop.views import account_addresses, campaigns, checkout, reviews

AGAIN: dict[str, Callable[..., HttpResponse]] = {
    "shop:checkout": checkout.expired,
    "shop:campaign": campaigns.expired,
    "shop:campaign_ask": campaigns.ask_expired,
    "shop:review": reviews.expired,
    "shop:address_new": account_addresses.expired,
    "shop:address": account_addresses.expired,
}


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What ``settings.CSRF_FAILURE_VIEW`` answers."""
    again = _again(request) if _is_ours(request) else None
    return again or render(request, "403_csrf.html", status=403)


def _again(request: HttpRequest) -> HttpResponse | None:
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    view = AGAIN.get(match.view_name)
    return view(request, **match.kwargs) if view else None


def _is_ours(request: HttpRequest) -> bool:
    """The page that sent the form was one of this site's."""
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.get_host()
