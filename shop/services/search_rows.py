"""Keeping shelf and search equal to what listings, proofs and stock say.

``refresh_search`` writes the rows of some listings and moves the counts of the cells they leave
and enter; ``note_stock`` moves a listing to the end of the line when it is sold out, and back;
``rebuild_search`` makes everything anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from core.units import fen
from growers.models import Region
from growers.models.region import ancestor_codes
from harvest_calendar.models import GeoMark
from shop.models import Listing, ListingProof, ListingSearch, ListingState, ShelfCell
from shop.models.listing import UNIT_PRICE_GRAMS
from shop.models.search import COUNTY_DIGITS
from shop.search.pairs import stored
from shop.search.sounds import spelled
from shop.shelf_rules import SOLD_IN, SOLD_OUT, band_of, proof_bits, shelf_rank

ROWS_AT_ONCE = 2000
CELLS_AT_ONCE = 100  # named one by one in a condition
CELL = ("crop_id", "county", "season", "proofs", "is_gi", "band")
_PLACE_ENDS = "省市区县乡镇村"
_FACTS = (
    "pk",
    "code",
    "product_id",
    "product__title",
    "form__crop_id",
    "form__name_zh",
    "variety__name_zh",
    "shop__name_zh",
    "origin_id",
    "price",
    "pack_weight_g",
    "season_state",
    "published_at",
    "description",
)
_COLUMNS = [f.attname for f in ListingSearch._meta.concrete_fields if not f.primary_key]
Row = dict[str, Any]
Cells = Counter[tuple[Any, ...]]


def refresh_search(*, listing_ids: Iterable[int], on: date) -> None:
    """Write the rows of some listings anew; one that is not published has none."""
    ids = sorted(listing_ids)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        _refresh_some(ids[start : start + ROWS_AT_ONCE], on=on)


@transaction.atomic
def _refresh_some(ids: list[int], *, on: date) -> None:
    list(Listing.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    known = {row.pk: row for row in ListingSearch.objects.filter(pk__in=ids)}
    made = {row.pk: row for row in _rows_of(Listing.objects.filter(pk__in=ids), on=on)}
    changed = [row for pk, row in made.items() if pk not in known or _differ(row, known[pk])]
    gone = [row for pk, row in known.items() if pk not in made]
    ListingSearch.objects.filter(pk__in=[row.pk for row in gone]).delete()
    _write(changed)
    moved: Cells = Counter(_cell(row) for row in changed)
    moved.subtract(_cell(known[row.pk]) for row in changed if row.pk in known)
    moved.subtract(_cell(row) for row in gone)
    _move_cells(moved)


def _cell(row: ListingSearch) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in CELL)


def _differ(one: ListingSearch, other: ListingSearch) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in _COLUMNS)


def _write(rows: list[ListingSearch]) -> None:
    ListingSearch.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=[name.removesuffix("_id") for name in _COLUMNS],
    )


def refresh_all(*, on: date) -> None:
    """Follow what nobody tells: proofs that ran out, places and shops renamed, rows never made."""
    pks = Listing.objects.filter(state=ListingState.PUBLISHED).values_list("pk", flat=True)
    stale = ListingSearch.objects.exclude(listing__state=ListingState.PUBLISHED)
    refresh_search(listing_ids={*pks, *stale.values_list("pk", flat=True)}, on=on)


def _move_cells(changes: Cells) -> None:
    """Add to the cells' counts, locked in one fixed order: two writers never wait in a ring."""
    moved = {key: change for key, change in changes.items() if change}
    named = [dict(zip(CELL, key, strict=True)) for key in sorted(moved)]
    empty = [ShelfCell(**one, listings=0) for one in named]
    ShelfCell.objects.bulk_create(empty, ignore_conflicts=True, batch_size=500)
    ids: list[int] = []
    for start in range(0, len(named), CELLS_AT_ONCE):
        wanted = reduce(or_, (Q(**one) for one in named[start : start + CELLS_AT_ONCE]))
        ids += ShelfCell.objects.filter(wanted).values_list("pk", flat=True)
    cells = list(ShelfCell.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for cell in cells:
        cell.listings += moved[tuple(getattr(cell, name) for name in CELL)]
    ShelfCell.objects.bulk_update(cells, ["listings"], batch_size=500)


@transaction.atomic
def rebuild_search(*, on: date) -> int:
    """Make all rows and counts anew; return how many listings are shown."""
    _keep_writers_out()
    ListingSearch.objects.all().delete()
    count, last = 0, 0
    while ids := list(
        Listing.objects.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:ROWS_AT_ONCE]
    ):
        made = _rows_of(Listing.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]), on=on)
        ListingSearch.objects.bulk_create(made, batch_size=500)
        count, last = count + len(made), ids[-1]
    _count_cells()
    return count


