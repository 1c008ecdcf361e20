"""One checkout sent a hundred times at once: one order a shop, one payment, one charge."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from django.db import connections
from django.test import Client
from django.urls import reverse

from core import clock
from ledger import checks
from payments.models import Attempt, Payment
from payments.services import refresh
from shop.models import Purchase
from shop.services.order_payments import release_overdue
from shop.services.stock import stock_records
from tests.factories.shop import ListingFactory, make_collection_station
from tests.shop.buying import stripe

__all__ = ["stripe"]
pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("noon"),
]
TIMES = 100
AT_ONCE = 20  # threads; each sends several times


@pytest.fixture
def noon(monkeypatch):
    from tests.factories.shop import NOON

    monkeypatch.setattr("core.clock.now", lambda: NOON)


def ready(listings, station):
    """A guest with packs of each listing in the basket and the filled-in form in hand."""
    client = Client()
    for listing in listings:
        client.post(reverse("shop:basket_add", args=[listing.code]), {"packs": 1})
    page = BeautifulSoup(client.get("/shop/checkout/").content, "html.parser")
    fields = page.select("main form input[type=hidden]")
    form = {f["name"]: f["value"] for f in fields if f["name"] != "csrfmiddlewaretoken"}
    person = {"name": "测试买家", "mobile": "13800138000", "fulfilment": "collect"}
    return client, {**form, **person, "station": station.pk, "pay": "now"}


def send_at_once(client, form):
    gate = threading.Barrier(AT_ONCE)

    def send(_number):
        twin = Client()
        twin.cookies = client.cookies
        gate.wait(timeout=60)
        try:
            return [twin.post("/shop/checkout/", form) for _ in range(TIMES // AT_ONCE)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [answer for answers in pool.map(send, range(AT_ONCE)) for answer in answers]


def test_a_hundred_submits_are_one_order_a_shop_one_payment_and_one_charge(stripe):
    first, second = ListingFactory(), ListingFactory()
    client, form = ready([first, second], make_collection_station())

    answers = send_at_once(client, form)

    assert {one.status_code for one in answers} == {302}
    payment = Payment.objects.get()
    assert Purchase.objects.filter(state="awaiting").count() == 2
    assert Attempt.objects.filter(payment=payment).count() == 1
    pages = {one.url for one in answers if one.url.startswith(stripe.base)}
    assert len(pages) == 1
    stripe.buyer.pay(pages.pop())
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _n: _come_back(payment.code), range(10)))
    assert Purchase.objects.filter(state="placed", paid_at__isnull=False).count() == 2
    assert len(stripe.world.charges()) == 1
    assert [fault for result in checks.run_all() for fault in result.faults] == []


def _come_back(code):
    try:
        return refresh(code=code, at=clock.now())
    finally:
        connections.close_all()


def test_paying_and_letting_go_at_once_never_leaves_a_paid_order_cancelled(stripe):
    from shop.services.order_payments import cancel_awaiting
    from tests.shop.buying import awaiting

    listing = ListingFactory()
    [order] = awaiting(listing)
    from shop.services.order_payments import page_to_pay

    url = page_to_pay(purchase=order, return_url="https://shanhuo.test/", at=clock.now())
    stripe.buyer.pay(url)

    def let_go():
        from core.errors import PlatformError

        try:
            cancel_awaiting(code=order.code, by=None, at=clock.now())
        except PlatformError:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(_come_back, order.payment_code), pool.submit(let_go)]
        for job in jobs:
            job.result(timeout=60)
    order.refresh_from_db()
    payment = Payment.objects.get()
    assert (order.state, payment.state) in {("placed", "paid"), ("cancelled", "void")}
    free = stock_records([listing])[listing.pk]
    assert (free.num_allocated or 0) == (2 if order.state == "placed" else 0)
    assert release_overdue(at=clock.now()) == 0
