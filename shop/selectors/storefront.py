"""What the storefront shows: tiles of listings, their filters, one listing's page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.charts import YearWindow, year_window
from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, CropCategory
from shop.availability import Availability, availability_of
from shop.models import (
    Campaign,
    CampaignState,
    Listing,
    ListingProof,
    ListingState,
    SeasonState,
)

SEASON_ORDER = [
    SeasonState.IN_SEASON,
    SeasonState.LAST_WEEKS,
    SeasonState.PRESALE,
    SeasonState.TEASER,
    SeasonState.DORMANT,
]
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Tile:
    """A listing as a tile shows it."""

    listing: Listing
    windows: Sequence[YearWindow]
    sold: bool
    tell: str  # said instead of a price when it is not the season
    place: str

    @property
    def note(self) -> str:
        return f"{self.place}·{self.listing.shop.name}"


@dataclass(frozen=True)
class Choice:
    """One way to filter the shelf."""

    value: str
    label: str


@dataclass(frozen=True)
class ShelfQuery:
    """What a person asked to see; an empty value means all."""

    category: str = ""
    county: str = ""
    season: str = ""
    crop: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.category or self.county or self.season or self.crop)


def published_listings() -> QuerySet[Listing]:
    """Everything on the shelf: in season first, then the newest; what is sold out comes last."""
    ranks = [When(season_state=state, then=Value(i)) for i, state in enumerate(SEASON_ORDER)]
    ripe = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    free = F("num_in_stock") - Coalesce(F("num_allocated"), Value(0))
    stocked = (
        get_model("partner", "StockRecord")
        .objects.annotate(free=free)
        .filter(product=OuterRef("product_id"), free__gt=0)
    )
    sold_out = Q(season_state__in=SEASON_ORDER[:2]) & ~Exists(stocked)
    found = Listing.objects.filter(state=ListingState.PUBLISHED).annotate(ripe=ripe)
    found = found.annotate(gone=Case(When(sold_out, then=Value(1)), default=Value(0)))
    found = found.select_related("product", "shop", "form__crop", "grade", "origin")
    found = found.prefetch_related("product__stockrecords")
    return found.order_by("gone", "ripe", "-published_at", "-pk")


def shelf(query: ShelfQuery) -> QuerySet[Listing]:
    """The listings that fit a query."""
    found = published_listings()
    if query.category:
        found = found.filter(form__crop__category=query.category)
    if query.county:
        found = found.filter(origin__code__startswith=query.county[:COUNTY_DIGITS])
    if query.season:
        found = found.filter(season_state=query.season)
    if query.crop:
        found = found.filter(form__crop__key=query.crop)
    return found


def categories_on_shelf() -> list[Choice]:
    """The categories that have a listing, in the order of the catalogue."""
    rows = Listing.objects.filter(state=ListingState.PUBLISHED).order_by()
    present = set(rows.values_list("form__crop__category", flat=True).distinct())
    return [Choice(one.value, str(one.label)) for one in CropCategory if one.value in present]


def counties_on_shelf() -> list[Choice]:
    """The counties that have a listing."""
    rows = Listing.objects.filter(state=ListingState.PUBLISHED).order_by()
    heads = rows.annotate(head=Substr("origin_id", 1, COUNTY_DIGITS)).values("head").distinct()
    names = county_names()
    codes = sorted(f"{row['head']}000000" for row in heads)
    return [Choice(code, names[code]) for code in codes if code in names]


def county_names() -> dict[str, str]:
    """The name of every county by its code."""
    counties = Region.objects.filter(level=RegionLevel.COUNTY)
    return dict(counties.values_list("code", "name_zh"))


def tiles(listings: Iterable[Listing], *, on: date, counties: Mapping[str, str]) -> list[Tile]:
    """Tiles of listings that came with product, stock record, form, shop and origin."""
    return [_tile(listing, on=on, counties=counties) for listing in listings]


def _tile(listing: Listing, *, on: date, counties: Mapping[str, str]) -> Tile:
    answer = availability_of(listing, free=free_of(listing))
    in_season = listing.season_state in {SeasonState.IN_SEASON, SeasonState.LAST_WEEKS}
    return Tile(
        listing=listing,
        windows=season_windows(listing, on=on),
        sold=in_season and not answer.can_buy,
        tell="" if in_season else _tell(listing, on=on),
        place=counties.get(listing.origin.county_code, listing.origin.name_zh),
    )


def _tell(listing: Listing, *, on: date) -> str:
    if listing.season_state == SeasonState.PRESALE:
        return _("正在预售，先约好")
    start = listing.season_start_on
    if start is None or start < on:
        return _("等下一茬")
    return _("%(day)s前后开") % {"day": _day(start, on=on)}


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


@dataclass(frozen=True)
class ListingPage:
    """All that one listing's page shows."""

    listing: Listing
    answer: Availability
    windows: Sequence[YearWindow]
    headline: str
    place: str
    storage: str
    returnable: bool
    proofs: Sequence[ListingProof]


