"""Signing in, first pages, the register, and who finds which page."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from growers import services
from growers.models import AccessEvent, Role
from growers.selectors import looks_at
from tests.factories.growers import (
    PASSWORD,
    PIN,
    AccessEventFactory,
    BindingFactory,
    CooperativeFactory,
    HouseholdFactory,
    HouseholdStatusFactory,
    LandPlotFactory,
    UserFactory,
    VillageShopFactory,
    make_county,
    make_township,
    make_village,
    person_with,
)

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"
LIST = "/official/households/"


def sign_in(client, name, password, **more):
    return client.post(SIGN_IN, {"username": name, "password": password, **more})


def test_person_signs_in_with_mobile_and_goes_to_the_page_of_the_role(client):
    helper = person_with("helper", make_county())

    answer = sign_in(client, helper.mobile, PASSWORD)

    assert answer.url == LIST


def test_household_signs_in_with_card_and_pin_however_it_types_them(client):
    household = HouseholdFactory(code="HH-2345678")
    services.issue_card(household=household, pin=PIN, at=clock.now(), by=None)

    answer = sign_in(client, " hh-2345678 ", PIN)

    assert answer.status_code == 302
    assert client.session["_auth_user_id"]


def test_person_signs_in_with_a_user_name(client):
    person = UserFactory(username="planner")

    sign_in(client, "Planner", PASSWORD)

    assert client.session["_auth_user_id"] == str(person.pk)


def test_consumer_goes_to_the_storefront(client):
    person = UserFactory()

    assert sign_in(client, person.mobile, PASSWORD).url == "/"


def test_sign_in_goes_back_to_where_one_came_from_but_never_to_another_site(client):
    person = UserFactory()

    assert sign_in(client, person.mobile, PASSWORD, next="/shop/").url == "/shop/"
    client.logout()
    assert sign_in(client, person.mobile, PASSWORD, next="https://evil.example/").url == "/"
    client.logout()
    assert sign_in(client, person.mobile, PASSWORD, next="//evil.example/").url == "/"


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("", "x", "username"), ("13800000000", "", "password"), ("13800000000", "x", "password")],
)
def test_wrong_sign_in_says_so_beside_the_field(client, name, password, field):
    answer = sign_in(client, name, password)

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


@override_settings(AXES_ENABLED=True)
def test_too_many_wrong_tries_lock_the_account_even_for_the_right_password(client):
    person = UserFactory()
    for _try in range(8):
        sign_in(client, person.mobile, "wrong")

    answer = sign_in(client, person.mobile, PASSWORD)

    assert answer.status_code == 429
    assert "先歇一会儿" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@override_settings(AXES_ENABLED=True)
def test_tries_count_together_however_the_card_code_is_typed(client):
    household = HouseholdFactory(code="HH-2345678")
    services.issue_card(household=household, pin=PIN, at=clock.now(), by=None)
    for spelling in ("hh-2345678", "Hh-2345678", " HH-234 5678", "HH-2345678") * 2:
        sign_in(client, spelling, "111111")

    answer = sign_in(client, "hH-2345678", PIN)

    assert answer.status_code == 429


@override_settings(AXES_ENABLED=True)
def test_a_lock_does_not_keep_the_neighbour_out(client):
    person, neighbour = UserFactory(), UserFactory()
    for _try in range(9):
        sign_in(client, person.mobile, "wrong")

    assert sign_in(client, neighbour.mobile, PASSWORD).status_code == 302


def test_sign_out_is_a_post(client):
    client.force_login(UserFactory())

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/"
    assert "_auth_user_id" not in client.session


def test_home_of_a_stranger_is_the_sign_in_page(client):
    assert client.get("/home/").url == "/sign-in/?next=/home/"


@pytest.fixture
def register():
    """A township with a household in full, and one household somewhere else."""
    village = make_village(make_township(make_county("武都区"), name="云台乡"))
    household = HouseholdFactory(
        village=village, head_name="王建国", cooperative=CooperativeFactory(name_zh="青山合作社")
    )
    HouseholdStatusFactory(household=household, valid_from=date(2026, 1, 1))
    LandPlotFactory(household=household, code="LP-000099")
    shop = VillageShopFactory(village=village, name_zh="松坪村店")
    BindingFactory(shop=shop, household=household)
    elsewhere = HouseholdFactory(
        village=make_village(make_township(make_county("文县"))), head_name="赵铁柱"
    )
    return {"household": household, "shop": shop, "elsewhere": elsewhere}


def people(register):
    """One person of each role for things of the household here, and two strangers."""
    household, shop = register["household"], register["shop"]
    things = {
        "household": household,
        "shop_operator": shop,
        "station_keeper": shop.station,
        "planner": household.cooperative,
        "approver": household.cooperative,
    }
    everyone = {
        role: person_with(role, things.get(role, household.village)) for role in Role.values
    }
    return everyone | {"consumer": UserFactory()}


def test_every_page_for_every_role(client, register):
    code = register["household"].code
    foreign = register["elsewhere"].code
    readers = {"helper", "official", "auditor"}
    pages = {
        LIST: readers,
        f"{LIST}{code}/": readers,
        f"{LIST}{foreign}/": set(),
        f"{LIST}HH-NOBODY/": set(),
    }

    for role, person in people(register).items():
        client.force_login(person)
        for page, allowed in pages.items():
            expected = 200 if role in allowed else 404
            assert (role, page, client.get(page).status_code) == (role, page, expected)
        assert client.get("/home/").status_code == 302
        assert client.get(SIGN_IN).url == "/home/"
    client.logout()
    for page in pages:
        assert client.get(page).url.startswith("/sign-in/?next=/official/")


def test_list_shows_masked_names_of_the_own_region_only(client, register):
    client.force_login(person_with("official", make_county("武都区")))

    page = client.get(LIST).content.decode()

    assert register["household"].code in page
    assert "王**" in page
    assert "防止返贫致贫对象" in page
    assert "王建国" not in page
    assert register["elsewhere"].code not in page
    assert "赵" not in page


def test_list_is_filtered_by_township_and_code(client, register):
    county = make_county("武都区")
    other = HouseholdFactory(village=make_village(make_township(county)))
    client.force_login(person_with("official", county))

    def codes(**query):
        return [row.household.code for row, _name in client.get(LIST, query).context["rows"]]

    here = register["household"]
    assert set(codes()) == {here.code, other.code}
    assert codes(township=here.village.parent_id) == [here.code]
    assert codes(code=other.code.lower()) == [other.code]
    assert codes(code="HH-NOBODY") == []


def test_list_and_record_ask_as_much_for_three_rows_as_for_one(
    client, register, django_assert_num_queries
):
    household = register["household"]
    client.force_login(person_with("official", make_county("武都区")))
    pages = [LIST, f"{LIST}{household.code}/"]
    for page in pages:
        client.get(page)
    asked = []
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        asked.append(len(queries))

    for _number in range(2):
        HouseholdStatusFactory(household=HouseholdFactory(village=household.village))
        LandPlotFactory(household=household)
        AccessEventFactory(household=household)
    client.get(LIST)

    for page, count in zip(pages, asked, strict=True):
        with django_assert_num_queries(count):
            client.get(page)


def test_record_shows_everything_but_keeps_names_masked_until_one_says_why(client, register):
    household = register["household"]
    client.force_login(person_with("helper", household.village))
    address = f"{LIST}{household.code}/"

    before = client.get(address).content.decode()
    refused = client.post(address, {"purpose": " "}).content.decode()
    opened = client.post(address, {"purpose": "入户核对"}).content.decode()

    for word in ("防止返贫致贫对象", "LP-000099", "松坪村店", "王**", "青山合作社"):
        assert word in before
    assert "王建国" not in before + refused
    assert "写明为什么要看" in refused
    assert "王建国" in opened
    assert "13900000000" in opened
    looks = AccessEvent.objects.filter(household=household)
    assert sorted(looks.values_list("what", "purpose")) == [
        ("identity", "入户核对"),
        ("record", "查看档案"),
    ]


def test_helper_issues_a_card_and_the_household_signs_in_with_it(client, register):
    household = register["household"]
    services.issue_card(household=household, pin=PIN, at=clock.now(), by=None)
    helper = person_with("helper", household.village)
    client.force_login(helper)

    page = client.post(f"{LIST}{household.code}/card/")

    pin = page.context["pin"]
    assert re.fullmatch(r"[0-9]{6}", pin)
    assert pin in page.content.decode()
    assert household.access_events.filter(what="card", user=helper).count() == 1
    client.logout()
    assert sign_in(client, household.code, pin).status_code == 302


def test_card_is_issued_by_the_own_helper_or_official_and_by_post_only(client, register):
    address = f"{LIST}{register['household'].code}/card/"
    foreign = f"{LIST}{register['elsewhere'].code}/card/"

    for role, person in people(register).items():
        client.force_login(person)
        allowed = role in {"helper", "official"}
        assert (role, client.post(address).status_code) == (role, 200 if allowed else 404)
        assert client.post(foreign).status_code == 404
        assert client.get(address).status_code == 405


def test_auditor_reads_the_record_but_never_the_identity(client, register):
    household = register["household"]
    client.force_login(person_with("auditor", household.village))
    address = f"{LIST}{household.code}/"

    assert "看姓名和电话" not in client.get(address).content.decode()
    assert client.post(address, {"purpose": "好奇"}).status_code == 404
    assert not AccessEvent.objects.filter(what="identity").exists()


def test_record_of_a_neighbour_is_closed_to_a_helper_who_also_runs_its_shop(client, register):
    household = register["household"]
    person = person_with("shop_operator", register["shop"])
    person_with("helper", register["elsewhere"].village, user=person)
    client.force_login(person)

    assert client.get(f"{LIST}{register['elsewhere'].code}/").status_code == 200
    assert client.get(f"{LIST}{household.code}/").status_code == 404


def test_register_pages_are_not_kept_by_browsers(client, register):
    client.force_login(person_with("helper", register["household"].village))

    assert "no-store" in client.get(LIST)["Cache-Control"]


def test_pages_are_in_chinese_without_an_english_word(client, register):
    client.force_login(person_with("official", make_county()))
    pages = [client.get(LIST), client.get(f"{LIST}{register['household'].code}/")]
    client.logout()
    pages.append(client.get(SIGN_IN))

    for page in pages:
        html = re.sub(r"<(script|style|svg).*?</\1>", "", page.content.decode(), flags=re.S)
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", html))
        assert set(words) <= {"HH", "LP", "CO", "VS", "ST", "English"}


def test_status_is_not_on_the_workspace_of_the_bound_shop(client, register):
    client.force_login(person_with("shop_operator", register["shop"]))

    for page in (LIST, f"{LIST}{register['household'].code}/"):
        assert "防止返贫致贫对象" not in client.get(page).content.decode()


def test_work_links_are_those_of_the_roles(client, register):
    client.force_login(person_with("helper", register["household"].village))

    links = client.get(f"{LIST}{register['household'].code}/").context["work_nav"]

    assert [(link["url"], str(link["label"]), link["current"]) for link in links] == [
        (reverse("growers:households"), "种植户", True)
    ]


def test_the_record_says_what_each_person_was_when_they_looked(client, register):
    household = register["household"]
    helper = person_with("helper", household.village)
    helper.memberships.update(valid_from=date(2026, 8, 1), valid_to=date(2026, 8, 31))
    for day in (20, 31):
        at = datetime(2026, 8, day, 4, tzinfo=UTC)
        AccessEventFactory(household=household, user=helper, at=at)
    AccessEventFactory(household=household, user=helper, at=datetime(2026, 9, 1, 4, tzinfo=UTC))

    seen = looks_at(household, most=10)

    assert [look.role for look in seen] == ["", "帮扶联系人", "帮扶联系人"]
