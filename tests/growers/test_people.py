"""People, roles, cards, and reading who a household is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import BadInput, NotAllowed
from growers import selectors, services
from growers.models import AccessEvent, Membership, User
from growers.sign_in import MobileOrCardBackend
from tests.factories.growers import (
    CooperativeFactory,
    HouseholdFactory,
    UserFactory,
    VillageShopFactory,
    make_county,
    make_village,
    person_with,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 28)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)


def sign_in(name, password):
    return MobileOrCardBackend().authenticate(None, username=name, password=password)


def test_create_person_signs_in_with_the_mobile_number():
    person = services.create_person(mobile="13912345678", password="wo-de-mima", name="小李")

    assert sign_in("13912345678", "wo-de-mima") == person
    assert sign_in("13912345678", "wrong") is None
    assert str(person) == "小李"


@pytest.mark.parametrize("mobile", ["", "139", "23912345678", "1391234567x", "12912345678"])
def test_create_person_refuses_what_is_no_mobile_number(mobile):
    with pytest.raises(BadInput) as refused:
        services.create_person(mobile=mobile, password="wo-de-mima", name="")

    assert refused.value.field == "mobile"
    assert not User.objects.exists()


def test_create_person_refuses_a_number_twice():
    services.create_person(mobile="13912345678", password="wo-de-mima", name="小李")

    with pytest.raises(BadInput, match="已经有人用"):
        services.create_person(mobile="13912345678", password="other", name="别人")
    assert sign_in("13912345678", "wo-de-mima") is not None


def test_issue_card_opens_the_household_with_code_and_pin_and_is_logged():
    household, helper = HouseholdFactory(code="HH-2345678"), UserFactory()

    person = services.issue_card(household=household, pin="246810", at=NOON, by=helper)

    assert sign_in("hh-2345678", "246810") == person
    assert list(selectors.households_for(person, DAY)) == [household]
    (event,) = AccessEvent.objects.filter(household=household)
    assert (event.user, event.what, event.at) == (helper, "card", NOON)


def test_issue_card_again_replaces_the_pin_and_keeps_the_person():
    household = HouseholdFactory()
    first = services.issue_card(household=household, pin="246810", at=NOON, by=None)

    second = services.issue_card(household=household, pin="135791", at=NOON, by=None)

    assert second == first
    assert sign_in(household.code, "246810") is None
    assert sign_in(household.code, "135791") == first
    assert Membership.objects.count() == 1
    assert AccessEvent.objects.count() == 2


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_issue_card_refuses_a_pin_that_is_not_six_digits(pin):
    with pytest.raises(BadInput) as refused:
        services.issue_card(household=HouseholdFactory(), pin=pin, at=NOON, by=None)

    assert refused.value.field == "pin"
    assert not User.objects.exists()


def test_sign_in_refuses_a_person_put_to_rest():
    services.create_person(mobile="13912345678", password="wo-de-mima", name="小李")
    User.objects.update(is_active=False)

    assert sign_in("13912345678", "wo-de-mima") is None


def test_give_role_is_dated_and_ends_the_day_before():
    person, cooperative, boss = UserFactory(), CooperativeFactory(), UserFactory()
    facts = {"user": person, "role": "planner", "thing": cooperative, "by": boss, "at": NOON}
    membership = services.give_role(on=DAY, **facts)

    with pytest.raises(NotAllowed):
        services.give_role(on=DAY, **facts)
    services.end_role(membership=membership, on=date(2026, 9, 1), reason="换人", by=boss, at=NOON)

    assert selectors.roles_of(person, date(2026, 8, 31)) == {"planner"}
    assert selectors.roles_of(person, date(2026, 9, 1)) == frozenset()
    assert membership.history.first().history_change_reason == "换人"


def test_give_role_refuses_a_thing_the_role_is_not_for():
    with pytest.raises(BadInput) as refused:
        services.give_role(
            user=UserFactory(), role="planner", thing=make_county(), on=DAY, by=None, at=NOON
        )

    assert refused.value.field == "role"
    assert not Membership.objects.exists()


def read(household, by, purpose="核对合同"):
    return services.read_identity(household=household, by=by, purpose=purpose, at=NOON)


@pytest.mark.parametrize("role", ["helper", "official"])
def test_read_identity_is_logged_for_the_household_to_see(role):
    household = HouseholdFactory(head_name="王建国")
    reader = person_with(role, household.village)

    identity = read(household, reader)

    assert identity.head_name == "王建国"
    (event,) = AccessEvent.objects.filter(household=household)
    assert (event.user, event.what, event.purpose) == (reader, "identity", "核对合同")


def test_read_identity_is_open_to_the_cooperative_that_buys():
    cooperative = CooperativeFactory()
    household = HouseholdFactory(cooperative=cooperative)

    assert read(household, person_with("planner", cooperative)).phone == "13900000000"


def test_read_identity_of_ones_own_household_is_not_a_look():
    household = HouseholdFactory(head_name="王建国")

    assert read(household, person_with("household", household)).head_name == "王建国"
    assert not AccessEvent.objects.exists()


def strangers(household):
    shop = VillageShopFactory(village=household.village)
    services.bind_household(shop=shop, household=household, on=DAY, by=None, at=NOON)
    return {
        "consumer": UserFactory(),
        "its own shop's operator": person_with("shop_operator", shop),
        "its own station's keeper": person_with("station_keeper", shop.station),
        "an auditor": person_with("auditor", household.village),
        "another household": person_with("household", HouseholdFactory()),
        "another cooperative": person_with("planner", CooperativeFactory()),
        "another village's helper": person_with("helper", make_village()),
        "platform staff": UserFactory(is_staff=True, is_superuser=True),
    }


def test_read_identity_is_refused_to_strangers_and_leaves_no_line():
    household = HouseholdFactory()

    for person in strangers(household).values():
        with pytest.raises(NotAllowed):
            read(household, person)
    assert not AccessEvent.objects.exists()


def test_read_identity_needs_a_purpose():
    household = HouseholdFactory()
    reader = person_with("helper", household.village)

    with pytest.raises(BadInput) as refused:
        read(household, reader, purpose="  ")

    assert refused.value.field == "purpose"
    assert not AccessEvent.objects.exists()


def test_masked_names_are_logged_once_a_day():
    households = HouseholdFactory.create_batch(2, head_name="王建国", village=make_village())
    reader = person_with("official", households[0].village)
    facts = {"households": households, "by": reader, "purpose": "查看名单"}

    for at in (NOON, NOON + timedelta(hours=3), NOON + timedelta(days=1)):
        names = services.read_masked_names(at=at, **facts)

    assert set(names.values()) == {"王**"}
    assert AccessEvent.objects.count() == 4


def test_masked_names_are_refused_when_one_household_is_out_of_reach():
    mine, foreign = HouseholdFactory(), HouseholdFactory()
    reader = person_with("official", mine.village)

    with pytest.raises(NotAllowed):
        services.read_masked_names(
            households=[mine, foreign], by=reader, purpose="查看名单", at=NOON
        )
    assert not AccessEvent.objects.exists()