def listing_page(listing: Listing, *, on: date) -> ListingPage:
    """The page of a listing that came from ``published_listings``."""
    crop = listing.form.crop
    return ListingPage(
        listing=listing,
        answer=availability_of(listing, free=free_of(listing)),
        windows=season_windows(listing, on=on),
        headline=season_headline(listing, on=on),
        place=_full_place(listing.origin),
        storage=storage_line(crop),
        returnable=not crop.perishable,
        proofs=list(listing.proofs.all()),
    )


def live_campaign_of(listing: Listing) -> Campaign | None:
    """The campaign that reserves this listing now, if any."""
    return listing.campaigns.filter(state=CampaignState.LIVE).first()


def _full_place(region: Region) -> str:
    """``武都区 云台乡 松坪村``: up to the county, not the city."""
    names: list[str] = []
    here: Region | None = region
    while here is not None and here.level != RegionLevel.CITY:
        names.insert(0, here.name_zh)
        here = here.parent
    return " ".join(names)


def season_headline(listing: Listing, *, on: date) -> str:
    """The finding above the season strip."""
    start, end = listing.season_start_on, listing.season_end_on
    if start is None or end is None:
        return _("还没有往年的采收记录")
    if start <= on <= end:
        return _("这一茬采到%(day)s") % {"day": _day(end, on=on)}
    if on < start:
        return _("%(day)s前后开采") % {"day": _day(start, on=on)}
    return _("这一茬%(day)s采完了") % {"day": _day(end, on=on)}


def season_note(listing: Listing, *, on: date) -> str:
    """One sentence under the headline."""
    start, end = listing.season_start_on, listing.season_end_on
    if start is None or end is None:
        return _("日子定了就画在这里。")
    if start <= on <= end:
        return _("还剩 %(days)d 天，再往后要等下一季。") % {"days": (end - on).days + 1}
    if on < start:
        return _("还有 %(days)d 天。日子跟着天气走，挪了会写明原因。") % {
            "days": (start - on) // timedelta(days=1)
        }
    if listing.season_state == SeasonState.DORMANT:
        return _("等下一茬，日子定了就画在这里。")
    return _("现在卖的是采收后存下的，卖完要等下一季。")


def _day(day: date, *, on: date) -> str:
    text = _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}
    return _("明年%(day)s") % {"day": text} if day.year == on.year + 1 else text


def storage_line(crop: Crop) -> str:
    """How to keep it and for how long: ``0—4℃，约 5 天``."""
    parts = []
    low, high = crop.store_temp_min_c, crop.store_temp_max_c
    if low is not None and high is not None:
        parts.append(_("%(low)g—%(high)g℃ 存放") % {"low": low, "high": high})
    if crop.shelf_life_days:
        parts.append(_shelf_life(crop.shelf_life_days))
    return _("，").join(parts)


def _shelf_life(days: int) -> str:
    if days >= 60:
        return _("约 %(months)d 个月") % {"months": round(days / 30)}
    return _("约 %(days)d 天") % {"days": days}
