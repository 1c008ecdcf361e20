"""What a buyer reads is Chinese; codes and units are all that is not."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from shop.models import Purchase
from tests.factories.growers import UserFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import ListingFactory, make_collection_station, make_rate_card

pytestmark = pytest.mark.django_db

ALLOWED = re.compile(
    r"[A-Z]{2,4}-[0-9A-Z]+|PROOF-\d+|name@example\.com|\b(kg|g)\b|℃|\b(?:English|hetao)\b"
)


def english_on(response):
    soup = BeautifulSoup(response.content, "html.parser")
    for hidden in soup(["script", "style", "svg"]):
        hidden.decompose()
    said = soup.get_text(" ")
    for attribute in ("aria-label", "placeholder", "alt", "title"):
        said += " ".join(tag[attribute] for tag in soup.find_all(attrs={attribute: True}))
    return re.findall(r"[A-Za-z]{2,}", ALLOWED.sub(" ", said))


def test_no_english_on_the_way_from_shelf_to_order(client):
    make_rate_card()
    station, user = make_collection_station(), UserFactory()
    form = ProductFormFactory(crop=CropFactory(name_zh="大樱桃", perishable=True))
    listing, rest = ListingFactory(form=form), ListingFactory(season_state="dormant")
    client.force_login(user, backend="growers.sign_in.MobileOrCardBackend")
    pages = [
        client.get("/shop/"),
        client.get("/shop/?season=presale"),
        client.get("/shop/search/?q=樱桃"),
        client.get("/shop/search/?q=龙虾"),
        client.get(reverse("shop:listing", args=[listing.code])),
        client.get(reverse("shop:listing", args=[rest.code])),
        client.get("/shop/basket/"),
        client.get("/shop/find-order/"),
        client.post("/shop/find-order/", {"code": "SD-1", "mobile": "1"}),
        client.post("/shop/find-order/", {}),
        client.get("/account/"),
    ]

    client.post(reverse("shop:basket_add", args=[listing.code]), {"packs": 2})
    pages += [client.get("/shop/basket/"), client.get("/shop/checkout/")]
    pages += [client.post("/shop/checkout/", {"email": "x", "fulfilment": "delivery"})]
    data = {"name": "测试买家", "mobile": "13800138000", "fulfilment": "collect"}
    data |= {"station": station.pk, "accept_perishable": "on", "checkout_key": "k" * 32}
    pages += [client.post("/shop/checkout/", {**data, "seen_goods": "116.00"}, follow=True)]
    pages += [client.get(reverse("shop:order", args=[Purchase.objects.get().code]))]
    pages += [client.get("/account/")]

    assert [english_on(page) for page in pages] == [[]] * len(pages)
