"""The address part of a form: helping buttons without script, what a script asks for, kept rows."""

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import NotAllowed
from shop.contact import Contact, Fulfilment
from shop.models import Purchase, SavedAddress
from shop.services.addresses import (
    MOST_ADDRESSES,
    change_address,
    forget_address,
    keep_address,
    prefer_address,
)
from tests.factories.growers import UserFactory
from tests.factories.shop import (
    NOON,
    ListingFactory,
    make_collection_station,
    make_metropolitan_hub,
    make_rate_card,
)
from tests.shop.test_checkout import CHECKOUT, errors, hidden, put_in, typed

pytestmark = pytest.mark.django_db
BACKEND = "growers.sign_in.MobileOrCardBackend"
LUMP = "李小满 13900139000 甘肃省陇南市武都区城关镇人民路1号"
WUDU = Fulfilment.deliver_to_county(county_code="621202", address="城关镇人民路1号")
ME = Contact("李小满", "13900139000")


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def value(response, name):
    field = soup_of(response).select_one(f"main form.steps-form [name={name}]")
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return chosen["value"] if chosen else ""
    return field.get_text().strip("\n") if field.name == "textarea" else field.get("value", "")


def said(response):
    return soup_of(response).select_one("[data-said]").get_text(strip=True)


@pytest.fixture
def shop(client):
    make_rate_card()
    make_metropolitan_hub()
    make_collection_station()
    put_in(client, ListingFactory())


def step(client, button, **changes):
    data = {"fulfilment": "delivery", "province_code": "", "county_code": "", "address": ""}
    return client.post(CHECKOUT, {**typed(client, **data), **changes, "step": button})


def test_a_pasted_lump_fills_the_fields_and_nothing_is_ordered(client, shop):
    response = step(client, "read", paste=LUMP)

    assert response.status_code == 200
    assert (value(response, "name"), value(response, "mobile")) == ("李小满", "13900139000")
    assert value(response, "province_code") == "62"
    assert (value(response, "city_code"), value(response, "county_code")) == ("6212", "621202")
    assert (value(response, "address"), value(response, "paste")) == ("城关镇人民路1号", "")
    assert "认出来了：李小满，139****9000，甘肃省陇南市武都区" in said(response)
    assert not Purchase.objects.exists()


def test_what_was_read_can_be_ordered(client, shop):
    page = step(client, "read", paste=LUMP)
    names = ("name", "mobile", "province_code", "city_code", "county_code", "address")
    data = {name: value(page, name) for name in names}

    client.post(CHECKOUT, {**hidden(client), **data, "fulfilment": "delivery"})

    purchase = Purchase.objects.get()
    assert (purchase.province_code, purchase.county_code) == ("62", "621202")
    assert purchase.city == "陇南市 武都区"
    assert purchase.place == "甘肃省 陇南市 武都区 城关镇人民路1号"


def test_a_lump_sent_off_unread_is_shown_first(client, shop):
    data = typed(client, fulfilment="delivery", paste=LUMP)

    response = client.post(CHECKOUT, data)

    assert value(response, "county_code") == "621202"
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    ("lump", "sentence"),
    [
        ("", "还没有粘地址，先把整段地址粘到上面。"),
        ("人民路1号", "没认出省、市、县区，请在下面选；写的字都放进了详细地址。"),
        ("甘肃省陇南市人民路1号", "没认出是哪个县区"),
        (
            "朝阳区建国路1号",
            "叫“朝阳区”的不止一个：北京市朝阳区、吉林省长春市朝阳区。在下面选一个。",
        ),
    ],
)
def test_what_is_unclear_is_said_beside_the_box(client, shop, lump, sentence):
    assert sentence in said(step(client, "read", paste=lump))


def test_a_province_lists_its_counties_without_script(client, shop):
    response = step(client, "places", province_code="62", name="林小满", address="写了一半")

    groups = soup_of(response).select("select[name=county_code] optgroup")
    assert [group["label"] for group in groups][:2] == ["兰州市", "嘉峪关市"]
    assert soup_of(response).select_one("option[value='621202']").text == "武都区"
    assert (value(response, "name"), value(response, "address")) == ("林小满", "写了一半")
    assert errors(response) == []


