"""Orders to pack, to send and to hand over, and which lots an order would be packed from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from growers.models import Station, User
from logistics.errors import GramsShort
from logistics.models import LotBalance, PackLine
from logistics.selectors.access import kept_stations, operated_shops
from shop.models import FulfilmentKind, Listing, Purchase, PurchaseState
from shop.selectors.orders import standing_lines
from shop.selectors.setbacks import sent_in_part

Pool = tuple[int, int, str]  # cooperative, form, grade

_LINES = "order__lines__product__listing"
_WITH_LINES = (f"{_LINES}__form__crop", f"{_LINES}__variety", f"{_LINES}__grade")


def orders_of_operator(*, user: User, on: date) -> QuerySet[Purchase]:
    """Orders of the person's shops, the earliest promise first."""
    mine = Purchase.objects.filter(shop__in=operated_shops(user=user, on=on))
    mine = mine.select_related("order", "shop__station", "station", "packing")
    return mine.order_by("promised_to_on", "placed_at", "pk")


def orders_to_pack(*, user: User, on: date) -> QuerySet[Purchase]:
    """Placed orders of the person's shops, with their lines."""
    placed = orders_of_operator(user=user, on=on).filter(state=PurchaseState.PLACED)
    return placed.prefetch_related(*_WITH_LINES)


def orders_on_the_way(*, user: User, on: date) -> QuerySet[Purchase]:
    """Packed and sent orders of the person's shops, with the lots in them."""
    lines = PackLine.objects.select_related(
        "listing__product",
        "listing__form",
        "listing__variety",
        "listing__grade",
        "lot",
        "place__station",
        "place__hub",
    )
    under_way = Q(state=PurchaseState.PACKED) | Q(
        state=PurchaseState.SENT, fulfilment=FulfilmentKind.DELIVERY
    )
    found = orders_of_operator(user=user, on=on).filter(under_way)
    return found.prefetch_related(Prefetch("packing__lines", queryset=lines))


def orders_waiting(*, stations: QuerySet[Station]) -> QuerySet[Purchase]:
    """Orders sent to the stations and not fetched yet, the longest waiting first."""
    sent = Purchase.objects.filter(station__in=stations, state=PurchaseState.SENT)
    collected = sent.filter(fulfilment=FulfilmentKind.COLLECT)
    related = ("order", "shop", "station")
    return collected.select_related(*related).order_by("promised_to_on", "placed_at", "pk")


def orders_to_hand_over(*, user: User, on: date) -> QuerySet[Purchase]:
    """Orders this person may hand over: collected at a kept station, or sent by an own shop."""
    at_station = Q(fulfilment=FulfilmentKind.COLLECT, station__in=kept_stations(user=user, on=on))
    by_post = Q(fulfilment=FulfilmentKind.DELIVERY, shop__in=operated_shops(user=user, on=on))
    found = Purchase.objects.filter(at_station | by_post)
    return found.select_related("order", "shop", "station", "collection")


@dataclass(frozen=True)
class Pick:
    """Grams to take from one lot at one place for one listing of an order."""

    listing: Listing
    title: str
    balance: LotBalance
    weight_g: int


@dataclass(frozen=True)
class PickPlan:
    """What an order is packed from, earliest expiry first, and what is missing."""

    purchase: Purchase
    picks: list[Pick]
    short: list[GramsShort]
    part_g: int | None = None  # what is sent where the harvest was short; None for all

    @property
    def packs(self) -> int:
        """Packs in the order."""
        return sum(line.quantity for line in standing_lines(self.purchase))


def pool_of(listing: Listing, cooperative_id: int) -> Pool:
    """The pool a listing is packed from."""
    grade = listing.grade.name_zh if listing.grade else ""
    return cooperative_id, listing.form_id, grade


def pick_plans(
    purchases: Iterable[Purchase], *, on: date, balances: Iterable[LotBalance] | None = None
) -> list[PickPlan]:
    """For each order the picks if it were packed next. The orders come with their lines.

    Three queries however many orders: all their pools are read at once, and of which orders only a
    part is sent after a short harvest.
    """
    orders = list(purchases)
    rows = balances if balances is not None else balances_behind(orders, on=on)
    by_pool: dict[Pool, list[LotBalance]] = defaultdict(list)
    for row in rows:
        by_pool[row.lot.cooperative_id, row.lot.form_id, row.lot.grade].append(row)
    part_g = sent_in_part(orders)
    return [_plan(order, by_pool, part_g.get(order.pk)) for order in orders]


def balances_behind(orders: list[Purchase], *, on: date) -> QuerySet[LotBalance]:
    """Usable stock of the pools behind some orders, in the order it is to be used (FEFO)."""
    wanted = Q(pk__in=[])
    for pool in sorted({pool for order in orders for _line, pool in _lines(order)}):
        wanted |= Q(lot__cooperative=pool[0], lot__form=pool[1], lot__grade=pool[2])
    rows = LotBalance.objects.filter(wanted, weight_g__gt=0)
    rows = rows.filter(lot__state="open", lot__expires_on__gt=on)
    rows = rows.select_related("lot", "place__station", "place__hub")
    return rows.order_by("lot__expires_on", "lot__harvested_on", "lot__code", "place__code")


def _lines(order: Purchase) -> list[tuple[Any, Pool]]:
    cooperative_id = order.shop.cooperative_id
    lines = standing_lines(order)
    return [(line, pool_of(line.product.listing, cooperative_id)) for line in lines]


def _plan(order: Purchase, by_pool: dict[Pool, list[LotBalance]], part_g: int | None) -> PickPlan:
    used: dict[int, int] = defaultdict(int)
    picks: list[Pick] = []
    short: list[GramsShort] = []
    for line, pool in _lines(order):
        listing = line.product.listing
        need_g = line.quantity * listing.pack_weight_g if part_g is None else part_g
        left_g = need_g
        for row in by_pool[pool]:
            take_g = min(left_g, row.weight_g - used[row.pk])
            if take_g > 0:
                used[row.pk] += take_g
                left_g -= take_g
                picks.append(Pick(listing, listing.title, row, take_g))
        if left_g:
            short.append(GramsShort(listing.title, need_g, need_g - left_g))
    return PickPlan(order, picks, short, part_g)
