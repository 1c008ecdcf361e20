"""What the home page shows, gathered from the apps below in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.charts import Ridge, YearWindow, ridge, year_window
from core.clock import day_of
from core.templatetags.shanhuo import day as day_zh
from core.templatetags.shanhuo import day_range, days_left, kg
from growers.models import RegionLevel
from harvest_calendar.models import SeasonDate
from shop.models import Campaign, CampaignState, Listing, ListingState, SeasonState
from shop.products import crop_name

TILES = 9
CAMPAIGNS = 5
RIDGE_CROPS = 10
LONGEST_HILL = timedelta(days=95)
SOON = [SeasonState.PRESALE, SeasonState.TEASER]


@dataclass(frozen=True)
class Tile:
    """A listing as the home page shows it."""

    listing: Listing
    url: str
    note: str
    windows: list[YearWindow]
    tell: str


@dataclass(frozen=True)
class CampaignRow:
    """A running pre-sale as the home page shows it."""

    campaign: Campaign
    url: str
    percent: int
    state: str
    left: str
    line: str


def home_facts(*, on: date, at: datetime) -> dict[str, object]:
    """The ridge, the tiles of what is ripe or nearly so, and the pre-sales that close first."""
    tiles = listing_tiles(on=on)
    return {
        "ridge": year_ridge(on=on),
        "first_tile": tiles[0] if tiles else None,
        "tiles": tiles[1:],
        "campaigns": closing_campaigns(at=at),
    }


def year_ridge(*, on: date) -> Ridge | None:
    """Ten crops of the year as mountains: those in season now, then others spread over it."""
    rows = (
        SeasonDate.objects.filter(region__level=RegionLevel.COUNTY, year=on.year)
        .select_related("crop")
        .order_by("peak_on", "crop__key")
    )
    first: dict[int, SeasonDate] = {}
    for row in rows:
        if row.end_on - row.start_on > LONGEST_HILL:
            continue  # what is picked all year is a plain, not a mountain
        best = first.get(row.crop_id)
        if best is None or (not _is_now(best, on) and _is_now(row, on)):
            first[row.crop_id] = row
    chosen = _spread(sorted(first.values(), key=lambda row: row.peak_on), on=on)
    if not chosen:
        return None
    return ridge([_mountain(row, on=on) for row in chosen], on=on)


def _is_now(row: SeasonDate, on: date) -> bool:
    return row.start_on <= on <= row.end_on


def _spread(rows: list[SeasonDate], *, on: date) -> list[SeasonDate]:
    now = [row for row in rows if _is_now(row, on)][:4]
    rest = [row for row in rows if not _is_now(row, on)]
    wanted = RIDGE_CROPS - len(now)
    step = max(len(rest) / wanted, 1) if wanted else 1
    picked = [rest[int(i * step)] for i in range(wanted) if int(i * step) < len(rest)]
    return now + picked


def _mountain(row: SeasonDate, *, on: date) -> tuple[str, str, YearWindow]:
    name = crop_name(row.crop.name_zh).split("（")[0]
    window = year_window(row.start_on, row.peak_on, row.end_on, on=on)
    return name, row.crop.key, window


def listing_tiles(*, on: date) -> list[Tile]:
    """One listing a crop: in season first (last weeks before the rest), then what comes next."""
    found: dict[int, Listing] = {}
    for states in ([SeasonState.LAST_WEEKS, SeasonState.IN_SEASON], SOON):
        for listing in _published().filter(season_state__in=states)[: TILES * 12]:
            found.setdefault(listing.form.crop_id, listing)
    return [_tile(listing, on=on) for listing in list(found.values())[:TILES]]


def _published() -> QuerySet[Listing]:
    rows = Listing.objects.filter(state=ListingState.PUBLISHED, season_start_on__isnull=False)
    rows = rows.select_related("product", "form__crop", "grade", "origin__parent__parent")
    return rows.order_by("season_end_on", "code")


def _tile(listing: Listing, *, on: date) -> Tile:
    start, peak, end = listing.season_start_on, listing.season_peak_on, listing.season_end_on
    windows = [year_window(start, peak, end, on=on)] if start and peak and end else []
    ahead = listing.season_state in SOON and start is not None
    origin = listing.origin
    county = origin.parent.parent.name_zh if origin.parent and origin.parent.parent else ""
    note = "·".join(
        part for part in (county, listing.grade.name_zh if listing.grade else "") if part
    )
    return Tile(
        listing=listing,
        url=reverse("shop:listing", args=[listing.code]),
        note=_("%(day)s前后开采") % {"day": day_zh(start)} if ahead else note,
        windows=windows,
        tell="" if listing.season_state != SeasonState.TEASER else _("还没熟，先看看"),
    )


def closing_campaigns(*, at: datetime) -> list[CampaignRow]:
    """The running pre-sales that close first."""
    rows = Campaign.objects.filter(state=CampaignState.LIVE, deadline_at__gt=at)
    rows = rows.select_related("listing__product", "listing__form__crop").order_by("deadline_at")
    return [_campaign_row(campaign, at=at) for campaign in rows[:CAMPAIGNS]]


def _campaign_row(campaign: Campaign, *, at: datetime) -> CampaignRow:
    percent = round(campaign.pledged_packs * 100 / campaign.goal_packs)
    formed = campaign.pledged_packs >= campaign.goal_packs
    facts = {
        "packs": campaign.pledged_packs,
        "goal": campaign.goal_packs,
        "pack": kg(campaign.listing.pack_weight_g),
        "days": day_range(campaign.promised_from_on, campaign.promised_to_on),
    }
    line = (
        _("已成团，约了 %(packs)d 份（每份 %(pack)s）·%(days)s发")
        if formed
        else _("已约 %(packs)d / %(goal)d 份（每份 %(pack)s）·%(days)s发")
    )
    return CampaignRow(
        campaign=campaign,
        url=reverse("shop:campaign", args=[campaign.code]),
        percent=percent,
        state="formed" if formed else "gathering",
        left=days_left(day_of(campaign.deadline_at), day_of(at)),
        line=line % facts,
    )