def test_a_county_alone_settles_its_city(client, shop):
    client.post(
        CHECKOUT,
        typed(
            client,
            fulfilment="delivery",
            province_code="62",
            city_code="",
            county_code="621202",
            address="城关镇",
        ),
    )

    assert Purchase.objects.get().city == "陇南市 武都区"


def test_a_county_of_another_city_is_not_taken(client, shop):
    place = {"province_code": "62", "city_code": "6201", "county_code": "621202"}

    response = client.post(CHECKOUT, typed(client, fulfilment="delivery", address="某路", **place))

    assert "这个县区不在选好的省市里，重新选一下。" in errors(response)


def test_places_nothing_goes_to_are_closed_in_the_list(client, shop):
    soup = soup_of(client.get(CHECKOUT))

    closed = {one["value"]: one.text for one in soup.select("option[disabled]")}
    assert closed["81"] == "香港特别行政区·现在寄不到"
    assert {"71", "82"} <= set(closed)
    assert "62" not in closed


def test_fields_say_what_they_are_to_the_browser(client, shop):
    soup = soup_of(client.get(CHECKOUT))

    hints = {one["name"]: one.get("autocomplete") for one in soup.select(".steps-form [name]")}
    assert hints["name"] == "name"
    assert hints["mobile"].startswith("tel")
    assert hints["address"] == "street-address"
    assert hints["province_code"] == "address-level1"
    assert soup.select_one("[name=mobile]")["inputmode"] == "tel"
    assert "email" not in hints


@pytest.mark.parametrize("name", ["مرحبا بك", "小满 🌶️", "O'Brien-李", "\u202e小满"])
def test_unusual_names_are_kept_and_shown_safely(client, shop, name):
    station = make_collection_station()

    page = client.post(CHECKOUT, typed(client, name=name, station=station.pk), follow=True)

    kept = Purchase.objects.get().name
    assert kept == name.replace("\u202e", "")
    assert "\u202e" not in page.content.decode()


# What the script asks for ---------------------------------------------------------------------


def test_cities_and_counties_of_a_province(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("shop:places", args=["62"]))

    cities = {name: dict(counties) for _code, name, counties in answer.json()["cities"]}
    assert cities["陇南市"]["621202"] == "武都区"
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize("province", ["00", "99", "6212", "x", "%00"])
def test_no_such_province_is_not_found(client, province):
    assert client.get(f"/shop/places/{province}/").status_code == 404


def test_reading_for_the_script_keeps_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.post(reverse("shop:read_address"), {"paste": LUMP})

    fields = answer.json()["fields"]
    assert (fields["name"], fields["county_code"]) == ("李小满", "621202")
    assert client.get(reverse("shop:read_address")).status_code == 405


# Kept addresses -------------------------------------------------------------------------------


@pytest.fixture
def user(client):
    person = UserFactory(display_name="林小满", mobile="13700137000")
    client.force_login(person, backend=BACKEND)
    return person


def keep(user, street="城关镇人民路1号", **facts):
    place = Fulfilment.deliver_to_county(county_code="621202", address=street)
    return keep_address(user=user, contact=ME, place=place, at=NOON, **facts)


def test_the_first_is_the_default_and_the_same_is_kept_once(user):
    first, again = keep(user), keep(user)
    second = keep(user, "东街2号")

    assert (first.pk, first.is_default, second.is_default) == (again.pk, True, False)
    assert SavedAddress.objects.count() == 2


def test_another_default_takes_over_and_the_latest_inherits(user):
    first, second = keep(user), keep(user, "东街2号")

    prefer_address(kept=second)
    assert [one.pk for one in SavedAddress.objects.filter(is_default=True)] == [second.pk]
    forget_address(kept=second)

    assert SavedAddress.objects.get().pk == first.pk
    assert SavedAddress.objects.get().is_default


