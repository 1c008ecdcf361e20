"""Reservations that cannot become orders: shown to their shop, ordered or given back, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from shop.models import Campaign, CampaignStage, Pledge, PledgeState, PledgeWay, Purchase, RateCard
from shop.selectors.stuck_pledges import stuck_pledges
from shop.services.campaigns import close_due_campaigns
from shop.services.stuck_pledges import refund_stuck
from tests.factories.growers import person_with
from tests.factories.presale import DEADLINE, NOON, CampaignFactory, pledged
from tests.factories.shop import make_rate_card
from tests.payments.conftest import faults
from tests.shop.paying import backer, finish, jobs, reserved, state_of, stripe
from tests.shop.test_pledge_refunds import refunded

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def no_rate() -> None:
    """From now on nothing is sent anywhere."""
    RateCard.objects.update(valid_to=NOON.date() - timedelta(days=1))


def far_away(pledge: Pledge) -> Pledge:
    """It is to be sent, not fetched."""
    facts = {"fulfilment": "delivery", "station": None, "province_code": "62"}
    Pledge.objects.filter(pk=pledge.pk).update(**facts)
    return pledge


def desk_of(campaign: Campaign) -> Client:
    client = Client()
    client.force_login(person_with("shop_operator", campaign.listing.shop))
    return client


def test_a_paid_one_is_shown_and_given_back_once(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    stuck = far_away(backer(stripe, campaign, number=1))
    good = backer(stripe, campaign, number=2)
    no_rate()
    jobs(stripe, at=AFTER)
    campaign.refresh_from_db()
    assert [state_of(stuck), state_of(good)] == [PledgeState.DUE, PledgeState.ORDERED]
    assert campaign.stage == CampaignStage.COLLECTING  # one holds up all
    desk = desk_of(campaign)
    page = desk.get(f"/work/campaigns/{campaign.code}/").content.decode()
    assert "1 份预约转不成订单" in page
    assert "甘肃" in page
    assert good.code not in page

    address = f"/work/campaigns/{campaign.code}/stuck/"
    desk.post(f"{address}{stuck.code}/")
    desk.post(f"{address}{stuck.code}/")
    desk.post(f"{address}{good.code}/")
    for n in (1, 2):
        jobs(stripe, at=AFTER + n * HOUR)

    campaign.refresh_from_db()
    assert [state_of(stuck), state_of(good)] == [PledgeState.REFUNDED, PledgeState.ORDERED]
    assert refunded(stripe) == 27_600
    assert (campaign.pledged_packs, campaign.stage) == (3, CampaignStage.GROWING)
    assert "转不成订单" not in desk.get(f"/work/campaigns/{campaign.code}/").content.decode()
    assert faults() == []


def test_a_rate_that_is_added_makes_the_order(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    stuck = far_away(backer(stripe, campaign))
    no_rate()
    jobs(stripe, at=AFTER)
    RateCard.objects.update(valid_to=None)
    jobs(stripe, at=AFTER + HOUR)

    assert state_of(stuck) == PledgeState.ORDERED
    with pytest.raises(NotAllowed, match="已经转成订单"):
        refund_stuck(code=stuck.code, by=None, at=AFTER)


def test_one_to_be_paid_on_collection_is_let_go() -> None:
    campaign = CampaignFactory(goal_packs=2)
    stuck = pledged(campaign, 2)
    assert not stuck_pledges(campaign).exists()  # it is only reserved
    no_rate()
    close_due_campaigns(at=AFTER)
    campaign.refresh_from_db()
    assert list(stuck_pledges(campaign)) == [stuck]

    refund_stuck(code=stuck.code, by=None, at=AFTER)

    assert state_of(stuck) == PledgeState.RELEASED
    assert not Purchase.objects.exists()


def test_another_shop_gives_nothing_back() -> None:
    campaign, other = CampaignFactory(goal_packs=2), CampaignFactory()
    stuck = pledged(campaign, 2)
    no_rate()
    close_due_campaigns(at=AFTER)

    for code in (campaign.code, other.code):
        address = f"/work/campaigns/{code}/stuck/{stuck.code}/"
        assert desk_of(other).post(address).status_code == 404

    assert state_of(stuck) == PledgeState.ACTIVE


def test_who_joined_late_and_cannot_be_sent_to_gets_the_money_back(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    finish(stripe, reserved(campaign, 3, number=1))
    jobs(stripe, at=AFTER)
    Campaign.objects.filter(pk=campaign.pk).update(closed_packs=9)
    late = reserved(campaign, 2, number=2, way=PledgeWay.NOW, at=AFTER)
    far_away(late)
    no_rate()
    finish(stripe, late, means="alipay", at=AFTER)
    for n in (1, 2):
        jobs(stripe, at=AFTER + n * HOUR)

    assert state_of(late) == PledgeState.EXPIRED
    assert refunded(stripe) == 18_400
    assert faults() == []


def test_the_page_asks_no_more_for_more_rows() -> None:
    campaign = CampaignFactory(goal_packs=2)
    desk, counts = desk_of(campaign), []
    pledged(campaign, 2)
    no_rate()
    close_due_campaigns(at=AFTER)
    for more in (0, 2):
        for _n in range(more):
            pledged(campaign, 1)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(f"/work/campaigns/{campaign.code}/").content.decode()
        assert f"{1 + more} 份预约转不成订单" in page
        counts.append(len(asked))
    assert counts[0] == counts[1]
