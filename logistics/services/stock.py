"""What the ledger tells the shop: how many packs of each listing are on hand."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from core.clock import day_of
from logistics.models import Lot
from logistics.selectors.stock import Held, packs_on_hand, pools, usable_balances
from shop.models import Listing, ListingState
from shop.services.stock import set_stock, stock_records

Pool = tuple[int, int, str]  # cooperative, form, grade


@transaction.atomic
def refresh_listing_stock(*, lot: Lot, at: datetime) -> None:
    """Set the packs on hand of every listing that sells from a lot's pool."""
    refresh_pool(pool=(lot.cooperative_id, lot.form_id, lot.grade), at=at)


@transaction.atomic
def refresh_pool(*, pool: Pool, at: datetime) -> None:
    """Set the packs on hand of the listings that sell from one pool.

    A pool is the usable stock of one cooperative, form and grade, at whatever place it lies: the
    cooperative owns it, so any of its shops may sell it. ``packs_on_hand`` says how listings
    share it without a gram counting twice.
    """
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
    records = stock_records(listings)
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
