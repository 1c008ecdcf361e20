"""Paying from checkout to the receipt, in a browser's steps; and what the desk sees."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from payments.models import Refund
from shop.models import Purchase, ReturnRequest
from tests.factories.growers import VillageShopFactory, person_with
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory, make_collection_station
from tests.logistics.pages import text_of
from tests.shop.buying import paid, send_refunds, stripe, time_out

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
CHECKOUT = "/shop/checkout/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NOON)


@pytest.fixture
def station():
    return make_collection_station(name_zh="云台收购站")


def put_in(client, listing, packs=1):
    client.post(reverse("shop:basket_add", args=[listing.code]), {"packs": packs})


def form_of(client, station, **changes):
    soup = BeautifulSoup(client.get(CHECKOUT).content, "html.parser")
    fields = soup.select("main form input[type=hidden]")
    hidden = {f["name"]: f["value"] for f in fields if f["name"] != "csrfmiddlewaretoken"}
    person = {"name": "测试买家", "mobile": "13800138000", "fulfilment": "collect"}
    return {**hidden, **person, "station": station.pk, "pay": "now", **changes}


def url(name, *args):
    return reverse(f"shop:{name}", args=args)


def remembered(client, *orders):
    """A browser in which these orders were placed."""
    session = client.session
    session["orders"] = [one.code for one in orders]
    session.save()
    return client


def test_guest_pays_two_shops_at_once_and_reads_the_receipt(client, station, stripe):
    put_in(client, ListingFactory(), 2)
    put_in(client, ListingFactory(price=Decimal("30.00")))

    answer = client.post(CHECKOUT, form_of(client, station, gift_note="生日快乐"))
    assert answer.url.startswith(stripe.base)
    stripe.buyer.pay(answer.url)
    first, second = Purchase.objects.order_by("pk")
    page = client.get(url("order_back", first.code), follow=True)

    assert "付好了 ¥146.00，2 家村店，2 张单" in text_of(page)
    order = text_of(client.get(url("order", first.code)))
    assert "网上付了 ¥116.00" in order
    assert "生日快乐" in order
    receipt = text_of(client.get(url("receipt", second.code)))
    assert re.search(r"收据.*网上付了 ¥30.00", receipt)


def test_without_a_provider_checkout_is_as_it_was(client, station):
    put_in(client, ListingFactory())

    page = client.get(CHECKOUT).content.decode()
    client.post(CHECKOUT, form_of(client, station))

    assert 'name="pay"' not in page
    assert 'name="voucher"' not in page
    order = Purchase.objects.get()
    assert (order.state, order.payment_code, order.paid_at) == ("placed", "", None)


def test_paying_on_collection_stays_possible(client, station, stripe):
    put_in(client, ListingFactory())

    page = client.post(CHECKOUT, form_of(client, station, pay="later"), follow=True)

    assert "取货或收货时付 ¥58.00" in text_of(page)
    assert Purchase.objects.get().state == "placed"


def test_a_way_to_pay_must_be_chosen(client, station, stripe):
    put_in(client, ListingFactory())

    page = client.post(CHECKOUT, form_of(client, station, pay=""))

    assert page.status_code == 422
    assert "选一种付钱的办法" in page.content.decode()
    assert not Purchase.objects.exists()


def test_unpaid_order_says_until_when_and_leads_to_pay_again(client, station, stripe):
    put_in(client, ListingFactory())
    first = client.post(CHECKOUT, form_of(client, station))
    order = Purchase.objects.get()

    placed = text_of(client.get(url("placed", order.checkout_key)))
    shown = text_of(client.get(url("order", order.code)))
    again = client.post(url("order_pay", order.code))

    assert "还差付款" in placed
    assert "还没付 ¥58.00" in shown
    assert "等付款" in shown
    assert again.url == first.url
    time_out(NOON + timedelta(minutes=31))
    assert "没有付款，放掉了" in text_of(client.get(url("placed", order.checkout_key)))
    assert "没有收钱" in text_of(client.get(url("order", order.code)))


def test_unreachable_provider_keeps_the_order_and_says_so(client, station, stripe, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody listens there
    put_in(client, ListingFactory())

    page = client.post(CHECKOUT, form_of(client, station), follow=True)

    said = text_of(page)
    assert "付款页暂时打不开" in said
    assert "去付款" in said
    assert Purchase.objects.get().state == "awaiting"


def test_voucher_that_does_not_fit_is_named_at_its_field(client, station, stripe):
    put_in(client, ListingFactory())

    page = client.post(CHECKOUT, form_of(client, station, voucher="NOPE"))

    soup = BeautifulSoup(page.content, "html.parser")
    assert page.status_code == 422
    assert "没有这个券" in soup.select_one("#id_voucher_error").get_text()
    assert not Purchase.objects.exists()


def test_buyer_cancels_a_paid_order_and_gets_all_back(client, stripe):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)

    page = client.post(url("order_cancel", order.code), follow=True)
    send_refunds(stripe)

    assert "已取消" in text_of(page)
    assert "退款 ¥116.00：正在退" in text_of(page)
    assert "退款 ¥116.00：退到了" in text_of(client.get(url("order", order.code)))


def test_stranger_neither_pays_nor_sends_back_nor_asks_an_invoice(client, stripe):
    [order] = paid(stripe, ListingFactory())

    for name in ("order_return", "order_invoice", "order_back"):
        assert client.get(url(name, order.code)).status_code == 404
    assert client.post(url("order_pay", order.code)).status_code == 404


def test_basket_says_that_one_may_pay_now_or_later(client, station, stripe):
    put_in(client, ListingFactory())

    said = text_of(client.get(reverse("shop:basket")))

    assert "下一步选怎么付：现在付，或者拿到货再付" in said
    assert "现在不用付钱" not in said


# The desk ---------------------------------------------------------------------------------------


def test_operator_gives_a_part_back_with_a_reason_and_sees_the_history(client, stripe):
    [order] = paid(stripe, ListingFactory())
    client.force_login(person_with("shop_operator", order.shop))
    address = url("work_refund", order.code)

    shown = text_of(client.get(address))
    much = client.post(address, {"key": "k1", "amount": "116.01", "reason": "少了"})
    done = client.post(address, {"key": "k2", "amount": "58.00", "reason": "少了一份"}, follow=True)
    client.post(address, {"key": "k2", "amount": "58.00", "reason": "少了一份"})

    assert "还能退 ¥116.00" in shown
    assert much.status_code == 422
    assert "只剩 ¥116.00 可退" in text_422(much)
    said = text_of(done)
    assert "还能退 ¥58.00" in said
    assert "少了一份" in said
    assert Refund.objects.count() == 1


def text_422(response):
    assert response.status_code == 422
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_refund_form_gone_back_to_and_changed_says_so_and_then_works(client, stripe):
    [order] = paid(stripe, ListingFactory())
    client.force_login(person_with("shop_operator", order.shop))
    address = url("work_refund", order.code)
    client.post(address, {"key": "k1", "amount": "10.00", "reason": "少了"})

    stale = client.post(address, {"key": "k1", "amount": "20.00", "reason": "少了"})
    key = BeautifulSoup(stale.content, "html.parser").select_one("input[name=key]")["value"]
    again = client.post(address, {"key": key, "amount": "20.00", "reason": "少了"}, follow=True)

    assert "已经退了 ¥10.00" in text_422(stale)
    assert key != "k1"
    assert "还能退 ¥86.00" in text_of(again)


def test_another_shops_operator_finds_no_refund_page(client, stripe):
    [order] = paid(stripe, ListingFactory())
    client.force_login(person_with("shop_operator", VillageShopFactory()))

    assert client.get(url("work_refund", order.code)).status_code == 404


# Returns ----------------------------------------------------------------------------------------


def fetched(listing, **facts):
    return PurchaseFactory(listing=listing, state="delivered", **facts)


def fresh_listing():
    crop = CropFactory(perishable=True)
    return ListingFactory(form=ProductFormFactory(crop=crop))


def confirm(order):
    Purchase.objects.filter(pk=order.pk).update(perishable_confirmed_at=NOON)
    return order


def return_form(order, **changes):
    line = order.order.lines.get()
    return {"line": line.pk, "packs": 1, "kind": "no_reason", "words": "", **changes}


def test_dry_goods_are_sent_back_without_a_reason_and_the_shop_cannot_refuse(client):
    order = remembered(client, fetched(ListingFactory())) and Purchase.objects.get()

    shown = text_of(client.get(url("order_return", order.code)))
    client.post(url("order_return", order.code), return_form(order))
    row = ReturnRequest.objects.get()
    client.force_login(person_with("shop_operator", order.shop))
    refused = client.post(url("work_return", row.code), {"accept": "no", "answer": "不想收"})

    assert "9月4日以前可以无理由退" in shown
    assert "七天无理由是买家的权利" in text_422(refused)
    row.refresh_from_db()
    assert row.state == "asked"


def test_fresh_goods_are_refused_only_because_it_was_confirmed_at_checkout(client):
    confirmed = confirm(fetched(fresh_listing()))
    unasked = fetched(fresh_listing(), checkout_key="second")
    remembered(client, confirmed, unasked)

    refused = client.post(url("order_return", confirmed.code), return_form(confirmed))
    taken = client.post(url("order_return", unasked.code), return_form(unasked))

    assert "下单时勾过“签收后不能无理由退”" in text_422(refused)
    assert taken.status_code == 302
    assert ReturnRequest.objects.get().purchase == unasked


def test_checkout_writes_down_that_it_was_confirmed(client, station, stripe):
    put_in(client, fresh_listing())

    without = client.post(CHECKOUT, form_of(client, station))
    client.post(CHECKOUT, form_of(client, station, accept_perishable="on"))

    assert without.status_code == 422
    assert Purchase.objects.get().perishable_confirmed_at == NOON


def test_seven_days_run_from_the_day_after_receipt(client, monkeypatch):
    order = fetched(ListingFactory())
    remembered(client, order)

    monkeypatch.setattr("core.clock.now", lambda: NOON + timedelta(days=7))
    last_day = text_of(client.get(url("order_return", order.code)))
    monkeypatch.setattr("core.clock.now", lambda: NOON + timedelta(days=8))
    too_late = client.post(url("order_return", order.code), return_form(order))

    assert "可以无理由退" in last_day
    assert "已经过了" in text_422(too_late)
    assert not ReturnRequest.objects.exists()


def test_broken_goods_may_be_refused_only_with_a_reason_the_buyer_reads(client):
    order = confirm(fetched(fresh_listing()))
    remembered(client, order)
    client.post(url("order_return", order.code), return_form(order, kind="damaged", words="烂了"))
    row = ReturnRequest.objects.get()
    client.force_login(person_with("shop_operator", order.shop))
    silent = client.post(url("work_return", row.code), {"accept": "no", "answer": " "})
    client.post(url("work_return", row.code), {"accept": "no", "answer": "照片里是别家的箱子"})
    client.logout()
    remembered(client, order)

    assert "不同意要写原因" in text_422(silent)
    assert "照片里是别家的箱子" in text_of(client.get(url("order", order.code)))


def test_accepted_return_of_a_paid_order_gives_its_money_back_once(client, stripe):
    from tests.factories.payouts import delivered, grown, grown_listing

    listing = grown_listing()
    grown(listing)
    [order] = paid(stripe, listing)
    delivered(order)
    order.refresh_from_db()
    remembered(client, order)
    client.post(url("order_return", order.code), return_form(order))
    row = ReturnRequest.objects.get()
    client.force_login(person_with("shop_operator", order.shop))
    client.post(url("work_return", row.code), {"accept": "yes", "answer": "寄回来"})
    client.post(url("work_return", row.code), {"refund": "1"})
    client.post(url("work_return", row.code), {"refund": "1"})
    send_refunds(stripe)

    row.refresh_from_db()
    assert row.state == "refunded"
    assert [one["amount"] for one in stripe.world.refunds()] == [5800]


# Invoices ---------------------------------------------------------------------------------------

SOUND = "91350100M000100Y43"


def test_company_asks_for_an_invoice_and_the_shop_issues_it(client, stripe):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)
    facts = {"kind": "company", "title": "示例公司", "email": "a@example.com"}

    wrong = client.post(
        url("order_invoice", order.code), {**facts, "tax_number": "91350100M000100Y44"}
    )
    client.post(url("order_invoice", order.code), {**facts, "tax_number": SOUND.lower()})
    client.force_login(person_with("shop_operator", order.shop))
    listed = text_of(client.get(url("work_invoices")))
    table = b"".join(client.get(url("work_invoices_csv")).streaming_content).decode("utf-8-sig")
    client.post(url("work_invoice", order.code), {"number": "26622000000012345678"})

    assert "税号是 18 位统一社会信用代码" in text_422(wrong)
    assert "示例公司" in listed
    assert f"示例公司,{SOUND},a@example.com,116.00" in table
    order.invoice.refresh_from_db()
    assert order.invoice.number == "26622000000012345678"
    again = client.post(url("work_invoice", order.code), {"number": "1"})
    assert "已经开过了" in text_422(again)


def test_invoice_is_only_for_what_was_paid(client):
    order = PurchaseFactory()
    remembered(client, order)
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "a@example.com"}

    answer = client.post(url("order_invoice", order.code), facts)

    assert "付了钱才能开发票" in text_422(answer)


def test_another_shop_sees_no_invoice_and_no_return(client, stripe):
    [order] = paid(stripe, ListingFactory())
    remembered(client, order)
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "a@example.com"}
    client.post(url("order_invoice", order.code), facts)
    client.force_login(person_with("shop_operator", VillageShopFactory()))

    assert "林小满" not in text_of(client.get(url("work_invoices")))
    assert client.post(url("work_invoice", order.code), {"number": "1"}).status_code == 404
