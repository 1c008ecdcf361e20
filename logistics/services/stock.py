"""What the ledger tells the shop: how many packs of each listing are on hand."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum

from core.clock import day_of
from logistics.models import Lot
from logistics.selectors.stock import Held, packs_on_hand, pools, usable_balances
from shop.models import Listing, ListingState
from shop.services.stock import set_stock, stock_records

Pool = tuple[int, int, str]  # cooperative, form, grade


@transaction.atomic
def refresh_listing_stock(*, lots: Iterable[Lot], at: datetime) -> None:
    """Set the packs on hand of every listing that sells from the lots' pools.

    A pool is the usable stock of one cooperative, form and grade, at whatever place it lies: the
    cooperative owns it, so any of its shops may sell it. ``packs_on_hand`` says how listings
    share it without a gram counting twice.
    """
    pools = {(lot.cooperative_id, lot.form_id, lot.grade) for lot in lots}
    lock_pools(pools)
    for pool in sorted(pools):
        _refresh(pool, at=at)


def lock_pools(pools: Iterable[Pool]) -> None:
    """Let nobody else count these pools until our transaction ends, whatever they change.

    Take it before the shop's stock records, in one query by key: everybody locks in one order.
    """
    wanted = Q(pk__in=[])
    for cooperative_id, form_id, _grade in pools:
        wanted |= Q(shop__cooperative_id=cooperative_id, form_id=form_id)
    locked = Listing.objects.select_for_update(of=("self",), no_key=True)
    list(locked.filter(wanted).order_by("pk").values_list("pk", flat=True))


def _refresh(pool: Pool, *, at: datetime) -> None:
    cooperative_id, form_id, grade = pool
    listings = _listings(cooperative_id, form_id, grade)
    if not listings:
        return
    rows = usable_balances(
        cooperative_id=cooperative_id, form_id=form_id, grade=grade, on=day_of(at)
    )
    by_shop = dict(rows.order_by().values_list("lot__shop").annotate(Sum("weight_g")))
    held = _held(listings, by_shop)
    for listing, packs in zip(listings, packs_on_hand(sum(by_shop.values()), held), strict=True):
        set_stock(listing=listing, packs=packs, at=at)


def _listings(cooperative_id: int, form_id: int, grade: str) -> list[Listing]:
    found = Listing.objects.filter(shop__cooperative_id=cooperative_id, form_id=form_id)
    graded = found.filter(grade__name_zh=grade) if grade else found.filter(grade__isnull=True)
    return list(graded.exclude(state=ListingState.DRAFT).order_by("pk"))


def _held(listings: list[Listing], by_shop: dict[int, int]) -> list[Held]:
    on_sale = Counter(one.shop_id for one in listings if one.state == ListingState.PUBLISHED)
    records = stock_records(listings, lock=True)  # no checkout promises packs meanwhile
    promised = defaultdict(int, {pk: rec.num_allocated or 0 for pk, rec in records.items()})
    return [
        Held(
            pack_g=one.pack_weight_g,
            promised_packs=promised[one.pk],
            own_g=by_shop.get(one.shop_id, 0) // max(on_sale[one.shop_id], 1),
            on_sale=one.state == ListingState.PUBLISHED,
        )
        for one in listings
    ]


def refresh_all(at: datetime) -> int:
    """Daily: what expired overnight leaves the shelf. Returns how many pools were looked at."""
    found = list(pools())
    for pool in found:
        refresh_pool(pool=pool, at=at)
    return len(found)


@transaction.atomic
def refresh_pool(*, pool: Pool, at: datetime) -> None:
    """Set the packs on hand of the listings that sell from one pool."""
    lock_pools([pool])
    _refresh(pool, at=at)


def refresh_around(*, listing: Listing, at: datetime) -> None:
    """A listing that comes or goes changes what it and its neighbours of one pool can sell.

    Where nothing was ever weighed in there is no pool, and the listing's count stays as it is.
    """
    grade = listing.grade.name_zh if listing.grade else ""
    cooperative = listing.shop.cooperative_id
    lots = Lot.objects.filter(cooperative=cooperative, form=listing.form_id, grade=grade)
    if lots.exists():
        refresh_pool(pool=(cooperative, listing.form_id, grade), at=at)
