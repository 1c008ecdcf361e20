"""Who may see what: each role its own, a stranger nothing."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from growers import selectors
from growers.models import Household, Membership, PlanningArea
from tests.factories.growers import (
    BindingFactory,
    CooperativeFactory,
    HouseholdFactory,
    LandPlotFactory,
    PlanningAreaFactory,
    UserFactory,
    VillageShopFactory,
    make_city,
    make_county,
    make_township,
    make_village,
    person_with,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 28)


@pytest.fixture
def world():
    """A household of a cooperative, bound to a shop in 武都区, and the same in 文县."""

    def place(county):
        village = make_village(make_township(make_county(county)))
        cooperative = CooperativeFactory(region=make_county(county))
        shop = VillageShopFactory(village=village, cooperative=cooperative)
        household = HouseholdFactory(village=village, cooperative=cooperative)
        BindingFactory(shop=shop, household=household)
        LandPlotFactory(household=household)
        area = PlanningAreaFactory(region=make_county(county), lead__region=make_county(county))
        return {
            "household": household,
            "shop": shop,
            "station": shop.station,
            "cooperative": cooperative,
            "village": village,
            "county": make_county(county),
            "area": area,
        }

    return {"here": place("武都区"), "there": place("文县")}


SEES = {
    "household": selectors.households_for,
    "plot": selectors.plots_for,
    "shop": selectors.shops_for,
    "station": selectors.stations_for,
    "cooperative": selectors.cooperatives_for,
    "area": selectors.areas_for,
}


def seen(user, on=DAY):
    """How many of each noun a person sees."""
    return {noun: select(user, on).count() for noun, select in SEES.items()}


NOTHING = dict.fromkeys(SEES, 0)


def test_strangers_see_nothing(world):
    consumer = UserFactory()
    asleep = person_with("official", make_city(), user=UserFactory(is_active=False))
    editor = person_with("editor", make_city())
    staff = UserFactory(is_staff=True, is_superuser=True)

    assert [seen(who) for who in (consumer, asleep, editor, staff, AnonymousUser())] == [
        NOTHING
    ] * 5


@pytest.mark.parametrize(
    ("role", "thing"),
    [
        ("household", "household"),
        ("shop_operator", "shop"),
        ("station_keeper", "station"),
        ("planner", "cooperative"),
        ("approver", "cooperative"),
        ("helper", "village"),
        ("official", "county"),
        ("auditor", "county"),
    ],
)
def test_role_sees_the_household_here_and_never_the_one_there(world, role, thing):
    user = person_with(role, world["here"][thing])

    assert list(selectors.households_for(user, DAY)) == [world["here"]["household"]]
    assert selectors.plots_for(user, DAY).get().household == world["here"]["household"]
    assert world["there"]["shop"] not in selectors.shops_for(user, DAY)
    assert world["there"]["station"] not in selectors.stations_for(user, DAY)
    assert world["there"]["cooperative"] not in selectors.cooperatives_for(user, DAY)
    assert world["there"]["area"] not in selectors.areas_for(user, DAY)


@pytest.mark.parametrize(
    ("role", "thing"),
    [
        ("household", "household"),
        ("shop_operator", "shop"),
        ("planner", "cooperative"),
        ("official", "county"),
    ],
)
def test_role_sees_shop_station_and_cooperative_it_works_with(world, role, thing):
    user = person_with(role, world["here"][thing])

    assert world["here"]["shop"] in selectors.shops_for(user, DAY)
    assert world["here"]["station"] in selectors.stations_for(user, DAY)
    assert world["here"]["cooperative"] in selectors.cooperatives_for(user, DAY)


def test_official_of_the_city_sees_both_counties(world):
    user = person_with("official", make_city())

    assert seen(user) == {
        "household": 2,
        "plot": 2,
        "shop": 2,
        "station": 2,
        "cooperative": 4,
        "area": 2,
    }


def test_official_of_a_township_does_not_see_the_next_one(world):
    next_village = make_village(make_township(make_county("武都区")))
    HouseholdFactory(village=next_village)
    user = person_with("official", world["here"]["village"].parent)

    assert list(selectors.households_for(user, DAY)) == [world["here"]["household"]]


def test_lead_cooperative_sees_its_area_others_only_their_members(world):
    lead = person_with("planner", world["here"]["area"].lead)
    member = person_with("planner", CooperativeFactory(region=make_county("武都区")))

    assert list(selectors.households_for(lead, DAY)) == [world["here"]["household"]]
    assert list(selectors.areas_for(lead, DAY)) == [world["here"]["area"]]
    assert list(selectors.households_for(member, DAY)) == []
    assert list(selectors.areas_for(member, DAY)) == [world["here"]["area"]]


def test_area_of_the_city_is_around_a_cooperative_of_a_county(world):
    city = PlanningArea.objects.create(
        code="PA-CITY", name_zh="陇南", region=make_city(), lead=CooperativeFactory()
    )
    user = person_with("planner", world["here"]["cooperative"])

    assert set(selectors.areas_for(user, DAY)) == {city, world["here"]["area"]}


def test_membership_counts_on_its_first_and_last_day_only(world):
    dates = {"valid_from": date(2026, 8, 10), "valid_to": date(2026, 8, 20)}
    user = person_with("planner", world["here"]["cooperative"], **dates)

    days = [date(2026, 8, day) for day in (9, 10, 20, 21)]

    assert [selectors.households_for(user, day).exists() for day in days] == [
        False,
        True,
        True,
        False,
    ]
    assert [selectors.roles_of(user, day) for day in days] == [
        frozenset(),
        frozenset({"planner"}),
        frozenset({"planner"}),
        frozenset(),
    ]


def test_operator_loses_a_household_when_its_binding_ends(world):
    user = person_with("shop_operator", world["here"]["shop"])
    binding = world["here"]["shop"].bindings.get()
    binding.valid_to = date(2026, 8, 27)
    binding.save()

    assert not selectors.households_for(user, DAY).exists()
    assert selectors.households_for(user, date(2026, 8, 27)).exists()


def test_household_for_answers_404_to_a_stranger(world):
    code = world["here"]["household"].code
    owner, stranger = person_with("household", world["here"]["household"]), UserFactory()

    assert selectors.household_for(owner, code, DAY) == world["here"]["household"]
    with pytest.raises(Http404):
        selectors.household_for(stranger, code, DAY)


def test_seeing_takes_three_questions_however_many_rows(world, django_assert_num_queries):
    user = person_with("planner", world["here"]["area"].lead)
    HouseholdFactory.create_batch(3, village=world["here"]["village"])

    with django_assert_num_queries(3):
        found = list(Household.objects.for_user(user, DAY))

    assert len(found) == 4
    assert Membership.objects.count() == 1
