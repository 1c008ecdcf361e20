"""Buying the same again: what can be had goes into the basket, the rest is said plainly."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from shop.models import Listing
from shop.services.stock import set_stock
from tests.factories.growers import UserFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory

pytestmark = pytest.mark.django_db
BACKEND = "growers.sign_in.MobileOrCardBackend"


@pytest.fixture
def user(client):
    person = UserFactory()
    client.force_login(person, backend=BACKEND)
    return person


def again(client, purchase):
    response = client.post(reverse("shop:order_again", args=[purchase.code]), follow=True)
    return response.content.decode()


def held():
    return list(get_model("basket", "Line").objects.values_list("product__listing", "quantity"))


def test_the_same_packs_are_put_in(client, user):
    purchase = PurchaseFactory(user=user, state="delivered")

    page = again(client, purchase)

    assert "又放进 1 样" in page
    assert [packs for _listing, packs in held()] == [2]


def test_fewer_are_put_in_when_fewer_are_left(client, user):
    listing = ListingFactory(packs=10)
    purchase = PurchaseFactory(user=user, listing=listing, packs=5, state="delivered")
    set_stock(listing=listing, packs=3, at=NOON)

    page = again(client, purchase)

    assert "上次 5 份，现在只够再放 3 份。" in page
    assert held() == [(listing.pk, 3)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"season_state": "dormant"}, "还没到采收期"),
        ({"season_state": "presale"}, "正在预售"),
        ({"state": "withdrawn"}, "这件山货已经下架。"),
    ],
)
def test_what_cannot_be_bought_is_named_with_its_reason(client, user, changes, why):
    purchase = PurchaseFactory(user=user, state="delivered")
    listing = purchase.order.lines.get().product.listing
    Listing.objects.filter(pk=listing.pk).update(**changes)

    page = again(client, purchase)

    assert held() == []
    assert "这几样现在买不到" in page
    assert why in page
    assert reverse("shop:tell_me", args=[listing.form.crop.key]) in page


def test_sold_out_offers_to_tell(client, user):
    purchase = PurchaseFactory(user=user, state="delivered")
    listing = purchase.order.lines.get().product.listing
    set_stock(listing=listing, packs=0, at=NOON)

    page = again(client, purchase)

    assert "卖完了" in page
    assert "到时候告诉我" in page


def test_what_is_all_in_the_basket_is_not_sold_out(client, user):
    listing = ListingFactory(packs=4)
    purchase = PurchaseFactory(user=user, listing=listing, packs=2, state="delivered")

    again(client, purchase)
    page = again(client, purchase)

    assert held() == [(listing.pk, 2)]
    assert "剩下的都已经在篮子里了。" in page


def test_what_was_said_is_said_once(client, user):
    again(client, PurchaseFactory(user=user, state="delivered"))

    assert "又放进" not in client.get("/shop/basket/").content.decode()


def test_nothing_is_bought_by_looking(client, user):
    purchase = PurchaseFactory(user=user)

    answer = client.get(reverse("shop:order_again", args=[purchase.code]))

    assert answer.status_code == 405
