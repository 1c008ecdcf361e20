"""Basket and checkout through HTTP: a guest, one page, one order a shop, exactly once."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from oscar.core.loading import get_model

from shop.models import Listing, Purchase, Rate
from tests.factories.growers import UserFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import (
    ListingFactory,
    make_collection_station,
    make_metropolitan_hub,
    make_rate_card,
)

pytestmark = pytest.mark.django_db

CHECKOUT = "/shop/checkout/"


def put_in(client, listing, packs=1, **extra):
    data = {"packs": packs, **extra}
    return client.post(reverse("shop:basket_add", args=[listing.code]), data, follow=True)


def hidden(client):
    soup = BeautifulSoup(client.get(CHECKOUT).content, "html.parser")
    fields = soup.select("main form input[type=hidden]")
    return {f["name"]: f["value"] for f in fields if f["name"] != "csrfmiddlewaretoken"}


def typed(client, **changes):
    data = {"name": "测试买家", "mobile": "138 0013 8000", "fulfilment": "collect"}
    return {**data, **hidden(client), **changes}


def errors(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return [one.get_text(strip=True) for one in soup.select(".field .error")]


@pytest.fixture
def station():
    return make_collection_station(name_zh="云台收购站")


def test_guest_orders_for_collection(client, station):
    listing = ListingFactory(price=Decimal("58.00"))
    put_in(client, listing, 2)

    response = client.post(CHECKOUT, typed(client, station=station.pk), follow=True)

    purchase = Purchase.objects.get()
    page = response.content.decode()
    assert (purchase.mobile, purchase.station, purchase.user) == ("13800138000", station, None)
    assert purchase.code in page
    assert "¥116.00" in page
    assert "下好单了" in page


def test_delivery_charge_is_the_same_before_and_after(client):
    make_rate_card(first_kg="5.00", further_kg="1.50")
    make_metropolitan_hub()
    put_in(client, ListingFactory(price=Decimal("58.00"), pack_weight_g=500), 2)

    shown = client.get(CHECKOUT).content.decode()
    basket = client.get("/shop/basket/").content.decode()
    address = {"province_code": "62", "county_code": "620102", "address": "测试路 1 号"}
    client.post(CHECKOUT, typed(client, fulfilment="delivery", **address))

    assert "甘肃省·运费 ¥6.50" in shown
    assert "¥6.50" in basket
    assert Purchase.objects.get().order.shipping_incl_tax == Decimal("6.50")


def test_basket_over_two_shops_becomes_two_orders(client, station):
    put_in(client, ListingFactory())
    put_in(client, ListingFactory())

    page = client.post(CHECKOUT, typed(client, station=station.pk), follow=True).content.decode()

    codes = list(Purchase.objects.values_list("code", flat=True))
    assert len(codes) == 2
    assert all(code in page for code in codes)


def test_same_form_twice_is_one_order(client, station):
    listing = ListingFactory(packs=5)
    put_in(client, listing, 2)
    data = typed(client, station=station.pk)

    first = client.post(CHECKOUT, data)
    second = client.post(CHECKOUT, data)

    assert first["Location"] == second["Location"]
    assert Purchase.objects.count() == 1
    record = get_model("partner", "StockRecord").objects.get(product=listing.product)
    assert record.num_allocated == 2


def test_basket_is_empty_after_the_order(client, station):
    put_in(client, ListingFactory())
    client.post(CHECKOUT, typed(client, station=station.pk))

    page = client.get("/shop/basket/").content.decode()

    assert "篮子还是空的" in page


def test_checkout_of_an_empty_basket_leads_to_the_basket(client):
    response = client.get(CHECKOUT)

    assert response["Location"] == "/shop/basket/"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "写上收货人的名字，取货时要核对。"),
        ({"mobile": "12345"}, "手机号是 11 位数字，1 开头，像 138 0013 8000。"),
        ({"mobile": "23800138000"}, "手机号是 11 位数字，1 开头，像 138 0013 8000。"),
        ({"mobile": ""}, "写上手机号，到货好通知你。"),
        ({"name": "，。"}, "写上收货人的名字，取货时要核对。"),
        ({"name": "长" * 41}, "名字最多 40 个字。"),
        ({"station": ""}, "选一个取货的站点。"),
        ({"station": "999999"}, "这个站点现在不能取货，换一个。"),
        ({"fulfilment": ""}, "选一种拿货的办法。"),
        ({"fulfilment": "delivery"}, "选一个省份，运费按省份算。"),
        ({"fulfilment": "delivery", "province_code": "71"}, "这个省份现在寄不到，换一个或者自取。"),
        ({"fulfilment": "delivery", "province_code": "62"}, "选一下县区，快递要按县区送。"),
        (
            {"fulfilment": "delivery", "province_code": "62", "county_code": "110101"},
            "这个县区不在选好的省市里，重新选一下。",
        ),
        (
            {"fulfilment": "delivery", "address": "长" * 161},
            "详细地址最多 160 个字，留街道、小区和门牌就够。",
        ),
    ],
)
def test_errors_stand_beside_their_field_and_nothing_typed_is_lost(client, station, changes, said):
    make_rate_card()
    put_in(client, ListingFactory())
    data = typed(client, station=station.pk, address="测试路 9 号", paste="")

    response = client.post(CHECKOUT, {**data, **changes})

    assert response.status_code == 422
    assert said in errors(response)
    assert changes.get("address", "测试路 9 号") in response.content.decode()
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("mobile", ["+86 138-0013-8000", "8613800138000", "13800138000"])
def test_mobile_is_stored_plain(client, station, mobile):
    put_in(client, ListingFactory())

    client.post(CHECKOUT, typed(client, station=station.pk, mobile=mobile))

    assert Purchase.objects.get().mobile == "13800138000"


def test_perishables_need_the_tick(client, station):
    form = ProductFormFactory(crop=CropFactory(name_zh="大樱桃", perishable=True))
    put_in(client, ListingFactory(form=form))

    refused = client.post(CHECKOUT, typed(client, station=station.pk))
    client.post(CHECKOUT, typed(client, station=station.pk, accept_perishable="on"))

    assert "有鲜货，要先勾上这一条。" in errors(refused)
    assert "鲜活易腐，签收后不能无理由退；坏了照赔" in refused.content.decode()
    assert Purchase.objects.count() == 1


def test_without_perishables_there_is_no_tick(client, station):
    put_in(client, ListingFactory())

    assert "鲜活易腐" not in client.get(CHECKOUT).content.decode()


def test_price_that_moved_meanwhile_is_shown_before_ordering(client, station):
    listing = ListingFactory(price=Decimal("58.00"))
    put_in(client, listing)
    data = typed(client, station=station.pk)
    Listing.objects.filter(pk=listing.pk).update(price=Decimal("66.00"))

    first = client.post(CHECKOUT, data)
    soup = BeautifulSoup(first.content, "html.parser")
    data["seen_goods"] = soup.select_one("input[name=seen_goods]")["value"]
    client.post(CHECKOUT, data)

    assert "变了，看一眼新的合计再下单" in first.content.decode()
    assert Purchase.objects.get().order.total_incl_tax == Decimal("66.00")


def test_carriage_that_moved_meanwhile_is_shown_before_ordering(client):
    make_rate_card()
    make_metropolitan_hub()
    put_in(client, ListingFactory())
    place = {"province_code": "62", "county_code": "621202", "address": "测试路 1 号"}
    data = typed(client, fulfilment="delivery", **place)
    Rate.objects.update(first_kg=Decimal("9.00"))

    first = client.post(CHECKOUT, data)
    soup = BeautifulSoup(first.content, "html.parser")
    data["seen_charges"] = soup.select_one("input[name=seen_charges]")["value"]
    client.post(CHECKOUT, data)

    assert "运费刚刚变了，看一眼新的合计再下单。" in first.content.decode()
    assert Purchase.objects.get().order.shipping_incl_tax == Decimal("9.00")


def test_shortage_at_checkout_is_said_politely_and_the_basket_stays(client, station):
    listing = ListingFactory(packs=5)
    put_in(client, listing, 3)
    data = typed(client, station=station.pk)
    records = get_model("partner", "StockRecord").objects
    records.filter(product=listing.product).update(num_allocated=4)

    response = client.post(CHECKOUT, data)

    assert response.status_code == 422
    assert "要 3 份，只剩 1 份" in response.content.decode()
    assert get_model("basket", "Line").objects.get().quantity == 3


def test_payment_on_collection_is_said(client, station):
    put_in(client, ListingFactory())

    page = client.get(CHECKOUT).content.decode()

    assert "货到付款：到站点自取时付给站点" in page
    assert "现在不收一分钱" in page


def test_signed_in_buyer_owns_the_order(client, station):
    user = UserFactory(display_name="王买家", mobile="13900139000")
    client.force_login(user, backend="growers.sign_in.MobileOrCardBackend")
    put_in(client, ListingFactory())

    page = client.get(CHECKOUT).content.decode()
    client.post(CHECKOUT, typed(client, station=station.pk))

    assert "王买家" in page
    assert "13900139000" in page
    assert Purchase.objects.get().user == user


def test_guest_basket_comes_along_at_sign_in(client):
    listing = ListingFactory()
    put_in(client, listing, 2)
    client.force_login(UserFactory(), backend="growers.sign_in.MobileOrCardBackend")

    page = client.get("/shop/basket/").content.decode()

    assert listing.product.title in page


def test_adding_more_than_is_free_is_refused(client):
    listing = ListingFactory(packs=3)
    put_in(client, listing, 2)

    page = put_in(client, listing, 2).content.decode()

    assert "要 4 份，只剩 3 份" in page
    assert get_model("basket", "Line").objects.get().quantity == 2


@pytest.mark.parametrize("packs", ["", "abc", "-1", "0", "100", "1.5"])
def test_impossible_packs_are_refused(client, packs):
    listing = ListingFactory(packs=500)

    response = put_in(client, listing, packs)

    assert response.status_code == 200
    assert not get_model("basket", "Line").objects.exists()


def test_out_of_season_cannot_be_put_in(client):
    listing = ListingFactory(season_state="dormant")

    page = put_in(client, listing).content.decode()

    assert "还没到采收期" in page
    assert not get_model("basket", "Line").objects.exists()


def test_basket_line_changes_and_goes(client):
    listing = ListingFactory()
    put_in(client, listing, 1)
    line = get_model("basket", "Line").objects.get()
    address = reverse("shop:basket_change", args=[line.pk])

    client.post(address, {"packs": 4})
    line.refresh_from_db()
    client.post(address, {"packs": 4, "remove": "1"})

    assert line.quantity == 4
    assert not get_model("basket", "Line").objects.exists()


def test_stranger_cannot_change_my_basket(client, django_user_model):
    put_in(client, ListingFactory(), 2)
    line = get_model("basket", "Line").objects.get()

    stranger = type(client)()
    stranger.post(reverse("shop:basket_change", args=[line.pk]), {"packs": 1})

    line.refresh_from_db()
    assert line.quantity == 2


def test_season_that_ended_blocks_checkout_with_its_reason(client, station):
    listing = ListingFactory()
    put_in(client, listing)
    Listing.objects.filter(pk=listing.pk).update(season_state="dormant")

    page = client.get("/shop/basket/").content.decode()

    assert "还没到采收期" in page
    assert "先把标红的改一改" in page


def test_basket_queries_do_not_grow(client, django_assert_max_num_queries):
    make_rate_card()
    put_in(client, ListingFactory())
    with django_assert_max_num_queries(12) as one:
        client.get("/shop/basket/")
    put_in(client, ListingFactory())
    put_in(client, ListingFactory())

    with django_assert_max_num_queries(12) as three:
        client.get("/shop/basket/")

    assert len(one) == len(three)


def test_checkout_queries_do_not_grow(client, station, django_assert_max_num_queries):
    make_rate_card()
    put_in(client, ListingFactory())
    with django_assert_max_num_queries(12) as one:
        client.get(CHECKOUT)
    put_in(client, ListingFactory())
    make_collection_station()

    with django_assert_max_num_queries(12) as two:
        client.get(CHECKOUT)

    assert len(one) == len(two)
