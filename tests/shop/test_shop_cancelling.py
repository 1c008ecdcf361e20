"""The shop cancels what it cannot send: once, with a reason, and the money goes back."""

from decimal import Decimal

import pytest
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from ledger.models import Transfer
from logistics.selectors.line_money import lines_money
from payments.models import Refund
from shop.models import Credit, LineCancellation, PurchaseState
from shop.money import escrow_of
from shop.selectors.orders import named_goods
from shop.services.moving import move_order
from shop.services.order_refunds import order_money, refund_order
from shop.services.shop_cancelling import cancel_lines
from tests.factories.growers import person_with
from tests.factories.shop import NOON, ListingFactory
from tests.logistics.pages import text_of
from tests.notices.inbox import texts_to
from tests.shop.buying import awaiting, faults, paid, send_refunds, stripe
from tests.shop.crediting import BUYS, bought, left, with_credit
from tests.shop.test_order_payments import make_voucher
from tests.shop.test_pay_now_pages import remembered, url

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
WHY = "雨后开裂，挑不出够好的"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


def two_lines(stripe, **facts):
    """A paid order of two packs of two things of one shop: 116.00 and 60.00."""
    first = ListingFactory()
    second = ListingFactory(shop=first.shop, price=Decimal("30.00"))
    [order] = paid(stripe, first, second, **facts)
    return order, list(order.order.lines.order_by("pk"))


def cancelled(order, lines, *, by=None, reason=WHY, at=NOON):
    return cancel_lines(
        code=order.code, line_pks=[one.pk for one in lines], reason=reason, by=by, at=at
    )


def allocated(line):
    record = get_model("partner", "StockRecord").objects.get(pk=line.stockrecord_id)
    return record.num_allocated


def vouchers_back():
    return sum(
        Transfer.objects.filter(credit__code="platform:vouchers").values_list("amount", flat=True)
    )


def told(order):
    return texts_to(order.mobile)


def test_some_lines_go_and_the_order_stands(stripe):
    order, (first, second) = two_lines(stripe)

    cancelled(order, [second])
    send_refunds(stripe)

    order.refresh_from_db()
    assert order.state == PurchaseState.PLACED
    assert (order_money(order).refunded, order_money(order).left) == (6000, 11600)
    assert (allocated(first), allocated(second)) == (2, 0)
    assert [row.reason for row in Refund.objects.all()] == [WHY]
    assert faults() == []


def test_two_clicks_are_one_effect(stripe):
    order, (_first, second) = two_lines(stripe)

    cancelled(order, [second])
    cancelled(order, [second], reason="又按了一次")

    assert LineCancellation.objects.get().reason == WHY
    assert (Refund.objects.count(), allocated(second)) == (1, 0)


def test_the_last_line_takes_the_order_with_it(stripe):
    make_voucher()
    order, (first, second) = two_lines(stripe, voucher="QIU10")
    cancelled(order, [first])

    cancelled(order, [second])
    cancelled(order, [first, second])
    send_refunds(stripe)

    order.refresh_from_db()
    assert (order.state, order_money(order).left) == (PurchaseState.CANCELLED, 0)
    assert (allocated(first), allocated(second)) == (0, 0)
    assert faults() == []


def test_a_vouchers_part_of_a_cancelled_line_goes_back_to_the_platform(stripe):
    make_voucher()
    order, (first, second) = two_lines(stripe, voucher="QIU10")

    cancelled(order, [second])

    # 60.00 less its share of the voucher went to the buyer, the share to the platform.
    assert order_money(order).refunded == 5659
    assert escrow_of(order)[1] == 11600
    assert vouchers_back() == 341
    cancelled(order, [first])
    assert escrow_of(order)[1] == 0
    assert vouchers_back() == 1000
    assert order_money(order).left == 0
    assert faults() == []


def test_after_a_desk_refund_the_voucher_comes_back_once(stripe):
    make_voucher()
    order, (_first, second) = two_lines(stripe, voucher="QIU10")
    refund_order(code=order.code, amount_fen=16000, reason="赔", key="d:1", by=None, at=NOON)

    cancelled(order, [second])

    assert (order_money(order).left, escrow_of(order)[1]) == (0, 0)
    assert vouchers_back() == 1000
    assert faults() == []


