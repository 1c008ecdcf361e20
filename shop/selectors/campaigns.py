"""Campaigns as people see them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.charts import Terrace, YearWindow, Zoom, terrace, year_window, zoom
from growers.models import Region, VillageShop
from harvest_calendar.selectors import picking_span, supply_left_g
from shop.models import Campaign, CampaignState, Listing, ListingState
from shop.selectors.seasons import coming_season, packs_within
from shop.states import BEFORE_OPENING, NEVER_OPENED, STANDING_PLEDGE, UNFINISHED

STANDING = list(STANDING_PLEDGE)
DAYS_TO_MAKE = 150  # oil and noodles may be made this long after picking
DAYS_OPEN = 21
DAYS_BEFORE = 3  # between the deadline and the first day of sending
FIRST_CAP = 400


def with_facts() -> QuerySet[Campaign]:
    """Campaigns with what a list or a page of them shows of their listings."""
    return Campaign.objects.select_related(
        "listing__product",
        "listing__form__crop",
        "listing__form__raw_crop",
        "listing__variety",
        "listing__grade",
        "listing__origin__parent__parent",
        "listing__shop__village",
        "listing__shop__station",
    )


def open_campaigns(*, at: datetime) -> QuerySet[Campaign]:
    """Campaigns one can reserve in, the soonest to close first."""
    live = with_facts().filter(state=CampaignState.LIVE, opens_at__lte=at, deadline_at__gt=at)
    return live.order_by("deadline_at", "code")


def ended_campaigns(*, at: datetime) -> QuerySet[Campaign]:
    """Campaigns past their deadline, the latest first; cancelled ones are left out."""
    ended = (
        with_facts()
        .filter(deadline_at__lte=at)
        .exclude(state__in=[*BEFORE_OPENING, CampaignState.CANCELLED])
    )
    return ended.order_by("-deadline_at", "code")


def public_campaigns() -> QuerySet[Campaign]:
    """Every campaign that was ever shown; one that ended stays readable."""
    return with_facts().exclude(NEVER_OPENED)


def backers_of(campaign: Campaign) -> int:
    """How many reservations stand."""
    return campaign.pledges.filter(state__in=STANDING).count()


def campaigns_of(shops: Iterable[VillageShop]) -> QuerySet[Campaign]:
    """All campaigns of shops, running ones first, with how many reservations stand."""
    rows = with_facts().filter(listing__shop__in=shops)
    standing = Count("pledges", filter=Q(pledges__state__in=STANDING))
    return rows.annotate(backers=standing).order_by("closed_at", "-deadline_at", "code")


def listings_without_campaign(shops: Iterable[VillageShop]) -> QuerySet[Listing]:
    """Published listings of shops that have no campaign running or planned."""
    busy = Campaign.objects.filter(state__in=UNFINISHED)
    rows = Listing.objects.filter(shop__in=shops, state=ListingState.PUBLISHED)
    return (
        rows.exclude(pk__in=busy.values("listing"))
        .select_related("product", "form__crop")
        .order_by("season_start_on", "code")
    )


@dataclass(frozen=True)
class CampaignRoom:
    """What the calendar and the harvest allow a new campaign of a listing."""

    promised_from_on: date
    promised_to_on: date
    most_packs: int


def campaign_room(
    listing: Listing, *, on: date, campaign: Campaign | None = None
) -> CampaignRoom | None:
    """The next season's promised window and the most packs; None where no season is coming.

    What ``campaign`` claims itself is free to it.
    """
    season = coming_season(listing.form, listing.origin, on=on)
    if season is None:
        return None
    first, last = picking_span(form=listing.form, region=listing.origin, season=season)
    county = Region.objects.get(pk=listing.origin.county_code)
    own = f"campaign:{campaign.code}" if campaign else ""
    left = supply_left_g(
        crop=listing.form.raw_crop, county=county, first=first, last=last, except_code=own
    )
    most = packs_within(listing.form, listing.pack_weight_g, left)
    return CampaignRoom(season.ready_on, season.last_ready_on, most)


@dataclass(frozen=True)
class Progress:
    """How far a campaign is, in figures, and how it is drawn."""

    state: str  # gathering, formed, full, failed, closed
    percent: int
    chart: Terrace
    goal_g: int
    cap_g: int
    pledged_g: int
    packs_to_goal: int
    packs_left: int

    @property
    def missing_g(self) -> int:
        """How much is short of the goal."""
        return max(0, self.goal_g - self.pledged_g)


def progress_of(campaign: Campaign, *, at: datetime) -> Progress:
    """Asks nothing of the database."""
    weight = campaign.listing.pack_weight_g
    pledged = campaign.pledged_packs
    return Progress(
        state=_drawn_as(campaign, at),
        percent=pledged * 100 // campaign.goal_packs,
        chart=_terrace(campaign),
        goal_g=campaign.goal_packs * weight,
        cap_g=campaign.cap_packs * weight,
        pledged_g=pledged * weight,
        packs_to_goal=max(0, campaign.goal_packs - pledged),
        packs_left=campaign.cap_packs - pledged - campaign.held_packs,
    )


def _terrace(campaign: Campaign) -> Terrace:
    """Two terraces: up to the goal, and from it to the cap."""
    goal = campaign.goal_packs
    steps = [(0, ""), (goal, "")]
    return terrace(booked=campaign.pledged_packs, goal=goal, cap=campaign.cap_packs, prices=steps)


def _drawn_as(campaign: Campaign, at: datetime) -> str:
    if campaign.state in (CampaignState.FAILED, CampaignState.CANCELLED):
        return "failed"
    if campaign.pledged_packs >= campaign.cap_packs:
        return "full"
    if campaign.pledged_packs >= campaign.goal_packs:
        return "formed"
    return "gathering" if at < campaign.deadline_at else "closed"


def is_open(campaign: Campaign, *, at: datetime) -> bool:
    """Whether one can reserve now."""
    in_time = campaign.opens_at <= at < campaign.deadline_at
    return campaign.state == CampaignState.LIVE and in_time


def promised_before(campaign: Campaign) -> Campaign | None:
    """The record of a campaign with its first promised window, when that was moved since."""
    shown = campaign.history.exclude(state__in=["draft", "submitted"])
    first: Campaign | None = shown.order_by("history_date", "history_id").first()
    if first is None or (first.promised_from_on, first.promised_to_on) == (
        campaign.promised_from_on,
        campaign.promised_to_on,
    ):
        return None
    return first


def season_shown(campaign: Campaign, *, on: date) -> Zoom:
    """Picking and sending as two hills over the months they touch."""
    promised = (campaign.promised_from_on, campaign.promised_to_on)
    hills = [_hill(*promised, year=promised[0].year, on=on, label=_("发货"), height=0.6)]
    picked = (campaign.listing.season_start_on, campaign.listing.season_end_on)
    if picked[0] and picked[1] and _belong_together(picked[0], picked[1], promised):
        hills[0] = _hill(*promised, year=picked[0].year, on=on, label=_("发货"), height=0.6)
        hills.insert(0, _hill(picked[0], picked[1], year=picked[0].year, on=on, label=_("采收")))
    return zoom(hills, on=on)


def _belong_together(first: date, last: date, promised: tuple[date, date]) -> bool:
    """The listing's season is the one this campaign promised, not next year's."""
    return first <= promised[1] and last >= promised[0] - timedelta(days=DAYS_TO_MAKE)


def _hill(
    first: date, last: date, *, year: int, on: date, label: str, height: float = 1.0
) -> YearWindow:
    drawn = year_window(first, first + (last - first) / 2, last, on=on, label=label, height=height)
    years = (first.year - year) * 100
    return replace(drawn, start=drawn.start + years, peak=drawn.peak + years, end=drawn.end + years)


def suggested_terms(listing: Listing, room: CampaignRoom | None, *, on: date) -> dict[str, Any]:
    """First figures for a new campaign: a cap the harvest carries, half of it as goal."""
    terms: dict[str, Any] = {"price": listing.price}
    if room is None:
        return terms
    cap = min(room.most_packs, FIRST_CAP)
    days = min(DAYS_OPEN, (room.promised_from_on - on).days - DAYS_BEFORE)
    if cap > 0:
        terms |= {"cap_packs": cap, "goal_packs": max(1, cap // 2)}
    if days > 0:
        terms["deadline_on"] = on + timedelta(days=days)
    return terms
