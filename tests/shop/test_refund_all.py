"""The seller gives everything back: all that is left of it, and nothing for what is packed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from shop.models import (
    Campaign,
    CampaignStage,
    DoubleDeposit,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
)
from shop.services.collecting import decide_shortfall
from shop.services.moving import move_order
from shop.services.order_refunds import refund_order
from tests.factories.presale import NOON
from tests.factories.shop import make_rate_card
from tests.payments.conftest import faults
from tests.shop.paying import jobs, state_of, stripe
from tests.shop.test_double_deposits import AFTER, LATER, fail, ordered, own_faults, told
from tests.shop.test_pledge_refunds import refunded

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def order_of(pledge: Pledge) -> Purchase:
    return Purchase.objects.get(order__pledge_link__pledge=pledge)


@pytest.mark.parametrize("before", [500, 22_080, 27_600])  # the rest alone, and everything
def test_who_had_some_back_before_gets_what_is_left(stripe: Running, before: int) -> None:
    campaign, pledge = ordered(stripe)
    facts = {"code": order_of(pledge).code, "reason": "晚了几天", "by": None, "at": AFTER}
    refund_order(amount_fen=before, key="desk:1", **facts)
    Campaign.objects.filter(pk=campaign.pk).update(stage=CampaignStage.SHORTFALL_REVIEW)

    decide_shortfall(code=campaign.code, go_on=False, reason="做不了", by=None, at=AFTER)
    jobs(stripe, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(hours=1))

    campaign.refresh_from_db()
    assert refunded(stripe) == 27_600
    assert state_of(pledge) == PledgeState.REFUNDED
    assert order_of(pledge).state == PurchaseState.CANCELLED
    assert campaign.stage == CampaignStage.CLOSED
    assert faults() == []


def test_what_is_packed_is_delivered_as_agreed(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    move_order(code=order_of(pledge).code, to="packed", by=None, at=AFTER)

    fail(campaign)
    for at in (AFTER, LATER):
        jobs(stripe, at=at)

    campaign.refresh_from_db()
    assert (state_of(pledge), refunded(stripe)) == (PledgeState.ORDERED, 0)
    assert not DoubleDeposit.objects.exists()
    assert not any("退" in said and "没有收成" in said for said in told(pledge))
    assert not any("再赔你" in said for said in told(pledge))
    assert campaign.stage == CampaignStage.CLOSED
    move_order(code=order_of(pledge).code, to="sent", by=None, at=LATER)
    assert own_faults() == faults() == []


def test_what_is_on_its_way_back_is_not_packed_any_more(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    Campaign.objects.filter(pk=campaign.pk).update(stage=CampaignStage.SHORTFALL_REVIEW)
    decide_shortfall(code=campaign.code, go_on=False, reason="做不了", by=None, at=AFTER)
    assert order_of(pledge).state == PurchaseState.PLACED  # until the next tick

    with pytest.raises(NotAllowed, match="正在退"):
        move_order(code=order_of(pledge).code, to="packed", by=None, at=AFTER)
