"""Shop credit: brought back from orders, paid out, and checked; every fen has a path."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from notices.models import Notice
from payments.errors import TooMuchBack
from payments.models import Payment, Refund
from shop.models import (
    Credit,
    PledgeState,
    Purchase,
    Remedy,
)
from shop.selectors.credits import credits_of_pledge
from shop.services.credits import pay_out
from shop.services.order_payments import cancel_awaiting
from shop.services.order_refunds import cancel_paid, order_money, refund_order
from shop.services.setbacks import declare_setback
from tests.factories.payouts import delivered, grown, grown_listing
from tests.factories.presale import CampaignFactory
from tests.factories.shop import ListingFactory
from tests.shop.buying import faults, finish, time_out
from tests.shop.crediting import (
    AFTER,
    BUYS,
    SAID,
    SHORT,
    bought,
    left,
    short,
    taken,
    with_credit,
)
from tests.shop.paying import finish as pay_link
from tests.shop.paying import jobs, state_of, stripe
from tests.shop.test_pledge_refunds import deposited

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db


# Back --------------------------------------------------------------------------------------------


def test_unpaid_order_gives_its_credit_back_after_half_an_hour(stripe: Running) -> None:
    credit = with_credit(stripe, 1)
    [order] = bought(ListingFactory())
    assert left(credit) == 0

    time_out(BUYS + timedelta(minutes=31))
    time_out(BUYS + timedelta(minutes=32))

    order.refresh_from_db()
    assert (order.state, left(credit)) == ("cancelled", 9200)
    assert faults() == []


def test_buyer_lets_an_unpaid_order_go_and_buys_with_the_same_credit_again(
    stripe: Running,
) -> None:
    credit = with_credit(stripe, 1)
    [order] = bought(ListingFactory())

    cancel_awaiting(code=order.code, by=None, at=BUYS)
    bought(ListingFactory(), key="checkout-2")

    assert left(credit) == 0
    assert [step.what for step in credits_of_pledge(credit.choice.pledge)[0].steps] == [
        *("given", "spent", "back", "spent")
    ]
    assert faults() == []


def test_cancelled_order_gives_money_to_the_payer_and_credit_to_the_credit(
    stripe: Running,
) -> None:
    credit = with_credit(stripe, 1)
    [order] = bought(ListingFactory())
    finish(stripe, order, at=BUYS)

    cancel_paid(code=order.code, reason="不要了", by=None, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=1))

    assert left(credit) == 9200
    assert [row["amount"] for row in stripe.world.refunds()] == [11600 - 9200]
    assert order_money(order).left == 0
    assert Notice.objects.filter(template="shop.order_credit_back").count() == 1
    assert faults() == []


def test_partial_refund_returns_money_first_and_each_key_once(stripe: Running) -> None:
    credit = with_credit(stripe, 1)
    [order] = bought(ListingFactory())
    finish(stripe, order, at=BUYS)
    told = {"code": order.code, "reason": "少了一份", "by": None, "at": BUYS}

    first = refund_order(**told, amount_fen=5800, key="a")  # type: ignore[arg-type]
    again = refund_order(**told, amount_fen=5800, key="a")  # type: ignore[arg-type]
    only_credit = refund_order(**told, amount_fen=1000, key="b")  # type: ignore[arg-type]
    refund_order(**told, amount_fen=1000, key="b")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="刚才已经退了"):
        refund_order(**told, amount_fen=999, key="b")  # type: ignore[arg-type]
    with pytest.raises(TooMuchBack):
        refund_order(**told, amount_fen=4801, key="c")  # type: ignore[arg-type]

    assert first == again
    assert [row.amount for row in first] == [2400]
    assert only_credit == []
    assert left(credit) == 5800 - 2400 + 1000
    assert order_money(order).left == 11600 - 6800
    assert faults() == []


def test_settled_order_that_credit_paid_pays_the_household_and_can_be_refunded(
    stripe: Running,
) -> None:
    credit = with_credit(stripe)
    listing = grown_listing()
    ticket = grown(listing)
    [order] = bought(listing)

    delivered(order)
    refund_order(code=order.code, amount_fen=5800, reason="退货", key="r", by=None, at=BUYS)

    assert ticket.contract.household.releases.exists()
    assert left(credit) == 27600 - 11600 + 5800
    assert faults() == []


# Out ---------------------------------------------------------------------------------------------


def test_credit_is_paid_out_the_way_it_was_paid_once(stripe: Running) -> None:
    credit = with_credit(stripe)
    pledge = credit.choice.pledge
    bought(ListingFactory())

    pay_out(code=credit.code, at=BUYS)
    with pytest.raises(NotAllowed, match="没有余额"):
        pay_out(code=credit.code, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=1))

    assert [row["amount"] for row in stripe.world.refunds()] == [27600 - 11600]
    assert left(credit) == 0
    assert state_of(pledge) == PledgeState.CREDITED  # some of it went into an order
    assert Notice.objects.filter(template="shop.pledge_refunded").count() == 1
    assert faults() == []


def test_credit_paid_out_whole_ends_the_pledge_as_refunded(stripe: Running) -> None:
    credit = with_credit(stripe)

    pay_out(code=credit.code, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=1))

    assert state_of(credit.choice.pledge) == PledgeState.REFUNDED
    assert faults() == []


def test_credit_that_came_back_after_paying_out_is_paid_out_again(stripe: Running) -> None:
    credit = with_credit(stripe)
    [order] = bought(ListingFactory())
    pay_out(code=credit.code, at=BUYS)

    cancel_paid(code=order.code, reason="不要了", by=None, at=BUYS)
    pay_out(code=credit.code, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=1))

    assert sorted(row["amount"] for row in stripe.world.refunds()) == [11600, 16000]
    assert state_of(credit.choice.pledge) == PledgeState.REFUNDED
    assert faults() == []


def test_credit_older_than_a_wallets_window_is_paid_out_by_bank(stripe: Running) -> None:
    credit = with_credit(stripe)
    Payment.objects.filter(code=credit.payment_code).update(paid_with="alipay")

    refund = pay_out(code=credit.code, at=BUYS + timedelta(days=400))

    assert refund.state == "offline"
    assert left(credit) == 0
    assert faults() == []


def test_credit_of_a_deposit_and_its_rest_goes_back_each_to_its_payment(stripe: Running) -> None:
    campaign = CampaignFactory(goal_packs=3, deposit_percent=20)
    pledge = deposited(stripe, campaign)
    jobs(stripe, at=AFTER)
    pay_link(stripe, pledge, at=AFTER)
    jobs(stripe, at=AFTER + timedelta(minutes=5))
    setback = declare_setback(code=campaign.code, news=SHORT, by=None, at=SAID)
    taken(setback, pledge, Remedy.CREDIT_ALL)

    rest, deposit = Credit.objects.order_by("-given_fen")
    pay_out(code=deposit.code, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=1))
    between = state_of(pledge)
    pay_out(code=rest.code, at=BUYS)
    jobs(stripe, at=BUYS + timedelta(hours=2))

    assert (rest.given_fen, deposit.given_fen) == (22080, 5520)
    assert (rest.payment_code, deposit.payment_code) == (pledge.payment_code, pledge.deposit_code)
    assert (between, state_of(pledge)) == (PledgeState.CREDITED, PledgeState.REFUNDED)
    assert sorted(row["amount"] for row in stripe.world.refunds()) == [5520, 22080]
    assert faults() == []


# The books ---------------------------------------------------------------------------------------


def test_check_names_a_credit_that_does_not_add_up(stripe: Running) -> None:
    credit = with_credit(stripe)

    Credit.objects.filter(pk=credit.pk).update(given_fen=27601)

    assert any(credit.code in fault for fault in faults())
    assert any(credit.payment_code in fault for fault in faults())


STEPS = st.lists(
    st.sampled_from(["buy", "let_go", "pay", "cancel", "refund", "out"]), min_size=1, max_size=8
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_is_done_no_fen_is_lost_or_made(stripe: Running, steps: Sequence[str]) -> None:
    with transaction.atomic():
        credit = with_credit_of_new_campaign(stripe)
        for number, step in enumerate(steps):
            _do(stripe, credit, step, number)
        assert faults() == []
        transaction.set_rollback(True)


def with_credit_of_new_campaign(stripe: Running) -> Credit:
    setback, (pledge,) = short(stripe, 3)
    taken(setback, pledge, Remedy.CREDIT_ALL)
    return Credit.objects.get(choice__pledge=pledge)


def _do(stripe: Running, credit: Credit, step: str, number: int) -> None:
    at = BUYS + timedelta(minutes=number)
    orders = Purchase.objects.filter(checkout_key__startswith="step").order_by("pk")
    waiting, placed = orders.filter(state="awaiting").first(), orders.filter(state="placed").first()
    if step == "buy":
        bought(ListingFactory(), ListingFactory(), key=f"step-{number}", at=at)
    elif step == "let_go" and waiting:
        cancel_awaiting(code=waiting.code, by=None, at=at)
    elif step == "pay" and waiting:
        finish(stripe, waiting, at=at)
    elif step == "cancel" and placed:
        cancel_paid(code=placed.code, reason="不要了", by=None, at=at)
    elif step == "refund" and placed and order_money(placed).left > 3000:
        told = {"code": placed.code, "reason": "少了", "by": None, "at": at}
        refund_order(**told, amount_fen=3000, key=f"r{number}")
    elif step == "out" and left(credit):
        pay_out(code=credit.code, at=at)


def test_refund_rows_name_the_reason_of_a_payout(stripe: Running) -> None:
    credit = with_credit(stripe)

    pay_out(code=credit.code, at=datetime(2026, 12, 1, tzinfo=UTC))

    assert Refund.objects.get().reason == "购物金退成钱"
