"""What a buyer and a shop read and may still do after an order is paid."""

import json

import pytest
from django.urls import reverse

from notices.models import Notice
from payments import links
from payments.models import Payment
from shop.models import Invoice, Purchase, ReturnRequest
from shop.services.order_refunds import cancel_paid, order_money, refund_order
from tests.factories.growers import person_with
from tests.factories.payouts import delivered, grown, grown_listing
from tests.factories.presale import CampaignFactory
from tests.factories.shop import NOON, ListingFactory
from tests.logistics.pages import text_of
from tests.shop.buying import awaiting, paid, send_refunds, stripe
from tests.shop.paying import backer
from tests.shop.test_order_payments import make_voucher
from tests.shop.test_pay_now_pages import remembered, return_form, url

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


def placed(client, order):
    """The page after checkout, in the browser in which the order was placed."""
    remembered(client, order)
    return text_of(client.get(url("placed", order.checkout_key)))


# The page after checkout ------------------------------------------------------------------------


def test_page_after_checkout_says_what_was_paid_with_a_voucher(client, stripe):
    make_voucher()
    [order] = paid(stripe, ListingFactory(), voucher="QIU10")

    said = placed(client, order)

    assert "付了 ¥106.00" in said
    assert "¥116.00" not in said


def test_page_after_checkout_of_a_paid_order_that_was_cancelled_says_the_money_comes_back(
    client, stripe
):
    [order] = paid(stripe, ListingFactory())
    cancel_paid(code=order.code, reason="不要了", by=None, at=NOON)

    said = placed(client, order)

    assert "没有收钱" not in said
    assert "取消了" in said
    assert "原路退回" in said


# The link to pay --------------------------------------------------------------------------------


def test_paid_link_leads_back_to_the_order_and_asks_a_stranger_for_the_number(client, stripe):
    [order] = paid(stripe, ListingFactory())
    link = links.pay_link(Payment.objects.get())
    back = f"{reverse('shop:find_order')}?code={order.code}"

    assert f'href="{back}"' in client.get(link).content.decode()
    assert client.get(back).status_code == 200
    remembered(client, order)
    assert client.get(back)["Location"] == url("order", order.code)


def test_link_leads_back_to_the_order_before_it_is_paid_too(client, stripe):
    [order] = awaiting(ListingFactory())

    page = client.get(links.pay_link(Payment.objects.get())).content.decode()

    assert f"?code={order.code}" in page


def test_link_of_a_reservation_leads_back_to_it(client, stripe):
    pledge = backer(stripe, CampaignFactory())
    link = links.pay_link(Payment.objects.get())

    page = client.get(link).content.decode()

    assert f'href="{reverse("shop:find_pledge")}?code={pledge.code}"' in page


# Returns ----------------------------------------------------------------------------------------


def accepted(client, stripe, *, packs=1):
    """A delivered order of two packs, and its return that the shop has taken."""
    listing = grown_listing()
    grown(listing)
    [order] = paid(stripe, listing)
    delivered(order)
    order.refresh_from_db()
    remembered(client, order)
    client.post(url("order_return", order.code), return_form(order, packs=packs))
    row = ReturnRequest.objects.get()
    client.force_login(person_with("shop_operator", order.shop))
    client.post(url("work_return", row.code), {"accept": "yes", "answer": "寄回来"})
    return order, row


def test_buyer_cannot_keep_the_goods_while_their_money_is_on_its_way(client, stripe):
    order, row = accepted(client, stripe)
    client.post(url("work_return", row.code), {"refund": "1"})
    client.logout()
    remembered(client, order)

    shown = client.get(url("order", order.code)).content.decode()
    answer = client.post(url("return_withdraw", order.code, row.code), follow=True)

    assert url("return_withdraw", order.code, row.code) not in shown
    assert "钱已经在退了" in text_of(answer)
    row.refresh_from_db()
    assert row.state == "accepted"
    send_refunds(stripe)
    row.refresh_from_db()
    assert row.state == "refunded"


