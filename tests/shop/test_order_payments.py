"""One payment over the orders of a checkout: held, paid, timed out, refunded, each once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.errors import BadInput, NotAllowed
from ledger.models import Transfer
from notices.models import Notice
from payments.errors import TooMuchBack
from payments.models import Payment, Refund
from payments.services import refresh
from shop.models import Purchase, Voucher
from shop.money import escrow_of
from shop.services.order_payments import cancel_awaiting, page_to_pay, release_overdue
from shop.services.order_refunds import cancel_paid, order_money, refund_order
from shop.services.stock import stock_records
from tests.factories.growers import UserFactory, VillageShopFactory, person_with
from tests.factories.payouts import delivered, grown, grown_listing
from tests.factories.shop import NOON, ListingFactory
from tests.shop.buying import (
    POOR,
    RETURN,
    awaiting,
    faults,
    finish,
    paid,
    send_refunds,
    stripe,
    time_out,
)

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=31)


def free(listing):
    record = stock_records([listing])[listing.pk]
    return record.num_in_stock - (record.num_allocated or 0)


def states(*orders):
    return [Purchase.objects.get(pk=one.pk).state for one in orders]


def test_two_shops_are_paid_by_one_payment_each_into_its_own_escrow(stripe):
    first, second = ListingFactory(), ListingFactory(price=Decimal("30.00"))
    orders = awaiting(first, second)
    assert states(*orders) == ["awaiting"] * 2
    assert (free(first), free(second)) == (18, 18)

    finish(stripe, orders[1])

    assert states(*orders) == ["placed"] * 2
    assert [charge["amount"] for charge in stripe.world.charges()] == [17600]
    assert Payment.objects.get().parts.count() == 2
    for order, shop, amount in zip(orders, (first.shop, second.shop), (11600, 6000), strict=True):
        order.refresh_from_db()
        assert escrow_of(order) == (f"escrow:shop:{shop.code}", amount)
        assert order.paid_at == NOON
    assert faults() == []


@pytest.mark.parametrize("means", ["alipay", "wechat_pay"])
def test_wallets_pay_on_the_providers_page(stripe, means):
    [order] = awaiting(ListingFactory())

    finish(stripe, order, means=means)

    assert states(order) == ["placed"]


def test_buyer_is_told_once_that_it_is_paid_and_before_that_nothing(stripe):
    [order] = awaiting(ListingFactory())
    assert not Notice.objects.exists()

    finish(stripe, order)
    refresh(code=order.payment_code, at=NOON)

    assert [one.template for one in Notice.objects.all()] == ["shop.order_paid_collect"]


def test_declined_card_leaves_the_order_waiting_and_another_card_pays_it(stripe):
    [order] = awaiting(ListingFactory())

    finish(stripe, order, card=POOR)
    assert states(order) == ["awaiting"]
    finish(stripe, order)

    assert states(order) == ["placed"]
    assert len(stripe.world.charges()) == 1


def test_unpaid_order_frees_its_packs_after_half_an_hour(stripe):
    listing = ListingFactory()
    [order] = awaiting(listing)

    time_out(NOON + timedelta(minutes=29))
    assert states(order) == ["awaiting"]
    time_out(LATER)
    time_out(LATER)

    assert states(order) == ["cancelled"]
    assert free(listing) == 20
    with pytest.raises(NotAllowed):
        page_to_pay(purchase=Purchase.objects.get(), return_url=RETURN, at=LATER)


def test_money_that_comes_after_the_end_goes_back_by_itself(stripe):
    [order] = awaiting(ListingFactory())
    url = page_to_pay(purchase=order, return_url=RETURN, at=NOON)
    time_out(LATER)

    stripe.buyer.pay(url)
    refresh(code=order.payment_code, at=LATER)
    send_refunds(stripe, at=LATER)

    assert states(order) == ["cancelled"]
    assert sum(one["amount"] for one in stripe.world.refunds()) == 11600
    assert faults() == []


def test_lost_message_is_found_by_the_tick(stripe):
    listing = ListingFactory()
    awaiting(listing)
    Payment.objects.update(state="lapsed", ended_at=LATER)  # ended, and nobody told the order

    assert release_overdue(at=LATER) == 1
    assert release_overdue(at=LATER) == 0
    assert free(listing) == 20


def test_buyer_lets_go_of_all_orders_of_the_payment_before_paying(stripe):
    first, second = ListingFactory(), ListingFactory()
    orders = awaiting(first, second)

    cancel_awaiting(code=orders[0].code, by=None, at=NOON)

    assert states(*orders) == ["cancelled"] * 2
    assert (free(first), free(second)) == (20, 20)
    assert Payment.objects.get().state == "void"


def test_paid_order_is_cancelled_with_all_its_money_and_the_other_stays(stripe):
    first, second = ListingFactory(), ListingFactory()
    orders = paid(stripe, first, second)

    cancel_paid(code=orders[0].code, reason="不要了", by=None, at=NOON)
    send_refunds(stripe)

    assert states(*orders) == ["cancelled", "placed"]
    assert order_money(orders[0]).left == 0
    assert [one["amount"] for one in stripe.world.refunds()] == [11600]
    assert escrow_of(orders[1])[1] == 11600
    assert faults() == []


def test_refunds_in_parts_never_come_to_more_than_was_paid(stripe):
    [order] = paid(stripe, ListingFactory())
    operator = person_with("shop_operator", order.shop)
    told = {"code": order.code, "reason": "少了一份", "by": operator, "at": NOON}

    first = refund_order(**told, amount_fen=5800, key="a")
    again = refund_order(**told, amount_fen=5800, key="a")
    with pytest.raises(TooMuchBack):
        refund_order(**told, amount_fen=5801, key="b")
    refund_order(**told, amount_fen=5800, key="c")
    with pytest.raises(TooMuchBack):
        refund_order(**told, amount_fen=1, key="d")
    send_refunds(stripe)

    assert first == again
    assert sum(one["amount"] for one in stripe.world.refunds()) == 11600
    assert {one.reason for one in Refund.objects.all()} == {"少了一份"}
    assert Notice.objects.filter(template="shop.order_refunded").count() == 2
    assert faults() == []


def test_only_the_shops_operator_gives_money_back_and_says_why(stripe):
    [order] = paid(stripe, ListingFactory())
    told = {"code": order.code, "amount_fen": 100, "at": NOON}
    for stranger in (UserFactory(), person_with("shop_operator", VillageShopFactory())):
        with pytest.raises(NotAllowed):
            refund_order(**told, reason="x", key="x", by=stranger)
    with pytest.raises(BadInput):
        refund_order(**told, reason=" ", key="x", by=person_with("shop_operator", order.shop))

    assert not Refund.objects.exists()


def test_refund_after_settlement_takes_nothing_from_the_household(stripe):
    listing = grown_listing()
    ticket = grown(listing)
    [order] = paid(stripe, listing)
    delivered(order)
    home = f"payable:household:{ticket.contract.household.code}"
    owed = sum(Transfer.objects.filter(credit__code=home).values_list("amount", flat=True))
    assert owed > 0

    refund_order(code=order.code, amount_fen=5800, reason="退货", key="r", by=None, at=NOON)
    send_refunds(stripe)

    assert not Transfer.objects.filter(debit__code=home).exists()
    assert sum(one["amount"] for one in stripe.world.refunds()) == 5800
    assert faults() == []


def test_money_paid_through_us_reaches_the_household(stripe):
    listing = grown_listing()
    ticket = grown(listing)
    [order] = paid(stripe, listing)

    delivered(order)

    assert escrow_of(order)[1] == 0
    assert ticket.contract.household.releases.exists()
    assert faults() == []


def make_voucher(**facts):
    defaults = {
        "code": "QIU10",
        "amount": Decimal("10.00"),
        "least_goods": Decimal("100.00"),
        "valid_from": date(2026, 8, 1),
        "valid_to": date(2026, 9, 30),
        "most_uses": 1,
    }
    return Voucher.objects.create(**(defaults | facts))


def test_voucher_is_brought_by_the_platform_and_growers_lose_nothing(stripe):
    make_voucher()
    first, second = ListingFactory(), ListingFactory()

    orders = paid(stripe, first, second, voucher="qiu10")

    assert [one["amount"] for one in stripe.world.charges()] == [22200]
    assert [escrow_of(one)[1] for one in orders] == [11600, 11600]
    assert Voucher.objects.get().used == 1
    assert faults() == []


def test_voucher_comes_back_with_an_order_that_came_to_nothing(stripe):
    make_voucher()
    awaiting(ListingFactory(), ListingFactory(), voucher="QIU10")

    time_out(LATER)

    assert Voucher.objects.get().used == 0


def test_voucher_of_a_refunded_order_goes_back_to_the_platform(stripe):
    make_voucher()
    [order] = paid(stripe, ListingFactory(), voucher="QIU10")

    cancel_paid(code=order.code, reason="不要了", by=None, at=NOON)
    send_refunds(stripe)

    assert [one["amount"] for one in stripe.world.refunds()] == [10600]
    assert escrow_of(order)[1] == 0
    assert faults() == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"code": "OTHER"}, "没有这个券"),
        ({"valid_to": date(2026, 8, 20)}, "用到"),
        ({"least_goods": Decimal("500.00")}, "满"),
        ({"most_uses": 0}, "用完了"),
    ],
)
def test_voucher_that_does_not_fit_says_why(stripe, facts, said):
    make_voucher(**facts)

    with pytest.raises(BadInput, match=said):
        awaiting(ListingFactory(), voucher="QIU10")
