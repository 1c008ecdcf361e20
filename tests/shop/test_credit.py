"""Shop credit: given after a short harvest, and spent; every fen has a path."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput
from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Account, Transfer
from notices.models import Notice
from payments.errors import TooMuchBack
from payments.models import Payment
from payments.services import put_back, set_aside
from shop.models import (
    Credit,
    CreditUse,
    PledgeState,
    Purchase,
    Remedy,
    SetbackKind,
    Voucher,
)
from shop.money import escrow_of
from shop.selectors.credits import Holder, credit_left, credits_of
from shop.selectors.setbacks import weight_to_send
from shop.services.invoices import invoice_fen
from shop.services.joining import join_guest_orders
from shop.services.order_payments import due_fen
from shop.services.order_refunds import order_money, refund_order
from shop.services.setbacks import News
from tests.factories.growers import UserFactory
from tests.factories.shop import ListingFactory
from tests.shop.buying import faults, finish
from tests.shop.crediting import BUYS, HOLDER, MOBILE, SAID, bought, left, short, taken, with_credit
from tests.shop.paying import jobs, state_of, stripe

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db


# Given -------------------------------------------------------------------------------------------


def test_part_is_sent_and_the_rest_is_kept_as_credit(stripe: Running) -> None:
    setback, (pledge,) = short(stripe, 3)

    taken(setback, pledge, Remedy.CREDIT)
    jobs(stripe, at=BUYS)

    credit = Credit.objects.get()
    assert credit.given_fen == left(credit) == 3 * 9200 * 40 // 100
    assert (credit.mobile, credit.user) == (MOBILE, None)
    assert weight_to_send(pledge) == 3 * 500 * 60 // 100
    assert state_of(pledge) == PledgeState.ORDERED
    assert stripe.world.refunds() == []
    assert Notice.objects.filter(template="shop.setback_credit").count() == 1
    assert faults() == []


def test_all_of_it_is_kept_as_credit_and_the_order_is_dropped(stripe: Running) -> None:
    setback, (pledge,) = short(stripe, 3)

    taken(setback, pledge, Remedy.CREDIT_ALL)
    jobs(stripe, at=setback.choose_by)

    assert left(Credit.objects.get()) == 3 * 9200
    assert state_of(pledge) == PledgeState.CREDITED
    assert pledge.order_link.order.purchase.state == "cancelled"
    assert not Notice.objects.filter(template="shop.order_cancelled_paid").exists()
    escrow = Account.objects.get(code=f"escrow:campaign:{pledge.campaign.code}")
    assert balance_of(escrow) == 0
    assert stripe.world.refunds() == []
    assert faults() == []


def test_what_became_credit_cannot_be_refunded_as_well(stripe: Running) -> None:
    setback, (pledge, _other) = short(stripe, 3, 2)
    taken(setback, pledge, Remedy.CREDIT)
    order = pledge.order_link.order.purchase

    assert order_money(order).left == invoice_fen(order) == 3 * 9200 * 60 // 100
    with pytest.raises(TooMuchBack):
        refund_order(code=order.code, amount_fen=16561, reason="少了", key="a", by=None, at=BUYS)
    payment = Payment.objects.get(code=pledge.payment_code)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refunded=payment.paid)


@pytest.mark.parametrize("amount", [0, -1, 27601])
def test_no_more_is_set_aside_than_was_paid(stripe: Running, amount: int) -> None:
    _setback, (pledge,) = short(stripe, 3)
    told = {"code": pledge.payment_code or "", "subject": f"pledge:{pledge.code}"}

    with pytest.raises(TooMuchBack):
        set_aside(**told, amount=amount)
    with pytest.raises(TooMuchBack):
        put_back(**told, amount=1)


def test_no_harvest_leaves_three_days_for_credit_and_then_gives_money_back(
    stripe: Running,
) -> None:
    news = News(SetbackKind.FAILED, "雹灾，一颗没剩")
    setback, (credit, at_once, silent) = short(stripe, 3, 2, 1, news=news)
    assert setback.choose_by == SAID + timedelta(days=3)

    taken(setback, credit, Remedy.CREDIT_ALL)
    taken(setback, at_once, Remedy.REFUND)
    jobs(stripe, at=setback.choose_by - timedelta(minutes=1))
    early = [state_of(one) for one in (credit, at_once, silent)]
    jobs(stripe, at=setback.choose_by)
    jobs(stripe, at=setback.choose_by + timedelta(hours=1))

    assert early == [PledgeState.CREDITED, PledgeState.REFUNDED, PledgeState.REFUNDING]
    assert state_of(silent) == PledgeState.REFUNDED
    assert sorted(row["amount"] for row in stripe.world.refunds()) == [9200, 18400]
    setback.campaign.refresh_from_db()
    assert setback.campaign.stage == "closed"
    assert faults() == []


# Spent -------------------------------------------------------------------------------------------


def test_credit_pays_first_and_the_provider_is_asked_for_the_rest(stripe: Running) -> None:
    setback, (pledge,) = short(stripe, 3)
    taken(setback, pledge, Remedy.CREDIT)  # 110.40

    [order] = bought(ListingFactory())

    assert Payment.objects.get(code=order.payment_code).amount == due_fen(order) == 11600 - 11040
    assert credit_left(HOLDER) == 0
    finish(stripe, order, at=BUYS)
    assert order.state == "placed"
    assert escrow_of(order) == (f"escrow:shop:{order.shop.code}", 11600)
    assert order_money(order).left == invoice_fen(order) == 11600
    assert faults() == []


def test_nothing_left_to_pay_places_the_orders_at_once(stripe: Running) -> None:
    credit = with_credit(stripe)  # 276.00
    first, second = ListingFactory(), ListingFactory(price=Decimal("30.00"))

    orders = bought(first, second)

    assert {one.state for one in orders} == {"placed"}
    assert {one.payment_code for one in orders} == {""}
    assert {one.paid_at for one in orders} == {BUYS}
    assert left(credit) == 27600 - 17600
    assert [escrow_of(one)[1] for one in orders] == [11600, 6000]  # type: ignore[index]
    assert Notice.objects.filter(template="shop.order_paid_collect").count() == 2
    assert faults() == []


def test_voucher_comes_before_credit(stripe: Running) -> None:
    credit = with_credit(stripe)
    Voucher.objects.create(
        code="QIU10",
        amount=Decimal("10.00"),
        least_goods=Decimal("100.00"),
        valid_from=date(2026, 8, 1),
        valid_to=date(2026, 9, 30),
        most_uses=1,
    )

    [order] = bought(ListingFactory(), voucher="QIU10")

    assert left(credit) == 27600 - 10600
    assert escrow_of(order)[1] == 11600  # type: ignore[index]
    assert faults() == []


def test_several_credits_are_spent_the_oldest_first(stripe: Running) -> None:
    older, newer = with_credit(stripe, 1), None
    setback, (pledge,) = short(stripe, 1)
    taken(setback, pledge, Remedy.CREDIT_ALL)
    newer = Credit.objects.exclude(pk=older.pk).get()

    bought(ListingFactory())

    assert (left(older), left(newer)) == (0, 18400 - 11600)
    assert list(CreditUse.objects.values_list("amount_fen", flat=True)) == [9200, 2400]
    assert faults() == []


def test_credit_that_is_not_what_was_shown_orders_nothing(stripe: Running) -> None:
    credit = with_credit(stripe)

    with pytest.raises(BadInput, match="刚刚变了") as refused:
        bought(ListingFactory(), seen=27601)

    assert refused.value.field == "use_credit"
    assert not Purchase.objects.filter(checkout_key="checkout-1").exists()
    assert left(credit) == 27600


def test_stranger_spends_nothing_of_somebody_elses_credit(stripe: Running) -> None:
    credit = with_credit(stripe)
    owner = UserFactory(mobile=MOBILE)
    stranger = UserFactory(mobile="13911111111")

    assert credit_left(Holder(user=stranger)) == credit_left(Holder(mobile="13911111111")) == 0
    assert credit_left(Holder(user=owner)) == 0  # its number is not proved yet
    join_guest_orders(user=owner, mobile=MOBILE, at=BUYS)
    assert credit_left(Holder(user=owner)) == credit_left(HOLDER) == 27600

    Credit.objects.filter(pk=credit.pk).update(user=stranger)  # reserved for this number by another
    assert not credits_of(HOLDER).exists()
    assert not credits_of(Holder()).exists()


def test_the_database_itself_refuses_to_overdraw_a_credit(stripe: Running) -> None:
    credit = with_credit(stripe, 1)
    bank = Account.objects.get(code="stripe_clearing")

    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(
            key="theft",
            kind="refund",
            debit_id=credit.account_id,
            credit=bank,
            amount=9201,
            subject="pledge:x",
            made_by="test",
            at=BUYS,
        )

    assert left(credit) == 9200
