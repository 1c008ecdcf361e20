"""The operator's pages: what to pack and from which lots."""

from datetime import date

import pytest
from django.urls import reverse

from logistics.services.packing import pack_order
from tests.factories.growers import (
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.logistics import (
    make_lot,
)
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory
from tests.logistics.pages import assert_chinese, queries_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def test_pick_list_names_lots_and_packing_moves_the_order(signed_in):
    listing = ListingFactory(packs=0)
    lot = make_lot(listing, 5_000)
    order = PurchaseFactory(listing=listing, packs=3)
    client = signed_in(person_with("shop_operator", listing.shop))

    shown = client.get(reverse("logistics:pack"))
    packed = client.post(reverse("logistics:mark_packed", args=[order.code]), follow=True)
    sent = client.post(reverse("logistics:mark_sent", args=[order.code]), follow=True)

    order.refresh_from_db()
    assert lot.code in text_of(shown)
    assert "1.5 kg" in text_of(shown)
    assert_chinese(shown)
    assert "打好包了" in text_of(packed)
    assert_chinese(packed)
    assert "发出去了" in text_of(sent)
    assert order.state == "sent"


def test_order_without_enough_lots_says_what_is_missing(signed_in):
    listing = ListingFactory(packs=0)
    lot = make_lot(listing, 2_000)
    order = PurchaseFactory(listing=listing, packs=3)
    type(lot).objects.update(expires_on=date(2026, 8, 28))
    client = signed_in(person_with("shop_operator", listing.shop))

    shown = client.get(reverse("logistics:pack"))
    refused = client.post(reverse("logistics:mark_packed", args=[order.code]), follow=True)

    assert "要 1.5 kg，能用的只有 0 g" in text_of(shown)
    assert "一克都没有动" in text_of(refused)


def test_packing_pages_are_for_the_shops_operator(signed_in):
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000)
    order = PurchaseFactory(listing=listing)
    other = person_with("shop_operator", VillageShopFactory())

    assert signed_in(UserFactory()).get(reverse("logistics:pack")).status_code == 404
    client = signed_in(other)
    assert order.code not in text_of(client.get(reverse("logistics:pack")))
    for name in ("logistics:mark_packed", "logistics:mark_sent"):
        assert client.post(reverse(name, args=[order.code])).status_code == 404


def test_packing_page_costs_the_same_for_1_and_3_orders(signed_in):
    shop = VillageShopFactory()
    client, url = signed_in(person_with("shop_operator", shop)), reverse("logistics:pack")

    def add():
        listing = ListingFactory(shop=shop, packs=0)
        make_lot(listing, 9_000)
        PurchaseFactory(listing=listing)
        packed = PurchaseFactory(listing=listing)
        pack_order(code=packed.code, by=None, at=NOON)

    add()
    one = queries_of(client, url)
    add()
    add()

    assert queries_of(client, url) == one
