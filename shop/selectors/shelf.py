"""The shelf: which listings a person sees, in what order, and how many each filter would leave.

Counting never looks at listings. ``ShelfCell`` says how many stand together in everything one can
filter by; a few hundred cells give the total and every filter's figure. Only words that are in the
text of listings are grouped from the rows they find.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, Value, When

from harvest_calendar.models import Crop
from shop.models import Listing, ListingSearch, ListingState, ShelfCell
from shop.models.search import COUNTY_DIGITS, LATEST
from shop.search.find import holding
from shop.search.reading import WHOLE, Reading, guessed, without_words
from shop.search.vocabulary import Vocabulary
from shop.shelf_rules import PROOF_BITS, masks_with, shelf_rank

GI = "gi"
BY_SEASON, BY_PRICE, BY_AGE = "", "price", "new"
ORDERS = {
    BY_SEASON: ["rank", *LATEST],
    BY_PRICE: ["fen_per_500g", *LATEST],
    BY_AGE: LATEST,
}
REGION_DIGITS = 12
PLACE = ("pk", "crop", "rank")
MOST_HEADS = 5  # crops that share a name and each have one listing in the first row

# A tile shows no more; whole rows of eight tables take twice the time to read.
ON_A_TILE = [
    *("code", "price", "pack_weight_g", "season_state", "search_row__rank"),
    *("season_start_on", "season_peak_on", "season_end_on", "product__title"),
    *("form__name_zh", "form__name_en", "form__crop__key", "form__crop__name_zh"),
    *("variety__name_zh", "variety__name_en", "grade__name_zh", "shop__name_zh", "shop__name_en"),
    *("origin__level", "origin__name_zh", "origin__name_en"),
]


class Cell(NamedTuple):
    """How many listings share all this."""

    crop_id: int
    county: str
    season: str
    proofs: int
    is_gi: bool
    band: int
    listings: int


@dataclass(frozen=True)
class ShelfQuery:
    """What a person asked to see; an empty value means all."""

    category: str = ""
    county: str = ""  # a region's code
    season: str = ""
    proof: str = ""  # a kind, or "gi" for a protected origin
    price: str = ""  # a band's number
    crop: str = ""  # a crop's key
    sort: str = BY_SEASON

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name."""
        return {name: value for name in FILTERS if (value := getattr(self, name))}

    @property
    def is_empty(self) -> bool:
        """Nothing is filtered."""
        return not self.filters and not self.crop


@cache
def region_code(digits: str) -> str:
    """The code of the county whose leading digits these are."""
    return digits.ljust(REGION_DIGITS, "0")


@cache
def _proofs(mask: int, is_gi: bool) -> tuple[str, ...]:  # as a cell holds it
    kinds = tuple(kind for kind, bit in PROOF_BITS.items() if mask & bit)
    return (GI, *kinds) if is_gi else kinds


# What a cell answers to each filter, in the order they are shown.
FILTERS: dict[str, Callable[[Cell, Vocabulary], Sequence[str]]] = {
    "category": lambda cell, known: (known.category_of(cell.crop_id),),
    "county": lambda cell, _known: (region_code(cell.county),),
    "season": lambda cell, _known: (cell.season,),
    "price": lambda cell, _known: (str(cell.band),),
    "proof": lambda cell, _known: _proofs(cell.proofs, cell.is_gi),
}


@dataclass(frozen=True)
class Found:
    """What a question leads to: how it was read, its cells, and what the filters leave."""

    reading: Reading
    query: ShelfQuery
    crop_id: int | None  # of the asked crop
    cells: Sequence[Cell]  # all that the words lead to
    left: Sequence[Cell]  # what passes every filter
    counts: Mapping[str, Mapping[str, int]]  # by filter and answer, every other filter as it is
    left_out: tuple[str, ...] = ()  # words that no listing holds

    @property
    def total(self) -> int:
        """How many listings there are to see."""
        return sum(cell.listings for cell in self.left)


