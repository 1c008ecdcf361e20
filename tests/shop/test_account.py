"""The account: orders and reservations by state, the table to take away, receipt, old forms."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from core.tables import harmless
from shop.contact import Contact, Wanted
from shop.models import Purchase, PurchaseState, ShareKind
from shop.selectors.order_steps import is_late, what_next
from shop.services.moving import receive_payment
from shop.services.placing import place_orders
from shop.services.price_split import publish_split
from tests.factories.growers import UserFactory
from tests.factories.presale import CampaignFactory, PledgeFactory
from tests.factories.shop import (
    BUYER,
    NOON,
    ListingFactory,
    PurchaseFactory,
    delivery_to_gansu,
    make_collection_station,
)
from tests.shop.test_checkout import CHECKOUT, put_in, typed

pytestmark = pytest.mark.django_db
BACKEND = "growers.sign_in.MobileOrCardBackend"
TODAY = NOON.date()


@pytest.fixture
def user(client):
    person = UserFactory(display_name="林小满", mobile="13700137000")
    client.force_login(person, backend=BACKEND)
    return person


def codes(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return [one.text for one in soup.select(".bought .top .code")]


@pytest.mark.parametrize(
    ("group", "states"),
    [
        ("", ["cancelled", "delivered", "sent", "packed", "placed"]),
        ("open", ["sent", "packed", "placed"]),
        ("delivered", ["delivered"]),
        ("cancelled", ["cancelled"]),
        ("nonsense", ["cancelled", "delivered", "sent", "packed", "placed"]),
    ],
)
def test_orders_are_shown_by_state(client, user, group, states):
    listing = ListingFactory(packs=40)
    made = {}
    for n, state in enumerate(["placed", "packed", "sent", "delivered", "cancelled"]):
        at = NOON + timedelta(hours=n)
        made[state] = PurchaseFactory(user=user, listing=listing, state=state, at=at)

    response = client.get("/account/", {"state": group})

    assert codes(response) == [made[state].code for state in states]


def test_filter_counts_every_group(client, user):
    listing = ListingFactory(packs=40)
    for state in ("placed", "delivered", "delivered"):
        PurchaseFactory(user=user, listing=listing, state=state)

    soup = BeautifulSoup(client.get("/account/").content, "html.parser")

    assert [one.get_text(" ", strip=True) for one in soup.select(".tabs a")] == [
        "全部 3",
        "在路上 1",
        "已收到 2",
        "已取消 0",
    ]


def test_orders_come_ten_to_a_page_and_the_filter_stays(client, user):
    listing = ListingFactory(packs=60)
    for _ in range(11):
        PurchaseFactory(user=user, listing=listing, packs=1)

    first = client.get("/account/", {"state": "open"})
    second = client.get("/account/", {"state": "open", "page": 2})

    assert (len(codes(first)), len(codes(second))) == (10, 1)
    assert "?state=open&amp;page=2" in first.content.decode()


def test_reservations_are_shown_by_state(client, user):
    campaign = CampaignFactory()
    waiting = PledgeFactory(user=user, campaign=campaign)
    lost = PledgeFactory(user=user, campaign=campaign, state="released")
    PledgeFactory(campaign=campaign)

    everything = client.get(reverse("shop:reservations"))
    ended = client.get(reverse("shop:reservations"), {"state": "ended"})
    front = client.get("/account/")

    assert set(codes(everything)) == {waiting.code, lost.code}
    assert codes(ended) == [lost.code]
    assert codes(front) == [waiting.code]


@pytest.mark.parametrize("name", ["shop:account", "shop:reservations", "shop:orders_csv"])
def test_lists_ask_no_more_when_they_are_longer(client, user, name, django_assert_max_num_queries):
    listing, campaign = ListingFactory(packs=40), CampaignFactory()

    def one_more():
        PurchaseFactory(user=user, listing=listing)
        PledgeFactory(user=user, campaign=campaign)

    def look():
        answer = client.get(reverse(name))
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    one_more()
    look()
    with django_assert_max_num_queries(15) as one:
        short = look()
    one_more()
    one_more()

    with django_assert_max_num_queries(15) as three:
        long = look()

    assert len(one) == len(three)
    assert len(long) > len(short)


# The table --------------------------------------------------------------------------------------


def table(client):
    answer = client.get(reverse("shop:orders_csv"))
    text = b"".join(answer.streaming_content).decode()
    return answer, text, list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_table_holds_every_own_line_once(client, user):
    mine = PurchaseFactory(user=user, fulfilment=delivery_to_gansu())
    PurchaseFactory(user=UserFactory())

    answer, text, rows = table(client)

    assert text.startswith("\ufeff")
    assert answer.streaming
    assert "attachment" in answer["Content-Disposition"]
    assert [row["订单号"] for row in rows] == [mine.code]
    assert (rows[0]["份数"], rows[0]["单价"], rows[0]["金额"]) == ("2", "58.00", "116.00")
    assert rows[0]["整单合计"] == str(mine.order.total_incl_tax)
    assert rows[0]["到哪"] == "甘肃省 兰州市 测试路 1 号"
    assert rows[0]["下单时间"] == "2026-08-28 12:00"


def test_carriage_and_total_are_written_once_an_order(client, user):
    first = ListingFactory()
    second = ListingFactory(shop=first.shop)
    place_orders(
        basket_lines=[Wanted(first, 1), Wanted(second, 1)],
        contact=BUYER,
        fulfilment=delivery_to_gansu(),
        checkout_key="two-lines",
        user=user,
        at=NOON,
    )

    _answer, _text, rows = table(client)

    assert len(rows) == 2
    assert bool(rows[0]["整单合计"])
    assert (rows[1]["运费"], rows[1]["整单合计"]) == ("", "")


@pytest.mark.parametrize("name", ["=1+1", "+86", "-2", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_no_cell_is_a_formula(client, user, name):
    PurchaseFactory(user=user, contact=Contact(name=name, mobile="13800138000"))

    _answer, _text, rows = table(client)

    assert rows[0]["收货人"] == f"'{name}"
    assert harmless("张三") == "张三"


# What comes next --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "collect", "delivery"),
    [
        ("placed", "接下来村店称重装箱，", "接下来村店称重装箱，"),
        ("packed", "接下来送往站点，", "接下来交给快递，"),
        ("sent", "正送往站点，", "快递在路上，"),
        ("delivered", "", ""),
        ("cancelled", "", ""),
    ],
)
def test_what_comes_next_is_said_in_words(state, collect, delivery):
    fetched = PurchaseFactory(state=state)
    posted = PurchaseFactory(state=state, fulfilment=delivery_to_gansu())

    assert what_next(fetched, on=TODAY).startswith(collect)
    assert what_next(posted, on=TODAY).startswith(delivery)
    assert bool(what_next(fetched, on=TODAY)) == bool(collect)


def test_a_late_order_says_so(client, user):
    purchase = PurchaseFactory(user=user)
    day_after = purchase.promised_to_on + timedelta(days=1)

    assert not is_late(purchase, on=purchase.promised_to_on)
    assert "现在晚了" in what_next(purchase, on=day_after)
    purchase.state = PurchaseState.DELIVERED
    assert not is_late(purchase, on=day_after)


# Receipt ----------------------------------------------------------------------------------------


def pay(purchase):
    receive_payment(
        code=purchase.code,
        amount=purchase.order.total_incl_tax,
        means="cash",
        by=UserFactory(),
        at=NOON,
    )


def test_receipt_adds_up(client, user):
    purchase = PurchaseFactory(user=user, state="delivered", fulfilment=delivery_to_gansu())
    pay(purchase)

    page = client.get(reverse("shop:receipt", args=[purchase.code])).content.decode()

    order = purchase.order
    assert order.total_incl_tax == Decimal("116.00") + order.shipping_incl_tax
    for text in ("收据", "¥116.00", f"¥{order.shipping_incl_tax}", f"¥{order.total_incl_tax}"):
        assert text in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_receipt_of_an_unpaid_order_claims_no_payment(client, user):
    purchase = PurchaseFactory(user=user)

    page = client.get(reverse("shop:receipt", args=[purchase.code])).content.decode()

    assert "购货单" in page
    assert "还没有付钱，交货时付 ¥116.00。" in page


def test_receipt_shows_where_the_money_goes_only_while_it_adds_up(client, user):
    purchase = PurchaseFactory(user=user)
    listing = purchase.order.lines.get().product.listing
    amounts = dict(zip(ShareKind, map(Decimal, (40, 5, 4, 6, 3)), strict=True))
    publish_split(listing=listing, amounts=amounts)
    address = reverse("shop:receipt", args=[purchase.code])

    shown = client.get(address).content.decode()
    purchase.order.lines.update(unit_price_incl_tax=Decimal("60.00"))
    changed = client.get(address).content.decode()

    assert "这 ¥116.00 去了哪里" in shown
    assert "¥80.00" in shown  # the grower's forty, twice
    assert "去了哪里" not in changed


@pytest.mark.parametrize("name", ["shop:receipt", "shop:order_again"])
def test_others_orders_are_not_found(client, user, name):
    theirs = PurchaseFactory(user=UserFactory())
    address = reverse(name, args=[theirs.code])

    answer = client.get(address) if name == "shop:receipt" else client.post(address)

    assert answer.status_code == 404


# Forms that stayed open too long ----------------------------------------------------------------


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def old_form(client, **headers):
    station = make_collection_station()
    put_in_strictly(client)
    data = {**typed(client, station=station.pk, name="填了一半"), "csrfmiddlewaretoken": "x" * 64}
    return client.post(CHECKOUT, data, headers=headers)


def put_in_strictly(client):
    client.handler.enforce_csrf_checks = False
    put_in(client, ListingFactory())
    client.handler.enforce_csrf_checks = True


def test_an_old_form_orders_nothing_and_keeps_what_was_typed(strict):
    response = old_form(strict, origin="http://testserver")

    page = response.content.decode()
    assert response.status_code == 403
    assert "这一页放久了，还没有下单。填的都在" in page
    assert "填了一半" in page
    assert not Purchase.objects.exists()


def test_a_form_from_elsewhere_is_not_filled_in(strict):
    response = old_form(strict, origin="http://elsewhere.example")

    page = response.content.decode()
    assert response.status_code == 403
    assert "这一页放久了，什么都没有改动" in page
    assert "填了一半" not in page


def test_other_old_forms_get_a_plain_page(strict):
    response = strict.post("/sign-out/", headers={"origin": "http://testserver"})

    assert response.status_code == 403
    assert "什么都没有改动" in response.content.decode()


def test_an_emptied_basket_keeps_who_and_where_for_the_next(client):
    station = make_collection_station()
    put_in(client, ListingFactory())
    data = typed(client, station=station.pk, name="填了一半")
    client.post(reverse("shop:basket_change", args=[_line()]), {"remove": "1"})

    refused = client.post(CHECKOUT, data, follow=True).content.decode()
    put_in(client, ListingFactory())

    assert "篮子是空的，或者已经下过单了。" in refused
    assert "填了一半" in client.get(CHECKOUT).content.decode()


def _line():
    return get_model("basket", "Line").objects.get().pk
