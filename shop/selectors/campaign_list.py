"""The list of campaigns and what narrows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from growers.models import Region, RegionLevel
from harvest_calendar.models import CropCategory
from shop.models import Campaign, CampaignState
from shop.selectors.campaigns import Progress, open_campaigns, progress_of
from shop.selectors.origins import county_above
from shop.selectors.storefront import Choice

COUNTY_DIGITS = 6


@dataclass(frozen=True)
class CampaignQuery:
    """What a visitor asks for; empty for all."""

    county: str = ""
    category: str = ""


@dataclass(frozen=True)
class CampaignTile:
    """One campaign of a grid."""

    campaign: Campaign
    progress: Progress
    county: str


def campaign_tiles(campaigns: Iterable[Campaign], *, at: datetime) -> list[CampaignTile]:
    """Tiles of campaigns that came with their facts; asks nothing of the database."""
    return [
        CampaignTile(one, progress_of(one, at=at), county_above(one.listing.origin))
        for one in campaigns
    ]


@dataclass(frozen=True)
class CampaignChoices:
    """Counties and categories that have a campaign open now."""

    counties: Sequence[Choice]
    categories: Sequence[Choice]


def asked_campaigns(query: CampaignQuery, *, at: datetime) -> QuerySet[Campaign]:
    """Open campaigns that fit, the soonest to close first."""
    found = open_campaigns(at=at)
    if query.county:
        found = found.filter(listing__origin__code__startswith=query.county[:COUNTY_DIGITS])
    if query.category:
        found = found.filter(listing__form__crop__category=query.category)
    return found


def campaign_choices(*, at: datetime) -> CampaignChoices:
    """Two queries, whatever the number of campaigns."""
    live = Campaign.objects.filter(
        state=CampaignState.LIVE, opens_at__lte=at, deadline_at__gt=at
    ).order_by()
    pairs = live.values_list("listing__origin_id", "listing__form__crop__category").distinct()
    found = list(pairs)
    heads = {origin[:COUNTY_DIGITS] for origin, _category in found}
    kinds = {category for _origin, category in found}
    return CampaignChoices(
        counties=_counties(heads),
        categories=[Choice(one.value, str(one.label)) for one in CropCategory if one in kinds],
    )


def _counties(heads: Iterable[str]) -> list[Choice]:
    codes = [head.ljust(12, "0") for head in heads]
    rows = Region.objects.filter(level=RegionLevel.COUNTY, code__in=codes).order_by("code")
    return [Choice(row.code, row.name) for row in rows]
