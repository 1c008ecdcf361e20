"""Money that goes back, comes late or comes in two parts."""

from datetime import timedelta
from typing import Any

import pytest

from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Account
from notices.models import Notice
from payments import services
from payments.models import Payment
from shop.models import (
    Campaign,
    CampaignStage,
    Pledge,
    PledgeState,
    PledgeWay,
)
from shop.services.campaigns import cancel_campaign, close_campaign
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.payments.conftest import faults
from tests.shop.paying import LATER_NO, RETURN, backer, finish, jobs, reserved, state_of, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


def escrow(campaign: Campaign) -> int:
    return balance_of(Account.objects.get(code=f"escrow:campaign:{campaign.code}"))


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def refunded(stripe: Running) -> int:
    return sum(row["amount"] for row in stripe.world.refunds() if row["status"] == "succeeded")


def told(pledge: Pledge) -> list[str]:
    rows = Notice.objects.filter(key__endswith=pledge.code).order_by("created_at", "pk")
    return [row.template.removeprefix("shop.") for row in rows]


# Failure (J3) -----------------------------------------------------------------------------------


def test_failed_campaign_gives_everything_back_once(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=50)
    card = backer(stripe, campaign, number=1)
    wallet = backer(stripe, campaign, number=2, way=PledgeWay.NOW)
    link = backer(stripe, campaign, number=3, way=PledgeWay.LINK)

    jobs(stripe, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(hours=1))

    assert state_of(card) == PledgeState.RELEASED
    assert state_of(wallet) == PledgeState.REFUNDED
    assert state_of(link) == PledgeState.RELEASED
    assert refunded(stripe) == 3 * 9200
    assert told(wallet) == ["pledge_paid_now", "campaign_failed_refund", "pledge_refunded"]
    assert told(card) == ["pledge_card_saved", "campaign_failed"]
    assert (fresh(campaign).state, fresh(campaign).stage) == ("failed", CampaignStage.CLOSED)
    assert escrow(campaign) == 0
    assert faults() == []


def test_cancelled_campaign_gives_everything_back(stripe: Running) -> None:
    campaign = CampaignFactory()
    wallet = backer(stripe, campaign, way=PledgeWay.NOW)
    pending = reserved(campaign, number=2)

    cancel_campaign(code=campaign.code, by=None, at=NOON, reason="雹灾")
    jobs(stripe, at=NOON + timedelta(hours=1))
    jobs(stripe, at=NOON + timedelta(hours=2))

    assert state_of(wallet) == PledgeState.REFUNDED
    assert state_of(pending) == PledgeState.EXPIRED
    assert fresh(campaign).stage == CampaignStage.CLOSED


def test_money_that_comes_after_the_closing_goes_back(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=50)
    pledge = reserved(campaign, way=PledgeWay.NOW)
    url = services.hosted_page(
        code=pledge.payment_code or "", return_url="https://x.test/", at=NOON
    )
    close_campaign(code=campaign.code, at=AFTER)

    stripe.buyer.approve(stripe.buyer.pay(url, way="alipay"))
    jobs(stripe, at=AFTER + timedelta(minutes=1))
    jobs(stripe, at=AFTER + timedelta(hours=1))

    assert state_of(pledge) == PledgeState.EXPIRED
    assert len(stripe.world.charges()) == 1
    assert refunded(stripe) == 3 * 9200
    assert faults() == []


# Late -------------------------------------------------------------------------------------------


def test_after_success_one_joins_by_paying_at_once_while_packs_are_free(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    backer(stripe, campaign, 5, number=1)
    backer(stripe, campaign, 2, number=2, card=LATER_NO)
    jobs(stripe, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(days=7, hours=1))
    late_at = AFTER + timedelta(days=7, hours=2)

    late = finish(
        stripe, reserved(campaign, 2, way=PledgeWay.NOW, number=3, at=late_at), at=late_at
    )

    assert late.state == PledgeState.ORDERED
    assert fresh(campaign).pledged_packs == 7
    with pytest.raises(Exception, match="还剩 0"):
        reserved(campaign, 1, way=PledgeWay.NOW, number=4, at=late_at)


# Deposit ----------------------------------------------------------------------------------------


def deposited(stripe: Running, campaign: Campaign) -> Pledge:
    """A link whose fifth is paid at once."""
    pledge = reserved(campaign, way=PledgeWay.LINK)
    url = services.hosted_page(code=pledge.deposit_code or "", return_url=RETURN, at=NOON)
    stripe.buyer.approve(stripe.buyer.pay(url, way="alipay"))
    services.refresh(code=pledge.deposit_code or "", at=NOON)
    pledge.refresh_from_db()
    return pledge


@pytest.mark.parametrize(("least", "first"), [(5520, 5520), (5521, 0)])
def test_no_deposit_is_asked_below_what_the_provider_takes(
    stripe: Running, settings: Any, least: int, first: int
) -> None:
    settings.PAYMENT_LEAST_FEN = least
    campaign = CampaignFactory(goal_packs=3, deposit_percent=20)

    pledge = reserved(campaign, way=PledgeWay.LINK)

    asked = {row.code: row.amount for row in Payment.objects.all()}
    assert sum(asked.values()) == 27_600
    assert asked.get(pledge.deposit_code, 0) == first
    assert bool(pledge.deposit_code) == bool(first)
    assert pledge.state == (PledgeState.PENDING if first else PledgeState.ACTIVE)


def test_deposit_is_a_fifth_now_and_the_rest_by_link(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3, deposit_percent=20)
    pledge = deposited(stripe, campaign)
    standing = pledge.state
    jobs(stripe, at=AFTER)

    finish(stripe, pledge, at=AFTER)

    assert standing == PledgeState.ACTIVE
    assert state_of(pledge) == PledgeState.ORDERED
    assert sorted(row["amount"] for row in stripe.world.charges()) == [5520, 22080]
    assert escrow(campaign) == 3 * 9200
    assert faults() == []


def test_deposit_goes_back_when_the_campaign_fails(stripe: Running) -> None:
    failed = CampaignFactory(goal_packs=50, deposit_percent=20)
    first = deposited(stripe, failed)

    jobs(stripe, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(hours=1))

    assert state_of(first) == PledgeState.REFUNDED
    assert refunded(stripe) == 5520
    assert escrow(failed) == 0
    assert faults() == []


def test_deposit_of_a_lapsed_link_goes_back(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3, deposit_percent=20)
    pledge = deposited(stripe, campaign)

    for hours in (0, 73, 74):
        jobs(stripe, at=AFTER + timedelta(hours=hours))

    assert state_of(pledge) == PledgeState.LAPSED
    assert refunded(stripe) == 5520
    assert escrow(campaign) == 0
