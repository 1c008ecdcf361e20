"""Order pages: for the buyer, for who has code and mobile, and for nobody else."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from core.codes import check_character
from shop.services.moving import receive_payment
from tests.factories.growers import UserFactory
from tests.factories.shop import (
    NOON,
    ListingFactory,
    PurchaseFactory,
    delivery_to_gansu,
)

pytestmark = pytest.mark.django_db
BACKEND = "growers.sign_in.MobileOrCardBackend"


def page_of(client, purchase):
    return client.get(reverse("shop:order", args=[purchase.code]))


def look_up(client, code, mobile):
    return client.post("/shop/find-order/", {"code": code, "mobile": mobile})


def test_stranger_gets_404_where_the_owner_sees_the_order(client):
    owner, stranger = UserFactory(), UserFactory()
    purchase = PurchaseFactory(user=owner)

    client.force_login(owner, backend=BACKEND)
    seen = page_of(client, purchase)
    client.force_login(stranger, backend=BACKEND)
    refused = page_of(client, purchase)

    assert (seen.status_code, refused.status_code) == (200, 404)


def test_guest_without_proof_gets_404(client):
    assert page_of(client, PurchaseFactory()).status_code == 404


def test_code_and_mobile_open_the_order(client):
    purchase = PurchaseFactory()

    response = look_up(client, purchase.code.lower(), "138 0013 8000")

    assert response["Location"] == reverse("shop:order", args=[purchase.code])
    assert page_of(client, purchase).status_code == 200


def test_right_code_with_a_wrong_mobile_opens_nothing(client):
    purchase = PurchaseFactory()

    response = look_up(client, purchase.code, "13900000000")

    assert response.status_code == 422
    assert "订单号和手机号要对得上" in response.content.decode()
    assert page_of(client, purchase).status_code == 404


def test_unknown_code_says_the_same_as_a_wrong_mobile(client):
    response = look_up(client, "SD-2222222" + check_character("2222222"), "13800138000")

    assert "订单号和手机号要对得上" in response.content.decode()


def test_mistyped_code_is_told_by_its_check_character(client):
    purchase = PurchaseFactory()
    wrong = purchase.code[:-1] + ("2" if purchase.code[-1] != "2" else "3")

    response = look_up(client, wrong, "13800138000")

    assert "订单号抄错了一位" in response.content.decode()


def test_order_page_says_station_lines_and_what_to_pay(client):
    purchase = PurchaseFactory(user=UserFactory(), packs=2)
    client.force_login(purchase.user, backend=BACKEND)

    page = page_of(client, purchase).content.decode()

    for text in (
        purchase.code,
        purchase.station.name,
        purchase.order.lines.get().title,
        "取货时付 ¥116.00，现金或扫码。",
        "138****8000",
    ):
        assert text in page
    assert "13800138000" not in page


def test_delivery_order_says_where_it_goes(client):
    purchase = PurchaseFactory(user=UserFactory(), fulfilment=delivery_to_gansu())
    client.force_login(purchase.user, backend=BACKEND)

    page = page_of(client, purchase).content.decode()

    assert "甘肃省 兰州市 测试路 1 号" in page
    assert "给快递员" in page


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("placed", ["here", "next", "next", "next"]),
        ("packed", ["done", "here", "next", "next"]),
        ("sent", ["done", "done", "here", "next"]),
        ("delivered", ["done", "done", "done", "done"]),
        ("cancelled", ["done", "failed"]),
    ],
)
def test_timeline_follows_the_state(client, state, expected):
    purchase = PurchaseFactory(user=UserFactory(), state=state)
    client.force_login(purchase.user, backend=BACKEND)

    soup = BeautifulSoup(page_of(client, purchase).content, "html.parser")

    assert [step["class"][0] for step in soup.select("ol.steps li")] == expected


def test_paid_order_says_when_and_how(client):
    purchase = PurchaseFactory(user=UserFactory(), state="delivered")
    receive_payment(
        code=purchase.code,
        amount=purchase.order.total_incl_tax,
        means="cash",
        by=UserFactory(),
        at=NOON,
    )
    client.force_login(purchase.user, backend=BACKEND)

    page = page_of(client, purchase).content.decode()

    assert "8月28日 12:00 已付 ¥116.00（现金）。" in page


def test_account_lists_own_orders_only(client):
    mine = PurchaseFactory(user=UserFactory())
    other = PurchaseFactory(user=UserFactory())
    client.force_login(mine.user, backend=BACKEND)

    page = client.get("/account/").content.decode()

    assert mine.code in page
    assert other.code not in page


def test_account_asks_to_sign_in(client):
    response = client.get("/account/")

    assert response["Location"].startswith("/sign-in/")


def test_placed_page_needs_proof(client):
    purchase = PurchaseFactory()

    response = client.get(reverse("shop:placed", args=[purchase.checkout_key]))

    assert response["Location"] == "/shop/find-order/"


def test_account_queries_do_not_grow(client, django_assert_max_num_queries):
    user, listing = UserFactory(), ListingFactory()
    client.force_login(user, backend=BACKEND)
    PurchaseFactory(user=user, listing=listing)
    with django_assert_max_num_queries(14) as one:
        client.get("/account/")
    PurchaseFactory(user=user, listing=listing)
    PurchaseFactory(user=user, listing=listing)

    with django_assert_max_num_queries(14) as three:
        client.get("/account/")

    assert len(one) == len(three)


def test_order_page_queries(client, django_assert_max_num_queries):
    purchase = PurchaseFactory(user=UserFactory())
    client.force_login(purchase.user, backend=BACKEND)

    with django_assert_max_num_queries(14):
        page_of(client, purchase)


def cancel(client, purchase):
    return client.post(reverse("shop:order_cancel", args=[purchase.code]), follow=True)


def test_buyer_cancels_until_it_is_packed(client):
    purchase = PurchaseFactory(user=UserFactory())
    client.force_login(purchase.user, backend=BACKEND)

    page = cancel(client, purchase).content.decode()

    purchase.refresh_from_db()
    assert purchase.state == "cancelled"
    assert "这一单已经取消，没有收钱。" in page


def test_packed_order_is_not_cancelled_by_its_buyer(client):
    purchase = PurchaseFactory(user=UserFactory(), state="packed")
    client.force_login(purchase.user, backend=BACKEND)

    page = cancel(client, purchase).content.decode()

    purchase.refresh_from_db()
    assert purchase.state == "packed"
    assert "已经不能取消了" in page


def test_stranger_cannot_cancel(client):
    purchase = PurchaseFactory(user=UserFactory())
    client.force_login(UserFactory(), backend=BACKEND)

    response = cancel(client, purchase)

    purchase.refresh_from_db()
    assert (response.status_code, purchase.state) == (404, "placed")
