"""Everything the page of one listing shows, in a number of queries that never grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.charts import YearWindow
from core.charts.bars import SplitPart
from growers.models import Region
from harvest_calendar.models import Crop, CropUse, Grade
from shop.availability import Availability, availability_of
from shop.models import CampaignState, Listing, ListingPicture, ListingState, SeasonState
from shop.proofs import Proofs, proofs_of
from shop.selectors.origins import Origin, origin_of
from shop.selectors.price_split import price_split
from shop.selectors.season_words import season_headline, season_note, storage_line
from shop.selectors.shops import ShopCard, binding_kind, on_shelf, shop_card
from shop.selectors.storefront import Tile, near_day, season_windows
from shop.selectors.workspace import FREE_PACKS

RELATED = 4
FAR = timedelta(days=60)
LOOKED_THROUGH = 24  # rows in which as many different crops are looked for
NOW = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]
WAITING = [SeasonState.TEASER, SeasonState.DORMANT]
# A listing taken off the shelf keeps its page, so that no old link leads nowhere.
KEPT = [ListingState.PUBLISHED, ListingState.WITHDRAWN]


@dataclass(frozen=True)
class LiveCampaign:
    """The pre-sale that reserves a listing now."""

    code: str
    price: Decimal
    deadline_at: datetime
    promised_from_on: date
    promised_to_on: date


@dataclass(frozen=True)
class GradeShown:
    """A grade in plain words; ``note`` is empty where nobody has said what it means."""

    name: str
    note: str
    standard: str
    is_this: bool


@dataclass(frozen=True)
class ListingPage:
    """All that one listing's page shows."""

    listing: Listing
    crop: Crop
    answer: Availability
    reason: str  # why it cannot be bought now; empty when it can
    drawn_as: str  # the state of the crop's drawing: blossom, or as it is
    pictures: Sequence[ListingPicture]
    windows: Sequence[YearWindow]
    headline: str
    note: str
    origin: Origin
    storage: str
    use: CropUse | None
    grades: Sequence[GradeShown]
    returnable: bool
    proofs: Proofs
    split: Sequence[SplitPart]
    shop: ShopCard
    campaign: LiveCampaign | None
    related: Sequence[Tile]

    @property
    def place(self) -> str:
        """County, township and village."""
        return self.origin.place

    @property
    def standard(self) -> str:
        """The standard behind the grade, where known."""
        return next((grade.standard for grade in self.grades if grade.is_this), "")


def shown_listings(*, on: date) -> QuerySet[Listing, Any]:
    """Listings with all that ``listing_page`` reads: those on the shelf and those taken off it."""
    campaign = {f"live_{name}": F(f"live__{name}") for name in LiveCampaign.__dataclass_fields__}
    live = FilteredRelation("campaigns", condition=Q(campaigns__state=CampaignState.LIVE))
    rows = Listing.objects.filter(state__in=KEPT).select_related(
        "product",
        "form__crop__use",
        "form__raw_crop",
        "variety",
        "grade",
        "origin__parent__parent",
        "shop__village__parent__parent",
        "shop__station",
    )
    return (
        rows.annotate(live=live)
        .annotate(
            **campaign,
            free=FREE_PACKS,
            shop_shows=on_shelf(shop="shop"),
            shop_kind=binding_kind(shop="shop", on=on),
        )
        .prefetch_related("proofs", "pictures", "price_shares")
    )


def listing_page(listing: Any, *, on: date) -> ListingPage:
    """The page of a listing that came from ``shown_listings``."""
    crop = listing.form.crop
    answer = availability_of(listing, free=listing.free)
    return ListingPage(
        listing=listing,
        crop=crop,
        answer=answer,
        reason=_reason(listing, answer, on=on),
        drawn_as=_drawn_as(listing, on=on),
        pictures=list(listing.pictures.all()),
        windows=season_windows(listing, on=on),
        headline=season_headline(listing, on=on),
        note=season_note(listing, on=on),
        origin=origin_of(listing, on=on),
        storage=storage_line(crop),
        use=getattr(crop, "use", None),
        grades=_grades(listing),
        returnable=not crop.perishable,
        proofs=proofs_of(crop, listing.proofs.all(), on=on),
        split=price_split(listing),
        shop=shop_card(listing.shop, listings=listing.shop_shows, kind=listing.shop_kind),
        campaign=_live_campaign(listing),
        related=related_tiles(listing, on=on),
    )


def _reason(listing: Listing, answer: Availability, *, on: date) -> str:
    """The sentence of ``availability``, with the year where the season opens next year."""
    start = listing.season_start_on
    waits = listing.state == ListingState.PUBLISHED and listing.season_state in WAITING
    if waits and start is not None and start > on:
        return _("还没到采收期，%(day)s前后开。") % {"day": near_day(start, on=on)}
    return answer.reason


def _drawn_as(listing: Listing, *, on: date) -> str:
    """In blossom while its season is far off, else as it is sold."""
    start = listing.season_start_on
    far = start is None or start - on > FAR
    return "blossom" if listing.season_state == SeasonState.DORMANT and far else ""


def _live_campaign(listing: Any) -> LiveCampaign | None:
    if not listing.live_code:
        return None
    facts = {name: getattr(listing, f"live_{name}") for name in LiveCampaign.__dataclass_fields__}
    return LiveCampaign(**facts)


def _grades(listing: Listing) -> list[GradeShown]:
    """Every grade of the crop, best first; asked for only when the listing has one."""
    if listing.grade_id is None:
        return []
    rows = Grade.objects.filter(crop=listing.form.crop_id).select_related("note").order_by("rank")
    return [_grade(row, is_this=row.pk == listing.grade_id) for row in rows]


def _grade(row: Grade, *, is_this: bool) -> GradeShown:
    note = getattr(row, "note", None)
    return GradeShown(
        name=row.name,
        note=note.text if note else "",
        standard=note.standard if note else "",
        is_this=is_this,
    )


def related_tiles(listing: Listing, *, on: date) -> list[Tile]:
    """Up to four other crops to be had now: of the county and the kind first. One query."""
    chosen: dict[int, Listing] = {}
    for row in _near(listing)[:LOOKED_THROUGH]:
        chosen.setdefault(row.form.crop_id, row)
    return [
        Tile(
            listing=row,
            windows=season_windows(row, on=on),
            sold=False,  # only what is in stock was asked for
            tell="",
            place=_county_name(row.origin),
        )
        for row in list(chosen.values())[:RELATED]
    ]


def _near(listing: Listing) -> QuerySet[Listing]:
    """Others in season and in stock: same county and kind, same county, same kind, the rest."""
    county = Q(origin__code__startswith=listing.origin.county_code[:6])
    kind = Q(form__crop__category=listing.form.crop.category)
    near = Case(
        When(county & kind, then=Value(0)),
        When(county, then=Value(1)),
        When(kind, then=Value(2)),
        default=Value(3),
    )
    stocked = get_model("partner", "StockRecord").objects.filter(
        product=OuterRef("product_id"), num_in_stock__gt=F("num_allocated")
    )
    rows = Listing.objects.filter(Exists(stocked), state=ListingState.PUBLISHED)
    rows = rows.filter(season_state__in=NOW).exclude(form__crop=listing.form.crop_id)
    rows = rows.select_related(
        "product", "shop", "form__crop", "variety", "grade", "origin__parent__parent"
    )
    return rows.annotate(near=near).order_by("near", "-published_at", "-pk")


def _county_name(region: Region) -> str:
    """The county above a region that came with its parents."""
    here: Region = region
    while here.code != here.county_code and here.parent is not None:
        here = here.parent
    return here.name
