"""Packs on hand and packs promised, moved only by conditional updates.

``num_in_stock`` is packs on hand, ``num_allocated`` packs promised to orders. Campaign orders are
promised before their lots arrive, so free stock may be negative; shop orders never make it so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from shop.contact import Wanted
from shop.errors import NotEnoughStock, Shortage
from shop.models import Listing
from shop.services.search_rows import note_stock

_ON_HAND = Coalesce(F("num_in_stock"), 0)
_PROMISED = Coalesce(F("num_allocated"), 0)


def _records() -> Any:
    return get_model("partner", "StockRecord").objects


@transaction.atomic
def set_stock(*, listing: Listing, packs: int, at: datetime) -> None:
    """Say how many packs of a listing are on hand.

    Raises
    ------
    BadInput
        When the number is negative.
    """
    if packs < 0:
        raise BadInput(_("库存不能小于零。"), field="packs")
    _records().filter(product_id=listing.product_id).update(num_in_stock=packs, date_updated=at)
    note_stock(product_ids=[listing.product_id])


def stock_records(listings: Sequence[Listing], *, lock: bool = False) -> dict[int, Any]:
    """The stock record of each listing, by listing id; locked in the order of their keys."""
    products = {listing.product_id: listing.pk for listing in listings}
    found = _records().filter(product_id__in=products).select_related("partner").order_by("pk")
    if lock:
        found = found.select_for_update(of=("self",))
    return {products[record.product_id]: record for record in found}


def take_free(wanted: Sequence[Wanted], records: Mapping[int, Any]) -> None:
    """Promise packs to shop orders, only out of free stock; all or nothing.

    Every record is moved by one conditional UPDATE in the order of its key, so that two
    checkouts never wait for each other in a circle. Runs inside the caller's transaction.

    Raises
    ------
    NotEnoughStock
        Naming every listing with too few free packs.
    """
    short = []
    for want in sorted(wanted, key=lambda want: records[want.listing.pk].pk):
        record = records[want.listing.pk]
        free = _records().filter(pk=record.pk).annotate(free=_ON_HAND - _PROMISED)
        if not free.filter(free__gte=want.packs).update(num_allocated=_PROMISED + want.packs):
            short.append(_shortage(want, free.values_list("free", flat=True).get()))
    if short:
        raise NotEnoughStock(short)
    note_stock(product_ids=[want.listing.product_id for want in wanted])


def _shortage(want: Wanted, free: int) -> Shortage:
    listing = want.listing
    return Shortage(
        listing_code=listing.code,
        title=listing.title,
        wanted=want.packs,
        left=max(free, 0),
    )


def promise_ahead(record: Any, packs: int) -> None:
    """Promise packs to a campaign's order before its lots are there."""
    _records().filter(pk=record.pk).update(num_allocated=_PROMISED + packs)
    note_stock(product_ids=[record.product_id])


def give_back(lines: Sequence[Any]) -> None:
    """Free the packs that a cancelled order's lines held."""
    for line in sorted(lines, key=lambda line: line.stockrecord_id):
        held = _records().filter(pk=line.stockrecord_id, num_allocated__gte=line.num_allocated)
        if not held.update(num_allocated=_PROMISED - line.num_allocated):
            raise NotAllowed(_("“%s”的占用数对不上，没有改动。") % line.title)
    note_stock(product_ids=[line.product_id for line in lines])


def consume(lines: Sequence[Any]) -> None:
    """Packs leave the shelf as an order is packed.

    Raises
    ------
    NotEnoughStock
        When fewer packs are on hand than the lines need.
    """
    short = []
    for line in sorted(lines, key=lambda line: line.stockrecord_id):
        packs = line.num_allocated
        here = _records().filter(pk=line.stockrecord_id)
        taken = here.filter(num_in_stock__gte=packs, num_allocated__gte=packs).update(
            num_in_stock=_ON_HAND - packs, num_allocated=_PROMISED - packs
        )
        if not taken:
            left = here.values_list("num_in_stock", flat=True).get() or 0
            short.append(Shortage(line.partner_sku, line.title, packs, left))
    if short:
        raise NotEnoughStock(short)
