"""Registering households and giving them status."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from core.codes import code_is_sound
from core.errors import BadInput, NotAllowed
from growers import selectors, services
from growers.models import Household, HouseholdIdentity
from tests.factories.growers import (
    CooperativeFactory,
    HouseholdFactory,
    TierRuleFactory,
    UserFactory,
    make_township,
    make_village,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 28)
NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
PEOPLE = [services.NewMember("王建国", "户主"), services.NewMember("李秀英", "配偶")]


def register(**changes):
    facts = {
        "village": changes.pop("village", None) or make_village(),
        "head_name": "王建国",
        "members": PEOPLE,
        "cooperative": None,
        "on": DAY,
        "by": None,
        "at": NOON,
    }
    return services.register_household(**{**facts, **changes})


def test_register_household_draws_a_code_and_seals_the_identity():
    official, cooperative = UserFactory(), CooperativeFactory()

    household = register(by=official, cooperative=cooperative, phone="13900000000")

    assert household.code.startswith("HH-")
    assert code_is_sound(household.code)
    assert household.identity.head_name == "王建国"
    assert selectors.member_counts([household.pk], DAY) == {household.pk: 2}
    assert household.history.get().history_user == official


def test_identity_is_not_readable_in_the_database():
    household = register()

    with connection.cursor() as cursor:
        cursor.execute("SELECT head_name FROM growers_householdidentity")
        stored = cursor.fetchone()[0]

    assert "王建国" not in stored
    assert not HouseholdIdentity.objects.filter(head_name="王建国").exists()
    assert household.identity.head_name == "王建国"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"head_name": " "}, "head_name"),
        ({"members": []}, "members"),
        ({"members": [services.NewMember("", "户主")]}, "members"),
    ],
)
def test_register_household_refuses_what_is_missing(changes, field):
    with pytest.raises(BadInput) as refused:
        register(**changes)

    assert refused.value.field == field
    assert not Household.objects.exists()


def test_register_household_refuses_a_township():
    with pytest.raises(BadInput) as refused:
        register(village=make_township())

    assert refused.value.field == "village"


def set_status(household, **changes):
    facts = {
        "scheme": "regular_2026",
        "category": "prevention",
        "on": DAY,
        "source": "县名单",
        "reason": "村里评议",
        "by": None,
        "at": NOON,
    }
    return services.set_status(household=household, **{**facts, **changes})


def test_set_status_ends_the_open_one_the_day_before():
    TierRuleFactory(category="prevention")
    TierRuleFactory(category="lifted", tier=2)
    household, official = HouseholdFactory(), UserFactory()
    first = set_status(household, on=date(2026, 1, 1))

    second = set_status(household, category="lifted", by=official, reason="风险消除")

    first.refresh_from_db()
    assert first.valid_to == date(2026, 8, 27)
    assert second.valid_to is None
    ended = first.history.first()
    assert (ended.history_user, ended.history_date) == (official, NOON)
    assert ended.history_change_reason == "风险消除"
    assert selectors.statuses_at([household.pk], date(2026, 8, 27)) == {
        household.pk: ("regular_2026", "prevention")
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "lifted"}, "category"),
        ({"on": date(2025, 12, 31)}, "category"),
        ({"source": " "}, "source"),
        ({"reason": ""}, "reason"),
    ],
)
def test_set_status_refuses_what_policy_does_not_know(changes, field):
    TierRuleFactory(category="prevention", valid_from=date(2026, 1, 1))
    household = HouseholdFactory()

    with pytest.raises(BadInput) as refused:
        set_status(household, **changes)

    assert refused.value.field == field
    assert not household.statuses.exists()


@pytest.mark.parametrize("on", [date(2026, 8, 27), date(2026, 8, 28)])
def test_set_status_never_rewrites_the_past(on):
    TierRuleFactory(category="prevention")
    household = HouseholdFactory()
    set_status(household)

    with pytest.raises(NotAllowed, match=household.code):
        set_status(household, on=on)
    assert household.statuses.count() == 1
