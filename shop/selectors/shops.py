"""Village shops as buyers see them: who sells, where one can collect, what the shop answers for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from growers.models import Binding, BindingKind, Station, VillageShop
from growers.models.scope import valid_on
from shop.models import Listing, ListingState
from shop.selectors.origins import full_place
from shop.selectors.storefront import published_listings


@dataclass(frozen=True)
class ShopCard:
    """A shop on the page of what it sells, and on its own."""

    code: str
    name: str
    place: str
    county_code: str
    opened_on: date
    station: Station
    listings: int
    duty: str


def binding_kind(*, shop: str, on: date) -> Subquery:
    """How the shop named by a column is bound to growers on a day; for ``annotate``."""
    bound = Binding.objects.filter(valid_on(on), shop=OuterRef(shop)).order_by("pk")
    return Subquery(bound.values("kind")[:1])


def on_shelf(*, shop: str) -> Subquery:
    """How many listings the shop named by a column shows; for ``annotate``."""
    shown = Listing.objects.filter(shop=OuterRef(shop), state=ListingState.PUBLISHED).order_by()
    return Subquery(shown.values("shop").annotate(n=Count("pk")).values("n")[:1])


def shop_card(shop: VillageShop, *, listings: int | None, kind: str | None) -> ShopCard:
    """The card of a shop that came with ``village__parent__parent`` and ``station``."""
    return ShopCard(
        code=shop.code,
        name=shop.name,
        place=full_place(shop.village),
        county_code=shop.village.county_code,
        opened_on=shop.opened_on,
        station=shop.station,
        listings=listings or 0,
        duty=_duty(kind),
    )


def _duty(kind: str | None) -> str:
    """What the shop takes on by its binding; growers are never named."""
    if kind == BindingKind.ONE_VILLAGE:
        return _("一店带一村：收本村的货，也管本村的货对不对。")
    if kind == BindingKind.MANY_VILLAGES:
        return _("一店带多村：收几个村的货，也管这几个村的货对不对。")
    if kind == BindingKind.MANY_HOUSEHOLDS:
        return _("一店带多户：收签了约的种植户的货，也管这些货对不对。")
    return _("只卖自己收来的货，货对不对由它管。")


def public_shops(*, on: date) -> QuerySet[VillageShop, Any]:
    """Every shop with what its card needs."""
    rows = VillageShop.objects.select_related("village__parent__parent", "station")
    return rows.annotate(shown=on_shelf(shop="pk"), kind=binding_kind(shop="pk", on=on))


def listings_of_shop(shop: VillageShop) -> QuerySet[Listing, Any]:
    """What a shop has on the shelf: in season first."""
    return published_listings().filter(shop=shop)