def test_shop_is_told_that_the_money_of_a_return_is_on_its_way(client, stripe):
    _order, row = accepted(client, stripe)

    client.post(url("work_return", row.code), {"refund": "1"})

    page = client.get(url("work_return", row.code)).content.decode()
    assert 'name="refund"' not in page
    assert "正在退" in page


def test_answer_that_comes_too_late_says_so(client, stripe):
    _order, row = accepted(client, stripe)

    late = client.post(
        url("work_return", row.code), {"accept": "no", "answer": "不收"}, follow=True
    )

    assert "已经答复过了" in text_of(late)
    row.refresh_from_db()
    assert (row.state, row.answer) == ("accepted", "寄回来")


@pytest.mark.parametrize(
    ("before", "then", "said"), [(10000, 1600, "原路退回"), (11600, 0, "该退的都退了")]
)
def test_return_gives_back_what_the_desk_has_left(client, stripe, before, then, said):
    order, row = accepted(client, stripe)
    refund_order(code=order.code, amount_fen=before, reason="少了", key="r", by=None, at=NOON)

    answer = client.post(url("work_return", row.code), {"refund": "1"}, follow=True)
    client.post(url("work_return", row.code), {"refund": "1"})
    send_refunds(stripe)

    assert said in text_of(answer)
    row.refresh_from_db()
    assert row.state == "refunded"
    assert order_money(order).left == 0
    amounts = sorted(one["amount"] for one in stripe.world.refunds())
    assert amounts == sorted(filter(None, [before, then]))


# The handing over -------------------------------------------------------------------------------


def test_station_reads_what_the_buyer_paid_with_a_voucher(client, stripe):
    make_voucher()
    [order] = paid(stripe, ListingFactory(), voucher="QIU10")
    Purchase.objects.filter(pk=order.pk).update(state="sent")
    client.force_login(person_with("station_keeper", order.station))

    page = text_of(client.get(reverse("logistics:hand_over", args=[order.code])))

    assert "网上付了 ¥106.00" in page


def test_message_says_what_was_paid_with_a_voucher(client, stripe):
    make_voucher()
    paid(stripe, ListingFactory(), voucher="QIU10")

    told = Notice.objects.get(template="shop.order_paid_collect")
    assert json.loads(told.sealed)["context"]["total"] == "¥106.00"


# Invoices ---------------------------------------------------------------------------------------


def test_invoice_page_says_what_was_asked_and_that_it_may_be_corrected(client, stripe):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "a@example.com"}

    before = text_of(client.get(url("order_invoice", order.code)))
    client.post(url("order_invoice", order.code), facts)
    after = text_of(client.get(url("order_invoice", order.code)))
    client.post(url("order_invoice", order.code), facts | {"title": "林大满"})

    assert "已经交给村店" not in before
    assert "8月28日已经交给村店：¥116.00，抬头林小满，发到 a@example.com" in after
    assert "开出来以前都能改" in after
    assert Invoice.objects.get().title == "林大满"
    assert Purchase.objects.get().invoice.amount_fen == 11600


@pytest.mark.parametrize(("back", "left"), [(1600, 10000), (11600, None)])
def test_invoice_not_issued_yet_is_over_what_the_buyer_did_not_get_back(client, stripe, back, left):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "a@example.com"}
    client.post(url("order_invoice", order.code), facts)

    refund_order(code=order.code, amount_fen=back, reason="少了", key="r", by=None, at=NOON)
    send_refunds(stripe)

    assert Invoice.objects.values_list("amount_fen", flat=True).first() == left


def test_invoice_that_was_issued_stays_as_it_is(client, stripe):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "a@example.com"}
    client.post(url("order_invoice", order.code), facts)
    client.force_login(person_with("shop_operator", order.shop))
    client.post(url("work_invoice", order.code), {"number": "26622000000012345678"})

    refund_order(code=order.code, amount_fen=1600, reason="少了", key="r", by=None, at=NOON)
    send_refunds(stripe)

    assert Invoice.objects.get().amount_fen == 11600
