"""What the tick does for the shop."""

from datetime import timedelta

import pytest

from core import ticks
from core.services import run_tick
from shop.models import Campaign, CampaignState, Listing, Purchase, SeasonState
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, make_ripening_listing, pledged
from tests.factories.shop import make_collection_station

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=10)


def test_seasons_are_refreshed_before_campaigns_close() -> None:
    names = [job.name for job in ticks.jobs()]

    assert names.index("shop.seasons") < names.index("shop.campaigns")


def test_tick_closes_what_is_past_its_deadline_and_only_once() -> None:
    campaign = CampaignFactory(goal_packs=1)
    station = make_collection_station()
    pledged(campaign, 2, fulfilment="collect", station=station, province_code="")
    later = CampaignFactory(deadline_at=AFTER + timedelta(days=1))

    for minutes in (0, 5, 10):
        run_tick(at=AFTER + timedelta(minutes=minutes))

    campaign.refresh_from_db()
    later.refresh_from_db()
    assert (campaign.state, later.state) == (CampaignState.SUCCEEDED, CampaignState.LIVE)
    assert Purchase.objects.count() == 1


def test_tick_starts_what_is_due() -> None:
    CampaignFactory(state="approved", opens_at=NOON)

    run_tick(at=NOON + timedelta(minutes=1))

    assert Campaign.objects.get().state == CampaignState.LIVE


def test_tick_brings_listings_to_the_day() -> None:
    make_ripening_listing()

    run_tick(at=NOON)

    assert Listing.objects.get().season_state == SeasonState.TEASER
