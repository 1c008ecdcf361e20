"""Nobody ever buys what is not there: fifty at once on PostgreSQL, any sequence anywhere."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from core.errors import PlatformError
from shop.contact import Fulfilment, Wanted
from shop.models import Purchase
from shop.services.moving import cancel_order, move_order
from shop.services.placing import place_orders
from tests.factories.shop import BUYER, NOON, ListingFactory, make_collection_station

BUYERS = 50
PACKS = 10


def stock_of(listing):
    record = get_model("partner", "StockRecord").objects.get(product=listing.product)
    return record.num_in_stock, record.num_allocated


def ready_buyer(listing, station):
    """A guest with one pack in the basket and the filled-in form in hand."""
    client = Client()
    client.post(reverse("shop:basket_add", args=[listing.code]), {"packs": 1})
    page = BeautifulSoup(client.get("/shop/checkout/").content, "html.parser")
    fields = page.select("main form input[type=hidden]")
    form = {f["name"]: f["value"] for f in fields if f["name"] != "csrfmiddlewaretoken"}
    person = {"name": "测试买家", "mobile": "13800138000", "fulfilment": "collect"}
    return client, {**form, **person, "station": station.pk}


def send_at_once(buyers):
    """Post every form at the same moment, each from its own thread and connection."""
    gate = threading.Barrier(len(buyers))

    def send(client, form):
        gate.wait(timeout=60)
        try:
            return client.post("/shop/checkout/", form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(buyers)) as pool:
        sent = [pool.submit(send, client, form) for client, form in buyers]
        return [one.result(timeout=120) for one in sent]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_buyers_at_once_for_ten_packs_give_ten_orders_and_forty_polite_refusals():
    listing = ListingFactory(packs=PACKS)
    station = make_collection_station()
    buyers = [ready_buyer(listing, station) for _ in range(BUYERS)]

    responses = send_at_once(buyers)

    placed = [r for r in responses if r.status_code == 302]
    refused = [r for r in responses if r.status_code == 422]
    assert (len(placed), len(refused)) == (PACKS, BUYERS - PACKS)
    assert all("卖完了" in r.content.decode() for r in refused)
    assert stock_of(listing) == (PACKS, PACKS)
    assert Purchase.objects.count() == PACKS


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_at_once_is_one_order():
    listing = ListingFactory(packs=PACKS)
    client, form = ready_buyer(listing, make_collection_station())
    twins = []
    for _ in range(8):
        twin = Client()
        twin.cookies = client.cookies
        twins.append((twin, form))

    responses = send_at_once(twins)

    assert {r.status_code for r in responses} == {302}
    assert Purchase.objects.count() == 1
    assert stock_of(listing) == (PACKS, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_baskets_over_the_same_shops_in_any_order_never_lock_each_other():
    first, second = ListingFactory(packs=BUYERS), ListingFactory(packs=BUYERS)
    fulfilment = Fulfilment.collect_at(make_collection_station())
    gate = threading.Barrier(16)

    def buy(number):
        wanted = [Wanted(first, 1), Wanted(second, 1)]
        gate.wait(timeout=60)
        try:
            return place_orders(
                basket_lines=wanted if number % 2 else wanted[::-1],
                contact=BUYER,
                fulfilment=fulfilment,
                checkout_key=f"cross-{number}",
                user=None,
                at=NOON,
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        orders = list(pool.map(buy, range(16)))

    assert [len(placed) for placed in orders] == [2] * 16
    assert (stock_of(first), stock_of(second)) == ((BUYERS, 16), (BUYERS, 16))


STEPS = st.lists(
    st.tuples(st.sampled_from(["buy", "cancel", "pack"]), st.integers(1, 4)), max_size=14
)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(packs=st.integers(0, 12), steps=STEPS)
def test_allocation_never_exceeds_stock(packs, steps):
    listing = ListingFactory(packs=packs)
    fulfilment = Fulfilment.collect_at(make_collection_station())
    placed: list[str] = []

    for number, (step, amount) in enumerate(steps):
        try:
            if step == "buy":
                [purchase] = place_orders(
                    basket_lines=[Wanted(listing, amount)],
                    contact=BUYER,
                    fulfilment=fulfilment,
                    checkout_key=f"{listing.code}-{number}",
                    user=None,
                    at=NOON,
                )
                placed.append(purchase.code)
            elif placed and step == "cancel":
                cancel_order(code=placed.pop(), by=None, at=NOON)
            elif placed:
                move_order(code=placed.pop(0), to="packed", by=None, at=NOON)
        except PlatformError:
            pass
        on_hand, promised = stock_of(listing)
        assert 0 <= promised <= on_hand <= packs

    assert connection.in_atomic_block
