"""Campaigns and pledges for tests; nothing is random. The listing comes from the shop's rows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from django.db.models import F
from factory.django import DjangoModelFactory

from growers.models import Region
from harvest_calendar.models import Crop, SeasonDate
from shop.models import Campaign, Listing, Pledge, PledgeChange
from tests.factories.harvest_calendar import (
    HarvestWindowFactory,
    SeasonDateFactory,
    SupplyEstimateFactory,
)
from tests.factories.shop import ListingFactory

OPENED = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 9, 6, 12, 0, tzinfo=UTC)


class CampaignFactory(DjangoModelFactory):
    """Live from 1 August until 6 September 2026; goal 20, cap 100, promised 20 Sept to 10 Oct."""

    class Meta:
        model = Campaign

    code = factory.Sequence(lambda n: f"PS-{n:04d}")
    listing = factory.SubFactory(ListingFactory)
    state = "live"
    goal_packs = 20
    cap_packs = 100
    price = Decimal("92.00")
    opens_at = OPENED
    deadline_at = DEADLINE
    promised_from_on = date(2026, 9, 20)
    promised_to_on = date(2026, 10, 10)


class PledgeFactory(DjangoModelFactory):
    """Two packs, delivered to Beijing, not counted in the campaign (use ``pledged`` for that)."""

    class Meta:
        model = Pledge

    code = factory.Sequence(lambda n: f"PL-{n:04d}")
    campaign = factory.SubFactory(CampaignFactory)
    packs = 2
    name = "李测试"
    mobile = factory.Sequence(lambda n: f"137{n:08d}")
    fulfilment = "delivery"
    province_code = "11"
    city = "北京"
    address = "测试路 1 号"
    submit_key = factory.Sequence(lambda n: f"key-{n}")
    created_at = NOON
    updated_at = NOON


def pledged(campaign: Campaign, packs: int, *, at: datetime = NOON, **facts: object) -> Pledge:
    """A standing pledge with its curve row, counted in the campaign."""
    pledge: Pledge = PledgeFactory(
        campaign=campaign, packs=packs, created_at=at, updated_at=at, **facts
    )
    PledgeChange.objects.create(pledge=pledge, campaign=campaign, packs=packs, at=at)
    Campaign.objects.filter(pk=campaign.pk).update(pledged_packs=F("pledged_packs") + packs)
    campaign.refresh_from_db(fields=["pledged_packs"])
    return pledge


def make_season(crop: Crop, region: Region, *, supply_g: int = 0) -> SeasonDate:
    """Picked 7 to 27 September 2026 (three weeks), sold 20 September to 10 October.

    ``supply_g`` is the careful estimate (P10) of each of the three weeks.
    """
    season: SeasonDate = SeasonDateFactory(
        window=HarvestWindowFactory(
            crop=crop,
            county=region,
            start_md="09-07",
            peak_md="09-17",
            end_md="09-27",
            lag_min_days=13,
            lag_max_days=13,
        ),
        region=region,
        start_on=date(2026, 9, 7),
        peak_on=date(2026, 9, 17),
        end_on=date(2026, 9, 27),
        ready_on=date(2026, 9, 20),
        last_ready_on=date(2026, 10, 10),
    )
    if supply_g:
        township = Region.objects.filter(level="township", code__startswith=region.prefix).first()
        for monday in (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21)):
            SupplyEstimateFactory(
                crop=crop,
                township=township,
                monday=monday,
                p10_g=supply_g,
                p50_g=supply_g * 2,
                p90_g=supply_g * 3,
            )
    return season


def make_ripening_listing(*, supply_g: int = 100_000, **facts: Any) -> Listing:
    """A published listing (500 g packs unless told) whose county has a season and supply."""
    listing: Listing = ListingFactory(**facts)
    county = Region.objects.get(pk=listing.origin.county_code)
    make_season(listing.form.raw_crop, county, supply_g=supply_g)
    return listing