def found_by(reading: Reading, query: ShelfQuery, known: Vocabulary) -> Found:
    """What was asked for; words that no listing holds are taken for names like them, or left out.

    A crop that is not on the shelf stays what was asked for: nothing else is shown in its place.
    """
    crop_id = _crop_id(query.crop, known)
    found = _found(reading, query, crop_id, known)
    if found.cells or not reading.words:
        return found
    other = guessed(reading, known, held=_held(reading.words))
    if other is not None:
        found = _found(other, query, crop_id, known)
    if not found.cells and (reading.crops is not None or reading.counties):
        less = _found(without_words(reading), query, crop_id, known)
        return replace(less, left_out=reading.words)
    return found


def _held(wanted: Sequence[str]) -> frozenset[str]:
    """The words that some listing holds, asked in one query."""
    there = [Exists(ListingSearch.objects.filter(holding(word))) for word in wanted]
    answers = Crop.objects.order_by("pk").values_list(*there).first() or ()
    return frozenset(word for word, answer in zip(wanted, answers, strict=False) if answer)


def _crop_id(key: str, known: Vocabulary) -> int | None:
    """The crop of a key; one that is not known is none of the listings'."""
    if not key:
        return None
    return next((pk for pk, one in known.by_id.items() if one.crop.key == key), 0)


def _found(reading: Reading, query: ShelfQuery, crop_id: int | None, known: Vocabulary) -> Found:
    cells = (_cells_of_rows if reading.words else _cells)(reading, crop_id)
    left, counts = _sifted(cells, query.filters, known)
    return Found(reading, query, crop_id, cells, left, counts)


def _sifted(
    cells: Iterable[Cell], chosen: Mapping[str, str], known: Vocabulary
) -> tuple[list[Cell], dict[str, Counter[str]]]:
    """What passes all filters, and each filter's figures: a cell that fails one filter alone
    counts for that filter's other answers."""
    left: list[Cell] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    for cell in cells:
        failed = [name for name, want in chosen.items() if want not in FILTERS[name](cell, known)]
        if len(failed) > 1:
            continue
        if not failed:
            left.append(cell)
        for name in failed or FILTERS:
            for answer in FILTERS[name](cell, known):
                counts[name][answer] += cell.listings
    return left, counts


def _cells(reading: Reading, crop_id: int | None) -> list[Cell]:
    rows = ShelfCell.objects.filter(listings__gt=0).order_by()
    cells = (Cell(*row) for row in rows.values_list(*Cell._fields))
    return [cell for cell in cells if _is_meant(cell, reading, crop_id)]


def _is_meant(cell: Cell, reading: Reading, crop_id: int | None) -> bool:
    return (
        (crop_id is None or cell.crop_id == crop_id)
        and (reading.crops is None or cell.crop_id in reading.crops)
        and (not reading.counties or cell.county in reading.counties)
    )


def _cells_of_rows(reading: Reading, crop_id: int | None) -> list[Cell]:
    rows = _rows_read(reading)
    if crop_id is not None:
        rows = rows.filter(crop=crop_id)
    facts = Cell._fields[:-1]
    counted = rows.order_by().values(*facts).annotate(n=Count("pk"))
    return [Cell(*row) for row in counted.values_list(*facts, "n")]


def _rows_read(reading: Reading) -> QuerySet[ListingSearch]:
    """Rows that hold the left-over words, of the crops and counties that were read."""
    rows = ListingSearch.objects.all()
    for word in reading.words:
        rows = rows.filter(holding(word))
    if reading.counties:
        rows = rows.filter(county__in=reading.counties)
    return rows if reading.crops is None else rows.filter(crop__in=list(reading.crops))


# Rows ---------------------------------------------------------------------------------------
class Place(NamedTuple):
    """A listing in line."""

    listing_id: int
    crop_id: int
    rank: int


def listings_between(found: Found, start: int, stop: int) -> list[Listing]:
    """The listings of a page, by their places in line."""
    if not found.left:
        return []
    rows = _rows(found)
    heads = _heads(found, rows)
    begin = start if start >= MOST_HEADS else 0
    end = stop if begin else max(stop, MOST_HEADS)
    line = list(heads)[begin:]
    if end > len(heads):
        rest = _in_order(found, rows.exclude(pk__in=[head.listing_id for head in heads]))
        places = rest.values_list(*PLACE)[max(begin - len(heads), 0) : end - len(heads)]
        line += [Place(*place) for place in places]
    line = _with_front(found, line) if heads and not begin else line
    return _listings([place.listing_id for place in line[start - begin : stop - begin]])


