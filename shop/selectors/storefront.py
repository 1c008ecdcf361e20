"""What the shelf shows: tiles of listings and their filters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.charts import YearWindow, year_window
from core.days import day_words
from growers.models import Region, RegionLevel
from shop.models import Listing, ListingState, SeasonState
from shop.shelf_rules import SOLD_IN, SOLD_OUT


@dataclass(frozen=True)
class Tile:
    """A listing as a tile shows it."""

    listing: Listing
    windows: Sequence[YearWindow]
    sold: bool
    tell: str  # said instead of a price when it is not the season
    place: str
    image: str = ""  # a photograph's address

    @property
    def note(self) -> str:
        return f"{self.place}·{self.listing.shop.name}"


@dataclass(frozen=True)
class Choice:
    """One way to filter."""

    value: str
    label: str


def published_listings() -> QuerySet[Listing]:
    """Everything on the shelf: in season first, then the newest; what is sold out comes last."""
    found = Listing.objects.filter(state=ListingState.PUBLISHED, search_row__isnull=False)
    found = found.select_related("product", "shop", "form__crop", "variety", "grade", "origin")
    found = found.prefetch_related("product__stockrecords", "pictures")
    return found.order_by("search_row__rank", "-search_row__published_at", "-pk")


def ripe_listings() -> QuerySet[Listing]:
    """What can be had now: in season and in stock, the newest first."""
    return published_listings().filter(search_row__rank__lt=len(SOLD_IN))


def county_names() -> dict[str, str]:
    """The name of every county by its code, in the reader's language."""
    return {one.code: one.name for one in Region.objects.filter(level=RegionLevel.COUNTY)}


def tiles(listings: Iterable[Listing], *, on: date, counties: Mapping[str, str]) -> list[Tile]:
    """Tiles of listings that came with product, form, shop, origin and shelf row or stock."""
    return [_tile(listing, on=on, counties=counties) for listing in listings]


def _tile(listing: Listing, *, on: date, counties: Mapping[str, str]) -> Tile:
    in_season = listing.season_state in SOLD_IN
    return Tile(
        listing=listing,
        windows=season_windows(listing, on=on),
        sold=in_season and _is_gone(listing),
        tell="" if in_season else _tell(listing, on=on),
        place=counties.get(listing.origin.county_code, listing.origin.name),
        image=_photograph(listing),
    )


def _is_gone(listing: Listing) -> bool:
    """Sold out, by the shelf's row where it was loaded, else by the stock record."""
    row = listing._state.fields_cache.get("search_row")
    return row.rank >= SOLD_OUT if row else free_of(listing) <= 0


def _photograph(listing: Listing) -> str:
    """The first photograph's address, where photographs were loaded with the listing."""
    loaded = getattr(listing, "_prefetched_objects_cache", {}).get("pictures")
    return str(loaded[0].small.url) if loaded else ""


def _tell(listing: Listing, *, on: date) -> str:
    if listing.season_state == SeasonState.PRESALE:
        return _("正在预售，先约好")
    start = listing.season_start_on
    if start is None or start < on:
        return _("等下一茬")
    return _("%(day)s前后开") % {"day": near_day(start, on=on)}


def free_of(listing: Listing) -> int:
    """Free packs of a listing whose stock record is loaded."""
    records = listing.product.stockrecords.all()
    return records[0].net_stock_level if records else 0


def season_windows(listing: Listing, *, on: date) -> list[YearWindow]:
    """The listing's window in the year; none when its dates are not known."""
    days = (listing.season_start_on, listing.season_peak_on, listing.season_end_on)
    start, peak, end = days
    if start is None or peak is None or end is None:
        return []
    return [year_window(start, peak, end, on=on)]


def near_day(day: date, *, on: date) -> str:
    """A day as people say it: next year's with the year's word before it."""
    text = day_words(day)
    return _("明年%(day)s") % {"day": text} if day.year == on.year + 1 else text
