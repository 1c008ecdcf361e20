"""Many at once where money goes through us: one closing, one order, one side of every race."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.errors import NotAllowed
from devtools.stripe_emulator.testing import Running
from payments import services
from payments.models import Payment, PaymentState
from shop.models import (
    CampaignStateChange,
    Pledge,
    PledgeOrder,
    PledgeState,
    PledgeStateChange,
    PledgeWay,
)
from shop.services.campaigns import close_campaign
from shop.services.holds import expire_holds
from shop.services.pledges import cancel_pledge
from shop.services.waiting import join_queue
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.payments.conftest import faults
from tests.shop.paying import backer, jobs, reserved, stripe
from tests.shop.test_presale_races import all_at_once

__all__ = ["stripe"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
AFTER = DEADLINE + timedelta(minutes=1)


def errors_in(results: list[Any]) -> list[Any]:
    wanted = (NotAllowed,)
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, wanted)]


def test_two_closers_at_once_mark_due_once(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledges = [backer(stripe, campaign, number=n) for n in (1, 2)]
    pledges.append(backer(stripe, campaign, number=3, way=PledgeWay.NOW))

    results = all_at_once([lambda: close_campaign(code=campaign.code, at=AFTER)] * 4)
    jobs(stripe, at=AFTER)

    assert not errors_in(results)
    moved = CampaignStateChange.objects.filter(campaign=campaign).values_list("new", flat=True)
    assert sorted(moved) == ["collecting", "growing", "succeeded"]
    assert PledgeStateChange.objects.filter(new=PledgeState.DUE).count() == 2
    assert PledgeOrder.objects.count() == 3
    assert len(stripe.world.charges()) == 3
    assert faults() == []


def test_cancelling_while_the_wallet_pays_ends_on_one_side(stripe: Running) -> None:
    campaign = CampaignFactory()
    pledge = reserved(campaign, way=PledgeWay.NOW)
    code = pledge.payment_code or ""
    url = services.hosted_page(code=code, return_url="https://x.test/", at=NOON)
    stripe.buyer.approve(stripe.buyer.pay(url, way="alipay"))

    calls: list[Callable[[], Any]] = [
        lambda: services.refresh(code=code, at=NOON),
        lambda: cancel_pledge(code=pledge.code, at=NOON),
        lambda: expire_holds(at=NOON + timedelta(minutes=31)),
    ]
    results = all_at_once(calls)
    for hours in (1, 2, 3):
        jobs(stripe, at=NOON + timedelta(hours=hours))

    assert not errors_in(results)
    campaign.refresh_from_db()
    state = Pledge.objects.get().state
    back = sum(row["amount"] for row in stripe.world.refunds() if row["status"] == "succeeded")
    assert campaign.held_packs == 0
    if state == PledgeState.ACTIVE:
        assert (campaign.pledged_packs, back) == (3, 0)
    else:
        assert (campaign.pledged_packs, back) == (0, 3 * 9200)
    assert faults() == []


def test_deadline_takes_a_pledge_or_refuses_it_whole(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    backer(stripe, campaign, way=PledgeWay.LINK)
    late = DEADLINE - timedelta(seconds=1)

    def reserve_one(number: int) -> Callable[[], Any]:
        return lambda: reserved(campaign, 1, way=PledgeWay.LINK, number=number, at=late)

    calls = [reserve_one(number) for number in range(2, 8)]
    results = all_at_once([*calls, lambda: close_campaign(code=campaign.code, at=AFTER)])

    assert not errors_in(results)
    campaign.refresh_from_db()
    taken = sum(isinstance(one, Pledge) for one in results)
    assert campaign.closed_packs == campaign.pledged_packs == 3 + taken
    assert set(Pledge.objects.values_list("state", flat=True)) == {PledgeState.DUE}
    due = Payment.objects.filter(state=PaymentState.DUE).count()
    assert due == campaign.closed_pledges == 1 + taken


def test_one_place_in_the_queue_for_many_presses(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=1, cap_packs=3)
    backer(stripe, campaign, 3, way=PledgeWay.LINK)

    def join() -> Any:
        return join_queue(
            campaign_code=campaign.code, packs=1, mobile="13600000001", user=None, at=NOON
        )

    results = all_at_once([join] * 6)

    assert not errors_in(results)
    assert campaign.waiting.count() == 1
