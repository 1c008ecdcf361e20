"""Pledges paid through us: a card charged at success, a link, a wallet at once."""

from datetime import date, timedelta

import pytest

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Account
from notices.models import Notice
from payments.models import Payment, PaymentState
from shop.models import (
    Campaign,
    CampaignMode,
    CampaignStage,
    CampaignState,
    Pledge,
    PledgeState,
    PledgeStateChange,
    PledgeWay,
    Purchase,
)
from shop.services.campaigns import close_campaign
from shop.services.collecting import collect, decide_shortfall, pause_collection
from shop.services.holds import expire_holds
from shop.services.pledges import cancel_pledge, change_pledge
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.payments.conftest import faults
from tests.shop.paying import LATER_NO, backer, finish, jobs, reserved, state_of, stripe

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


# Reserving --------------------------------------------------------------------------------------


def test_packs_are_held_until_the_card_is_saved(stripe: Running) -> None:
    campaign = CampaignFactory()

    pledge = reserved(campaign)
    held = fresh(campaign)
    finish(stripe, pledge)

    assert (held.held_packs, held.pledged_packs) == (3, 0)
    assert pledge.state == PledgeState.ACTIVE
    assert (fresh(campaign).held_packs, fresh(campaign).pledged_packs) == (0, 3)
    assert told(pledge) == ["pledge_card_saved"]
    assert stripe.world.charges() == []


def test_half_an_hour_frees_what_was_not_finished(stripe: Running) -> None:
    campaign = CampaignFactory()
    pledge = reserved(campaign)

    expire_holds(at=NOON + timedelta(minutes=29))
    before = state_of(pledge)
    expire_holds(at=NOON + timedelta(minutes=30))
    expire_holds(at=NOON + timedelta(minutes=31))

    assert before == PledgeState.PENDING
    assert state_of(pledge) == PledgeState.EXPIRED
    assert fresh(campaign).held_packs == 0
    assert Payment.objects.get(code=pledge.payment_code).state == PaymentState.VOID
    assert told(pledge) == ["pledge_expired"]


def test_held_packs_take_room_and_do_not_reach_the_goal(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3, cap_packs=5)
    pledge = reserved(campaign, 3)

    with pytest.raises(Exception, match="还剩 2"):
        reserved(campaign, 3, number=2)
    close_campaign(code=campaign.code, at=AFTER)

    assert fresh(campaign).state == CampaignState.FAILED
    assert state_of(pledge) == PledgeState.EXPIRED
    assert fresh(campaign).held_packs == 0


def test_link_asks_for_nothing_now(stripe: Running) -> None:
    campaign = CampaignFactory()

    pledge = reserved(campaign, way=PledgeWay.LINK)

    assert pledge.state == PledgeState.ACTIVE
    assert fresh(campaign).pledged_packs == 3
    assert told(pledge) == ["pledge_link_later"]
    payment = Payment.objects.get(code=pledge.payment_code)
    assert (payment.state, payment.amount) == (PaymentState.WAITING, 3 * 9200)
    assert payment.means == ["card", "alipay", "wechat_pay"]


def test_wallet_pays_now_only_inside_its_refund_window(stripe: Running) -> None:
    far = CampaignFactory(promised_to_on=date(2027, 6, 30))

    with pytest.raises(BadInput, match="这种付法") as refused:
        reserved(far, way=PledgeWay.NOW)

    assert refused.value.field == "way"
    assert fresh(far).held_packs == 0
    assert not Pledge.objects.exists()


def test_changed_packs_of_a_link_are_another_amount(stripe: Running) -> None:
    campaign = CampaignFactory()
    pledge = reserved(campaign, way=PledgeWay.LINK)
    first = pledge.payment_code

    change_pledge(code=pledge.code, packs=5, at=NOON + timedelta(minutes=1))

    pledge.refresh_from_db()
    assert Payment.objects.get(code=first).state == PaymentState.VOID
    assert Payment.objects.get(code=pledge.payment_code).amount == 5 * 9200
    assert fresh(campaign).pledged_packs == 5


def test_packs_of_a_saved_card_are_not_changed(stripe: Running) -> None:
    pledge = backer(stripe, CampaignFactory())

    with pytest.raises(NotAllowed, match="先取消"):
        change_pledge(code=pledge.code, packs=5, at=NOON)


def test_cancelling_before_the_deadline_forgets_the_card(stripe: Running) -> None:
    campaign = CampaignFactory()
    pledge = backer(stripe, campaign)

    cancel_pledge(code=pledge.code, at=NOON)

    assert state_of(pledge) == PledgeState.CANCELLED
    assert Payment.objects.get(code=pledge.payment_code).state == PaymentState.VOID
    assert fresh(campaign).pledged_packs == 0


def test_cancelling_what_a_wallet_paid_gives_it_all_back(stripe: Running) -> None:
    campaign = CampaignFactory()
    pledge = backer(stripe, campaign, way=PledgeWay.NOW)

    cancel_pledge(code=pledge.code, at=NOON)
    going = state_of(pledge)
    jobs(stripe, at=NOON + timedelta(days=1))
    jobs(stripe, at=NOON + timedelta(days=2))

    assert going == PledgeState.REFUNDING
    assert state_of(pledge) == PledgeState.REFUNDED
    assert refunded(stripe) == 3 * 9200
    assert told(pledge) == ["pledge_paid_now", "pledge_cancelled_refund", "pledge_refunded"]
    assert escrow(campaign) == 0
    assert faults() == []


# Success (J2) -----------------------------------------------------------------------------------