def _keep_writers_out() -> None:
    """Until this transaction ends; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {ListingSearch._meta.db_table} IN EXCLUSIVE MODE")


def _count_cells() -> None:
    ShelfCell.objects.all().delete()
    rows = ListingSearch.objects.order_by().values(*CELL).annotate(listings=Count("pk"))
    ShelfCell.objects.bulk_create([ShelfCell(**row) for row in rows], batch_size=500)


@transaction.atomic(savepoint=False)
def note_stock(*, product_ids: Iterable[int]) -> None:
    """Put what has just sold out at the end of the line, and what is there again in its place."""
    rows = ListingSearch.objects.filter(listing__product__in=list(product_ids))
    stocked = _stocked().values("product_id")
    sold = rows.filter(rank__lt=SOLD_OUT, season__in=SOLD_IN)
    sold.exclude(listing__product__in=stocked).update(rank=F("rank") + SOLD_OUT)
    back = rows.filter(rank__gte=SOLD_OUT, listing__product__in=stocked)
    back.update(rank=F("rank") - SOLD_OUT)


def _stocked() -> QuerySet[Any]:
    free = Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0)
    records: QuerySet[Any] = get_model("partner", "StockRecord").objects.annotate(free=free)
    return records.filter(free__gt=0)


def _rows_of(listings: QuerySet[Listing], *, on: date) -> list[ListingSearch]:
    shown = list(listings.filter(state=ListingState.PUBLISHED).order_by("pk").values(*_FACTS))
    proofs = _proofs_of([row["pk"] for row in shown], on=on)
    products = [row["product_id"] for row in shown]
    stocked = set(_stocked().filter(product__in=products).values_list("product_id", flat=True))
    places = _places_of({row["origin_id"] for row in shown})
    marks = {(crop, county) for crop, county in GeoMark.objects.values_list("crop_id", "county_id")}
    return [
        _row(
            row,
            texts=list(_texts(row, places[row["origin_id"]])),
            proofs=proof_bits(proofs[row["pk"]]),
            has_stock=row["product_id"] in stocked,
            is_gi=(row["form__crop_id"], _county_code(row["origin_id"])) in marks,
        )
        for row in shown
    ]


def _row(row: Row, *, texts: list[str], proofs: int, has_stock: bool, is_gi: bool) -> ListingSearch:
    unit_price = fen(row["price"] * UNIT_PRICE_GRAMS / row["pack_weight_g"])
    words, pairs = stored(texts)
    return ListingSearch(
        listing_id=row["pk"],
        crop_id=row["form__crop_id"],
        county=row["origin_id"][:COUNTY_DIGITS],
        season=row["season_state"],
        proofs=proofs,
        is_gi=is_gi,
        band=band_of(unit_price),
        rank=shelf_rank(row["season_state"], has_stock=has_stock),
        fen_per_500g=unit_price,
        published_at=row["published_at"],
        words=words,
        pairs=pairs,
    )


def _texts(row: Row, places: list[str]) -> Iterator[str]:
    """Everything a buyer may type to find a listing, but what the crop is called otherwise."""
    yield row["product__title"]
    yield row["form__name_zh"]
    yield row["variety__name_zh"] or ""
    yield from places
    yield row["shop__name_zh"]
    yield row["code"]
    yield row["description"]


def _proofs_of(ids: list[int], *, on: date) -> dict[int, list[str]]:
    """Kinds of the proofs that hold on a day."""
    found: dict[int, list[str]] = defaultdict(list)
    holds = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rows = ListingProof.objects.filter(holds, listing__in=ids, issued_on__lte=on)
    for pk, kind in rows.order_by().values_list("listing_id", "kind"):
        found[pk].append(kind)
    return found


def _places_of(origins: set[str]) -> dict[str, list[str]]:
    """Names around each origin, and how they are spelled, whole and without 县, 乡 or 村."""
    codes = {code for origin in origins for code in ancestor_codes(origin)}
    names = dict(Region.objects.filter(pk__in=codes).values_list("pk", "name_zh"))
    found = {}
    for origin in origins:
        chinese = [names[code] for code in ancestor_codes(origin) if code in names]
        bare = [name.rstrip(_PLACE_ENDS) or name for name in chinese]
        found[origin] = [*chinese, *map(spelled, chinese), *map(spelled, bare)]
    return found


def _county_code(origin: str) -> str:
    return origin[:COUNTY_DIGITS].ljust(len(origin), "0")
