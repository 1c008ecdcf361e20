"""Everything the page of one campaign shows, in a number of queries that never grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from core.charts import Zoom
from core.units import yuan
from harvest_calendar.models import Crop
from shop.models import (
    Campaign,
    CampaignState,
    CampaignUpdate,
    Listing,
    ListingPicture,
    PledgeState,
    PledgeTier,
    StretchGoal,
    TermsChange,
    TermsChangeState,
)
from shop.models.listing import UNIT_PRICE_GRAMS
from shop.proofs import Proofs, proofs_of
from shop.selectors.campaign_list import CampaignTile, campaign_tiles
from shop.selectors.campaigns import (
    STANDING,
    Progress,
    is_open,
    progress_of,
    public_campaigns,
    season_shown,
)
from shop.selectors.origins import county_above, full_place
from shop.selectors.product import related_tiles
from shop.selectors.reviews import ReviewPage, reviews_of
from shop.selectors.season_words import storage_line
from shop.selectors.storefront import Tile
from shop.selectors.talk import (
    Curve,
    QuestionRow,
    curve_of,
    questions_on,
    related_campaigns,
    updates_on,
)

FEW_REVIEWS = 3
A_SEASON = timedelta(days=240)
RESERVED = [*STANDING, PledgeState.RELEASED]  # those of a campaign that came to nothing too
ENDED_BADLY = frozenset({CampaignState.FAILED, CampaignState.CANCELLED})


@dataclass(frozen=True)
class Moved:
    """The window promised first, when it was moved since."""

    promised_from_on: date
    promised_to_on: date


@dataclass(frozen=True)
class CampaignPage:
    """One campaign as everybody reads it."""

    campaign: Campaign
    listing: Listing
    crop: Crop
    pictures: Sequence[ListingPicture]
    progress: Progress
    backers: int
    is_open: bool
    unit_price: Decimal
    place: str
    county: str
    storage: str
    grade_note: str
    returnable: bool
    proofs: Proofs
    season: Zoom | None  # None for what is sent all year round
    curve: Curve | None
    moved_from: Moved | None
    cancelled_why: str
    updates: Sequence[CampaignUpdate]
    questions: Sequence[QuestionRow]
    reviews: ReviewPage
    related: Sequence[CampaignTile]
    similar: Sequence[Tile]  # what can be bought instead, where nothing came of it


def shown_campaigns() -> QuerySet[Campaign, Any]:
    """Campaigns with all that ``campaign_page`` reads."""
    shown = Campaign.history.filter(id=OuterRef("pk")).exclude(state__in=["draft", "submitted"])
    first = shown.order_by("history_date", "history_id")
    applied = TermsChange.objects.filter(state=TermsChangeState.APPLIED)
    return (
        public_campaigns()
        .select_related(
            "listing__variety",
            "listing__grade__note",
            "listing__origin__parent__parent__parent",
        )
        .prefetch_related("listing__proofs", "listing__pictures")
        .annotate(
            backers=Count("pledges", filter=Q(pledges__state__in=RESERVED)),
            first_from_on=Subquery(first.values("promised_from_on")[:1]),
            first_to_on=Subquery(first.values("promised_to_on")[:1]),
            has_boxes=Exists(PledgeTier.objects.filter(campaign=OuterRef("pk"))),
            has_goals=Exists(StretchGoal.objects.filter(campaign=OuterRef("pk"))),
            has_changes=Exists(applied.filter(campaign=OuterRef("pk"))),
        )
    )


def campaign_page(campaign: Any, *, at: datetime, on: date) -> CampaignPage:
    """The page of a campaign that came from ``shown_campaigns``."""
    listing = campaign.listing
    crop = listing.form.crop
    badly = campaign.state in ENDED_BADLY
    return CampaignPage(
        campaign=campaign,
        listing=listing,
        crop=crop,
        pictures=list(listing.pictures.all()),
        progress=progress_of(campaign, at=at),
        backers=campaign.backers,
        is_open=is_open(campaign, at=at),
        unit_price=yuan(campaign.price * UNIT_PRICE_GRAMS / listing.pack_weight_g),
        place=full_place(listing.origin),
        county=county_above(listing.origin),
        storage=storage_line(crop),
        grade_note=_grade_note(listing),
        returnable=not crop.perishable,
        proofs=proofs_of(crop, listing.proofs.all(), on=on),
        season=season_shown(campaign, on=on) if _is_a_season(campaign) else None,
        curve=curve_of(campaign, on=on),
        moved_from=_moved(campaign),
        cancelled_why=_why_cancelled(campaign),
        updates=list(updates_on(campaign)),
        questions=questions_on(campaign),
        reviews=reviews_of(listing, most=FEW_REVIEWS),
        related=campaign_tiles(related_campaigns(campaign, at=at), at=at),
        similar=related_tiles(listing, on=on) if badly else [],
    )


def _is_a_season(campaign: Campaign) -> bool:
    return campaign.promised_to_on - campaign.promised_from_on < A_SEASON


def _grade_note(listing: Listing) -> str:
    note = getattr(listing.grade, "note", None) if listing.grade else None
    return note.text if note else ""


def _moved(campaign: Any) -> Moved | None:
    first = (campaign.first_from_on, campaign.first_to_on)
    if first[0] is None or first == (campaign.promised_from_on, campaign.promised_to_on):
        return None
    return Moved(*first)


def _why_cancelled(campaign: Campaign) -> str:
    """Asked for only where there is something to say."""
    if campaign.state != CampaignState.CANCELLED:
        return ""
    told = campaign.changes.filter(new=CampaignState.CANCELLED)
    return told.values_list("reason", flat=True).first() or ""