def test_lines_go_together_for_no_more_than_a_desk_refund_left(stripe):
    first = ListingFactory()
    others = [ListingFactory(shop=first.shop, price=Decimal(price)) for price in (30, 5)]
    [order] = paid(stripe, first, *others)
    refund_order(code=order.code, amount_fen=15000, reason="赔", key="d:1", by=None, at=NOON)

    cancelled(order, list(order.order.lines.order_by("pk"))[:2])

    assert order_money(order).left == 0
    assert LineCancellation.objects.count() == 2
    assert faults() == []


def test_what_is_sent_names_only_the_lines_that_stand(stripe):
    order, (first, second) = two_lines(stripe)
    cancelled(order, [first])

    for state in (PurchaseState.PACKED, PurchaseState.SENT):
        move_order(code=order.code, to=state, by=None, at=NOON)

    said = told(order)[-1]
    assert named_goods([second])[0] in said
    assert "等 2 样" not in said


def test_credit_goes_back_to_credit(stripe):
    credit = with_credit(stripe)
    before = left(credit)
    [order] = bought(ListingFactory())
    assert left(credit) < before

    cancelled(order, order.order.lines.all(), at=BUYS)

    assert left(Credit.objects.get()) == before
    assert faults() == []


def test_what_is_packed_is_not_cancelled(stripe):
    order, lines = two_lines(stripe)
    get_model("partner", "StockRecord").objects.update(num_in_stock=9)
    move_order(code=order.code, to=PurchaseState.PACKED, by=None, at=NOON)

    with pytest.raises(NotAllowed, match="已打包"):
        cancelled(order, lines)

    assert not LineCancellation.objects.exists()


def test_cancelled_lines_are_not_packed_and_bring_nobody_anything(stripe):
    order, (first, second) = two_lines(stripe)
    get_model("partner", "StockRecord").objects.update(num_in_stock=9)
    cancelled(order, [second])

    move_order(code=order.code, to=PurchaseState.PACKED, by=None, at=NOON)

    records = get_model("partner", "StockRecord").objects
    in_hand = [records.get(pk=one.stockrecord_id).num_in_stock for one in (first, second)]
    assert in_hand == [7, 9]
    lines, carriage = lines_money(order, available_fen=11600)
    assert [one.line_id for one in lines] == [first.pk]
    assert carriage == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(stripe, reason):
    order, lines = two_lines(stripe)

    with pytest.raises(BadInput, match="为什么"):
        cancelled(order, lines, reason=reason)


def test_an_order_that_waits_for_its_payment_is_left_to_its_end(stripe):
    [order] = awaiting(ListingFactory())

    with pytest.raises(NotAllowed, match="等付款"):
        cancelled(order, order.order.lines.all())


def test_other_shops_lines_are_not_touched(stripe):
    order, lines = two_lines(stripe)
    [other] = paid(stripe, ListingFactory(), key="other")
    operator = person_with("shop_operator", other.shop)

    with pytest.raises(NotAllowed):
        cancelled(order, lines, by=operator)
    with pytest.raises(BadInput, match="勾上"):
        cancelled(other, lines, by=operator)


# Pages ------------------------------------------------------------------------------------------


def test_operator_cancels_on_the_page_and_the_buyer_reads_why(client, stripe):
    order, (first, second) = two_lines(stripe)
    client.force_login(person_with("shop_operator", order.shop))
    page = url("work_order_cancel", order.code)
    form = {"lines": [second.pk], "reason": WHY}

    empty = client.post(page, {"lines": [second.pk], "reason": ""})
    done = client.post(page, form, follow=True)
    again = client.post(page, form, follow=True)

    assert empty.status_code == 422
    assert 'id="id_reason_error"' in empty.content.decode()
    assert "取消好了" in text_of(done)
    assert "没有再取消" in text_of(again)
    assert WHY in text_of(again)
    client.logout()
    remembered(client, order)
    shown = text_of(client.get(url("order", order.code)))
    assert f"村店取消了：{WHY}" in shown
    assert "其中 ¥60.00 退回" in shown
    assert any(WHY in one for one in told(order))
    assert first.pk != second.pk


def test_a_strangers_shop_finds_no_such_order(client, stripe):
    order, _lines = two_lines(stripe)
    other = ListingFactory().shop
    client.force_login(person_with("shop_operator", other))

    assert client.get(url("work_order_cancel", order.code)).status_code == 404
