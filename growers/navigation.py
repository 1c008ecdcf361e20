"""First page and links of a person's workspace, from the roles and ``settings.ROLE_NAV``."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core import clock
from core.language import front_path
from growers.models import Membership
from growers.selectors import memberships_of


def _address(name: str) -> str | None:
    """The address of a page, None while its app does not offer it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@dataclass
class Desk:
    """What the signed-in person works with today; asks the database once, when first used."""

    request: HttpRequest

    @cached_property
    def memberships(self) -> list[Membership]:
        return list(memberships_of(self.request.user, clock.today()))

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(membership.role for membership in self.memberships)

    @cached_property
    def name(self) -> str:
        """The shop, station, cooperative or region of the leading role."""
        by_role = {membership.role: membership for membership in reversed(self.memberships)}
        leading = next((by_role[role] for role in settings.ROLE_HOME if role in by_role), None)
        return "" if leading is None else str(leading.thing)

    @cached_property
    def links(self) -> list[dict[str, object]]:
        """The workspace's links; the one whose address fits the page best is current."""
        labels: dict[str, object] = {}
        for role, pages in settings.ROLE_NAV.items():
            if role in self.roles:
                found = ((_address(name), label) for name, label in pages)
                labels |= {url: label for url, label in found if url and url not in labels}
        under = [url for url in labels if self.request.path.startswith(url)]
        here = max(under, key=len, default="")
        return [{"url": u, "label": text, "current": u == here} for u, text in labels.items()]

    @property
    def home(self) -> str:
        """The first page after sign-in; people without a role go to the storefront."""
        for role, name in settings.ROLE_HOME.items():
            address = _address(name) if role in self.roles else None
            if address:
                return address
        return front_path()


def desk_of(request: HttpRequest) -> Desk:
    """The person's desk, the same for the whole request."""
    desk: Desk | None = getattr(request, "_desk", None)
    if desk is None or desk.request.user != request.user:
        desk = Desk(request)
        request._desk = desk  # type: ignore[attr-defined]  # our own note on the request
    return desk


def work_nav(request: HttpRequest) -> list[dict[str, object]]:
    """The links of ``base_work.html``: url, label, current."""
    return desk_of(request).links


def home_address(request: HttpRequest) -> str:
    """Where a person goes after signing in."""
    return desk_of(request).home