def test_changed_into_another_that_is_kept_they_become_one(user):
    keep(user)
    second = keep(user, "东街2号")

    change_address(kept=second, contact=ME, place=WUDU, is_default=False, at=NOON)

    assert SavedAddress.objects.get().pk == second.pk
    assert SavedAddress.objects.get().is_default


def test_no_more_than_twenty_are_kept(user):
    for n in range(MOST_ADDRESSES):
        keep(user, f"东街{n}号")

    with pytest.raises(NotAllowed, match="最多记 20 个地址"):
        keep(user, "东街99号")


@pytest.mark.parametrize(
    "bad", [{"county_code": "110101"}, {"address": ""}, {"province_code": "", "county_code": ""}]
)
def test_a_kept_address_is_whole(user, bad):
    kept = keep(user)

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedAddress.objects.filter(pk=kept.pk).update(**bad)


def test_two_defaults_cannot_be(user):
    keep(user)
    second = keep(user, "东街2号")

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedAddress.objects.filter(pk=second.pk).update(is_default=True)


def test_the_default_starts_the_checkout_and_another_can_be_taken(client, user, shop):
    keep(user)
    other = keep(user, "东街2号")

    page = client.get(CHECKOUT)
    response = step(client, f"use:{other.code}")

    assert (value(page, "county_code"), value(page, "address")) == ("621202", "城关镇人民路1号")
    assert value(response, "address") == "东街2号"
    assert value(response, "mobile") == "13900139000"


def test_a_strangers_address_cannot_be_taken(client, user, shop):
    theirs = keep(UserFactory(), "别人家1号")

    response = step(client, f"use:{theirs.code}")

    assert "别人家1号" not in response.content.decode()


def test_an_address_is_kept_with_the_order_when_asked(client, user, shop):
    place = {"province_code": "62", "county_code": "621202", "address": "城关镇人民路1号"}

    client.post(CHECKOUT, typed(client, fulfilment="delivery", keep_address="on", **place))

    assert SavedAddress.objects.get(user=user).place == "甘肃省 陇南市 武都区 城关镇人民路1号"


def test_a_guest_is_not_asked_to_keep_anything(client, shop):
    assert soup_of(client.get(CHECKOUT)).select_one("[name=keep_address]") is None


FULL = {
    "name": "李小满",
    "mobile": "13900139000",
    "province_code": "62",
    "county_code": "621202",
    "address": "东街2号",
}


def test_addresses_are_added_changed_and_deleted_on_their_page(client, user):
    make_rate_card()
    client.post(reverse("shop:address_new"), FULL)
    kept = SavedAddress.objects.get()
    client.post(reverse("shop:address", args=[kept.code]), {**FULL, "address": "西街3号"})
    changed = client.get(reverse("shop:addresses")).content.decode()
    client.post(reverse("shop:address_forget", args=[kept.code]))

    assert "甘肃省 陇南市 武都区 西街3号" in changed
    assert not SavedAddress.objects.exists()


def test_an_address_missing_its_county_is_not_kept(client, user):
    make_rate_card()

    response = client.post(reverse("shop:address_new"), {**FULL, "county_code": ""})

    assert response.status_code == 422
    assert "选一下县区，快递要按县区送。" in errors(response)
    assert value(response, "address") == "东街2号"


@pytest.mark.parametrize("name", ["shop:address", "shop:address_first", "shop:address_forget"])
def test_anothers_address_is_not_found(client, user, name):
    theirs = keep(UserFactory())

    response = client.post(reverse(name, args=[theirs.code]), FULL)

    assert response.status_code == 404
    assert SavedAddress.objects.filter(pk=theirs.pk, address="城关镇人民路1号").exists()


def test_addresses_ask_no_more_when_there_are_more(client, user, django_assert_max_num_queries):
    keep(user)
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("shop:addresses"))
    keep(user, "东街2号")
    keep(user, "东街3号")

    with django_assert_max_num_queries(12) as three:
        client.get(reverse("shop:addresses"))

    assert len(one) == len(three)
