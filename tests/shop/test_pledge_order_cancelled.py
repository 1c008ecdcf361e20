"""The shop cancels the order of one reservation: no choice is left, a deposit goes back twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from shop.models import (
    Campaign,
    CampaignStage,
    DoubleDeposit,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
    Remedy,
    Setback,
    SetbackChoice,
)
from shop.models import SetbackKind as Kind
from shop.selectors.setbacks import choose_path
from shop.services.choosing import choose
from shop.services.collecting import decide_shortfall
from shop.services.order_refunds import cancel_paid
from shop.services.setbacks import News, declare_setback
from shop.services.shop_cancelling import cancel_lines
from tests.factories.growers import person_with
from tests.factories.presale import NOON
from tests.factories.shop import ListingFactory, make_rate_card
from tests.payments.conftest import faults
from tests.shop.paying import jobs, state_of, stripe
from tests.shop.test_double_deposits import AFTER, DEPOSIT, LATER, ordered, own_faults, told
from tests.shop.test_pledge_refunds import refunded
from tests.shop.test_refund_all import order_of
from tests.shop.test_setbacks import grown

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db
NEXT = AFTER + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    make_rate_card()
    with time_machine.travel(NOON, tick=False):
        yield


def cancelled(pledge: Pledge) -> None:
    order = order_of(pledge)
    lines = [line.pk for line in order.order.lines.all()]
    cancel_lines(code=order.code, line_pks=lines, reason="发不了", by=None, at=AFTER)


def short(campaign: Campaign) -> Setback:
    other = ListingFactory(shop=campaign.listing.shop)
    news = News(Kind.PARTIAL, "晚霜", percent=60, substitute=other)
    return declare_setback(code=campaign.code, news=news, by=None, at=AFTER)


def taken(setback: Setback, pledge: Pledge, remedy: str = Remedy.SUBSTITUTE) -> None:
    choose(setback_code=setback.code, pledge_code=pledge.code, remedy=remedy, at=NEXT)


def test_nothing_is_left_to_choose(stripe: Running, client: Client) -> None:
    campaign, pledge = ordered(stripe)
    setback = short(campaign)

    cancelled(pledge)
    with pytest.raises(NotAllowed, match="不要了，全退"):
        taken(setback, pledge)
    jobs(stripe, at=NEXT)
    jobs(stripe, at=LATER)

    choice = SetbackChoice.objects.get()
    assert (choice.done_at, choice.refund_fen, refunded(stripe)) == (AFTER, 27_600, 27_600)
    assert Purchase.objects.get().state == PurchaseState.CANCELLED
    assert state_of(pledge) == PledgeState.REFUNDED
    setback.refresh_from_db()
    assert setback.settled_at is not None
    page = client.get(choose_path(setback.code, pledge.code)).content.decode()
    assert "照“不要了，全退”办了" in page
    assert "¥276.00" in page
    assert faults() == []


def test_goods_are_not_given_for_money_that_went_back(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    setback = short(campaign)
    cancel_paid(code=order_of(pledge).code, reason="买家取消了订单", by=None, at=AFTER)

    with pytest.raises(BadInput, match="钱已经退了"):
        taken(setback, pledge)
    assert Purchase.objects.count() == 1


def test_other_backers_still_choose(stripe: Running) -> None:
    campaign, (pledge, other) = grown(stripe, 3, 2)
    setback = short(campaign)

    cancelled(pledge)

    assert list(setback.choices.filter(remedy="").values_list("pledge", flat=True)) == [other.pk]
    assert not DoubleDeposit.objects.exists()  # no deposit was paid
    taken(setback, other, Remedy.PARTIAL)


def test_a_deposit_goes_back_twice(stripe: Running, client: Client) -> None:
    campaign, pledge = ordered(stripe)

    cancelled(pledge)
    cancelled(pledge)  # pressed again
    jobs(stripe, at=NEXT)
    jobs(stripe, at=LATER)

    campaign.refresh_from_db()
    row = DoubleDeposit.objects.get()
    assert (row.pledge, row.amount_fen) == (pledge, DEPOSIT)
    assert refunded(stripe) == 27_600
    assert campaign.stage not in (CampaignStage.REFUNDING, CampaignStage.CLOSED)
    assert len([said for said in told(pledge) if "再赔你一份定金 ¥55.20" in said]) == 1
    session = client.session
    session["pledges"] = [pledge.code]
    session.save()
    page = client.get(f"/presale/pledges/{pledge.code}/").content.decode()
    assert "另赔一份定金" in page
    assert own_faults() == faults() == []


def test_refund_all_afterwards_adds_no_third(stripe: Running) -> None:
    campaign, pledge = ordered(stripe)
    cancelled(pledge)
    Campaign.objects.filter(pk=campaign.pk).update(stage=CampaignStage.SHORTFALL_REVIEW)

    decide_shortfall(code=campaign.code, go_on=False, reason="做不了", by=None, at=NEXT)
    jobs(stripe, at=NEXT)
    jobs(stripe, at=LATER)

    assert DoubleDeposit.objects.count() == 1
    assert (state_of(pledge), refunded(stripe)) == (PledgeState.REFUNDED, 27_600)


def test_the_shop_reads_before_what_it_costs(stripe: Running, client: Client) -> None:
    _campaign, pledge = ordered(stripe)
    order = order_of(pledge)
    client.force_login(person_with("shop_operator", order.shop))

    page = client.get(f"/work/orders/{order.code}/cancel/").content.decode()
    assert "定金要再赔一份" in page


def test_a_buyer_who_cancels_gets_it_once(stripe: Running) -> None:
    _campaign, pledge = ordered(stripe)
    cancel_paid(code=order_of(pledge).code, reason="买家取消了订单", by=None, at=AFTER)
    assert not DoubleDeposit.objects.exists()

    DoubleDeposit.objects.create(pledge=pledge, amount_fen=DEPOSIT, owed_at=AFTER)
    assert any("和付过的定金对不上" in said for said in own_faults())