def _with_front(found: Found, line: list[Place]) -> list[Place]:
    """The first row by season too: a head that is out of season stands at the row's end."""
    fits = found.reading.crops or {}
    front, rest = line[:MOST_HEADS], line[MOST_HEADS:]
    return sorted(front, key=lambda place: (fits.get(place.crop_id) != WHOLE, place.rank)) + rest


def _rows(found: Found) -> QuerySet[ListingSearch]:
    rows, query = _rows_read(found.reading), found.query
    if query.sort == BY_SEASON:  # the index is read from the first season there is
        rows = rows.filter(rank__gte=min(map(_season_rank, found.left)))
    if query.category or found.crop_id is not None:
        rows = rows.filter(crop__in={cell.crop_id for cell in found.left})
    if query.county:
        rows = rows.filter(county=query.county[:COUNTY_DIGITS])
    if query.season:
        rows = rows.filter(season=query.season)
    if query.price:
        rows = rows.filter(band=query.price)
    if query.proof == GI:
        rows = rows.filter(is_gi=True)
    elif query.proof:
        rows = rows.filter(proofs__in=masks_with(query.proof))
    return rows


def _season_rank(cell: Cell) -> int:
    return shelf_rank(cell.season, has_stock=True)


def _in_order(found: Found, rows: QuerySet[ListingSearch]) -> QuerySet[ListingSearch]:
    """By season, price or age; by season, crops of just this name stand before the others."""
    order = ORDERS.get(found.query.sort, ORDERS[BY_SEASON])
    fits = found.reading.crops or {}
    whole = [pk for pk, fit in fits.items() if fit == min(fits.values())]
    if order is not ORDERS[BY_SEASON] or len(whole) == len(fits):
        return rows.order_by(*order)
    loose = Case(When(crop__in=whole, then=Value(0)), default=Value(1))
    return rows.annotate(loose=loose).order_by("loose", *order)


def _heads(found: Found, rows: QuerySet[ListingSearch]) -> list[Place]:
    """One listing of each crop that shares the name, so that none hides behind another's many."""
    crops = _crops_sharing(found)
    if len(crops) < 2:
        return []
    best = rows.filter(crop=OuterRef("pk")).order_by(*ORDERS[BY_SEASON])
    tops = Crop.objects.filter(pk__in=crops).annotate(
        top=Subquery(best.values("pk")[:1]), rank=Subquery(best.values("rank")[:1])
    )
    fits = found.reading.crops or {}
    lines = tops.order_by().values_list("pk", "top", "rank")
    placed = sorted((fits[pk] != WHOLE, rank, fits[pk], top, pk) for pk, top, rank in lines if top)
    return [Place(top, pk, rank) for _loose, rank, _fit, top, pk in placed]


def _crops_sharing(found: Found) -> list[int]:
    if found.query.sort != BY_SEASON or not found.reading.crops:
        return []
    here = {cell.crop_id for cell in found.left}
    return [pk for pk in found.reading.best_crops if pk in here][:MOST_HEADS]


def _listings(ids: Sequence[int]) -> list[Listing]:
    rows = Listing.objects.filter(pk__in=list(ids), state=ListingState.PUBLISHED)
    rows = rows.select_related(
        "product", "shop", "form__crop", "variety", "grade", "origin", "search_row"
    )
    rows = rows.only(*ON_A_TILE).order_by().prefetch_related("pictures")
    by_id = {listing.pk: listing for listing in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def shown_crops(cells: Iterable[Cell]) -> dict[int, int]:
    """How many listings each crop has among cells."""
    counts: dict[int, int] = {}
    for cell in cells:
        counts[cell.crop_id] = counts.get(cell.crop_id, 0) + cell.listings
    return counts


def all_cells() -> list[Cell]:
    """The whole shelf, counted."""
    return _cells(Reading(), None)