def test_success_charges_each_card_once_and_makes_one_order(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=5)
    pledges = [backer(stripe, campaign, number=n) for n in (1, 2)]

    jobs(stripe, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(minutes=5))

    assert [state_of(pledge) for pledge in pledges] == [PledgeState.ORDERED] * 2
    assert len(stripe.world.charges()) == 2
    assert escrow(campaign) == 2 * 3 * 9200
    assert {p.order.total_incl_tax for p in Purchase.objects.all()} == {3 * campaign.price}
    assert told(pledges[0]) == ["pledge_card_saved", "pledge_paid"]
    after = fresh(campaign)
    assert (after.state, after.stage) == (CampaignState.SUCCEEDED, CampaignStage.GROWING)
    assert (after.closed_packs, after.closed_pledges) == (6, 2)
    assert after.closed_amount == 6 * campaign.price
    moved = PledgeStateChange.objects.filter(pledge=pledges[0]).values_list("new", flat=True)
    assert list(moved) == ["active", "due", "ordered"]
    assert faults() == []


def test_wallet_that_paid_at_once_is_not_asked_again(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledge = backer(stripe, campaign, way=PledgeWay.NOW)

    jobs(stripe, at=AFTER)

    assert state_of(pledge) == PledgeState.ORDERED
    assert len(stripe.world.charges()) == 1
    assert told(pledge) == ["pledge_paid_now", "pledge_paid"]
    assert fresh(campaign).stage == CampaignStage.GROWING


def test_link_is_reminded_three_times_and_lapses(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledge = reserved(campaign, way=PledgeWay.LINK)

    for hours in (0, 24, 48, 66, 67, 73):
        jobs(stripe, at=AFTER + timedelta(hours=hours))

    assert state_of(pledge) == PledgeState.LAPSED
    assert told(pledge) == [
        "pledge_link_later",
        "pledge_pay_by_link",
        "pledge_pay_reminder",
        "pledge_pay_reminder",
        "pledge_pay_reminder",
        "pledge_lapsed",
    ]
    assert fresh(campaign).pledged_packs == 0
    assert not Purchase.objects.exists()


def test_link_that_is_paid_becomes_an_order(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledge = reserved(campaign, way=PledgeWay.LINK)
    jobs(stripe, at=AFTER)

    finish(stripe, pledge, means="wechat_pay", at=AFTER)
    jobs(stripe, at=AFTER + timedelta(hours=1))

    assert state_of(pledge) == PledgeState.ORDERED
    assert fresh(campaign).stage == CampaignStage.GROWING
    assert faults() == []


def test_declined_card_is_told_and_dropped_after_seven_days(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    good = backer(stripe, campaign, 5, number=1)
    bad = backer(stripe, campaign, number=2, card=LATER_NO)

    jobs(stripe, at=AFTER)
    waiting = (state_of(good), state_of(bad), fresh(campaign).stage)
    for hours in (48, 96, 144, 7 * 24 + 1, 7 * 24 + 2):
        jobs(stripe, at=AFTER + timedelta(hours=hours))

    assert waiting == (PledgeState.ORDERED, PledgeState.DUE, CampaignStage.COLLECTING)
    assert state_of(bad) == PledgeState.LAPSED
    assert told(bad).count("pledge_card_reminder") == 3
    assert told(bad)[-1] == "pledge_lapsed"
    assert fresh(campaign).pledged_packs == 5
    assert fresh(campaign).stage == CampaignStage.GROWING


def test_too_little_paid_waits_for_a_person(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=8)
    backer(stripe, campaign, 5, number=1)
    backer(stripe, campaign, 5, number=2, card=LATER_NO)
    for hours in (0, 7 * 24 + 1, 7 * 24 + 2):
        jobs(stripe, at=AFTER + timedelta(hours=hours))
    assert fresh(campaign).stage == CampaignStage.SHORTFALL_REVIEW

    with pytest.raises(BadInput):
        decide_shortfall(code=campaign.code, go_on=True, reason=" ", by=None, at=AFTER)
    decide_shortfall(code=campaign.code, go_on=True, reason="单位食堂补上", by=None, at=AFTER)

    assert fresh(campaign).stage == CampaignStage.GROWING
    assert campaign.changes.filter(new="growing").get().reason == "单位食堂补上"
    with pytest.raises(NotAllowed, match="定过"):
        decide_shortfall(code=campaign.code, go_on=False, reason="再想想", by=None, at=AFTER)


def test_too_little_paid_can_be_given_back(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=8)
    paid = backer(stripe, campaign, 5, number=1)
    backer(stripe, campaign, 5, number=2, card=LATER_NO)
    late = AFTER + timedelta(days=8)
    jobs(stripe, at=AFTER)
    jobs(stripe, at=late)

    decide_shortfall(code=campaign.code, go_on=False, reason="凑不够一车", by=None, at=late)
    jobs(stripe, at=late + timedelta(hours=1))

    assert state_of(paid) == PledgeState.REFUNDED
    assert Purchase.objects.get().state == "cancelled"
    assert fresh(campaign).stage == CampaignStage.CLOSED
    assert escrow(campaign) == 0
    assert faults() == []


def test_paused_collection_charges_nobody_new(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3)
    pledge = backer(stripe, campaign)
    Campaign.objects.filter(pk=campaign.pk).update(collection_paused_at=NOON)

    close_campaign(code=campaign.code, at=AFTER)
    asleep = Payment.objects.get(code=pledge.payment_code).state
    pause_collection(code=campaign.code, paused=False, at=AFTER)
    woken = collect(campaign=fresh(campaign), at=AFTER)

    assert asleep == PaymentState.READY
    assert woken == 1


def test_as_ordered_campaign_goes_on_with_what_came(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=20, mode=CampaignMode.AS_ORDERED)
    pledge = backer(stripe, campaign)

    jobs(stripe, at=AFTER)

    assert fresh(campaign).state == CampaignState.SUCCEEDED
    assert state_of(pledge) == PledgeState.ORDERED
