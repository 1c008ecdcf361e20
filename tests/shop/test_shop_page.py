"""A village shop's own page."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.growers import BindingFactory, HouseholdFactory, VillageShopFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(client, shop):
    return client.get(reverse("shop:shop", args=[shop.code])).content.decode()


def test_a_shop_lists_its_own_goods_and_no_draft(client):
    shop = VillageShopFactory(opened_on=date(2021, 3, 15))
    own = ListingFactory(shop=shop)
    draft = ListingFactory(shop=shop, state="draft")
    other = ListingFactory(shop=VillageShopFactory())

    page = page_of(client, shop)

    assert reverse("shop:listing", args=[own.code]) in page
    assert reverse("shop:listing", args=[draft.code]) not in page
    assert reverse("shop:listing", args=[other.code]) not in page
    for text in (shop.name, "2021年3月", shop.station.name, shop.village.name_zh, "1 样"):
        assert text in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("one_village", "一店带一村"),
        ("many_villages", "一店带多村"),
        ("many_households", "一店带多户"),
    ],
)
def test_the_duty_follows_the_binding_and_names_no_household(client, kind, said):
    shop = VillageShopFactory()
    bound = {"household": None, "village": shop.village} if kind != "many_households" else {}
    binding = BindingFactory(shop=shop, kind=kind, **bound)

    page = page_of(client, shop)

    assert said in page
    if binding.household:
        assert binding.household.code not in page


def test_an_ended_binding_says_nothing(client):
    shop = VillageShopFactory()
    BindingFactory(shop=shop, household=HouseholdFactory(), valid_to=date(2026, 1, 1))

    page = page_of(client, shop)

    assert "一店带" not in page
    assert "只卖自己收来的货" in page


def test_an_empty_shop_helps(client):
    page = page_of(client, VillageShopFactory())

    assert "这家店眼下没有上架的山货" in page
    assert f'href="{reverse("shop:list")}"' in page


def test_a_shop_that_is_not_there(client):
    assert client.get(reverse("shop:shop", args=["VS-NONE"])).status_code == 404


def test_lower_case_finds_the_shop_too(client):
    shop = VillageShopFactory()

    assert client.get(reverse("shop:shop", args=[shop.code.lower()])).status_code == 200


def test_a_shop_asks_at_most_twelve_times_however_much_it_sells(client):
    shop = VillageShopFactory()
    ListingFactory(shop=shop)

    with CaptureQueriesContext(connection) as one:
        page_of(client, shop)
    for n in range(3):
        ListingFactory(shop=shop, form=ProductFormFactory(crop=CropFactory(name_zh=f"货{n}")))
    with CaptureQueriesContext(connection) as four:
        page_of(client, shop)

    assert len(one) == len(four) <= 12
