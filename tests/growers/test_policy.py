"""Need, tier and status are dated rules."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotAllowed
from growers import selectors
from growers.models import Household, HouseholdMember, HouseholdStatus
from tests.factories.growers import (
    HouseholdFactory,
    HouseholdStatusFactory,
    PovertyLineFactory,
    TierRuleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 8, 28)


def test_need_is_members_times_the_line_of_the_year():
    PovertyLineFactory(year=2019, yuan_per_person="3218.00")
    PovertyLineFactory(year=2020, yuan_per_person="4000.00")
    household = HouseholdFactory(members=3)

    assert selectors.needs_fen_at([household.pk], date(2020, 5, 1)) == {household.pk: 1_200_000}


def test_need_of_a_year_without_line_uses_the_last_known_year():
    PovertyLineFactory(year=2019, yuan_per_person="3218.00")
    PovertyLineFactory(year=2020, yuan_per_person="4000.00")

    assert selectors.poverty_line_at(DAY).year == 2020
    assert selectors.poverty_line_at(date(2019, 12, 31)).year == 2019


def test_need_without_any_line_is_refused():
    PovertyLineFactory(year=2020)

    with pytest.raises(NotAllowed, match="2019"):
        selectors.poverty_line_at(date(2019, 12, 31))


def test_need_of_a_household_without_people_is_refused_with_its_code():
    PovertyLineFactory(year=2020)
    HouseholdFactory(members=2)
    empty = HouseholdFactory(code="HH-EMPTY", members=0)

    with pytest.raises(BadInput, match="HH-EMPTY"):
        selectors.needs_fen_at(Household.objects.values("pk"), DAY)
    assert empty.members.count() == 0


def test_member_counts_holds_the_day_of_joining_and_the_day_of_leaving():
    household = HouseholdFactory(members=1)
    facts = {"household": household, "name": "王测试", "relation": "子"}
    HouseholdMember.objects.create(**facts, joined_on=date(2026, 8, 28), left_on=date(2026, 8, 30))

    def people(day: int) -> int:
        return selectors.member_counts([household.pk], date(2026, 8, day))[household.pk]

    assert [people(day) for day in (27, 28, 30, 31)] == [1, 2, 2, 1]


def test_status_holds_from_its_first_to_its_last_day():
    household = HouseholdFactory()
    HouseholdStatusFactory(
        household=household,
        scheme="monitored_2021",
        category="lifted",
        valid_from=date(2021, 1, 1),
        valid_to=date(2025, 12, 31),
    )
    HouseholdStatusFactory(household=household, valid_from=date(2026, 1, 1))

    def status(day: date) -> tuple[str, str] | None:
        return selectors.statuses_at([household.pk], day).get(household.pk)

    assert status(date(2020, 12, 31)) is None
    assert status(date(2021, 1, 1)) == ("monitored_2021", "lifted")
    assert status(date(2025, 12, 31)) == ("monitored_2021", "lifted")
    assert status(date(2026, 1, 1)) == ("regular_2026", "prevention")


def test_tier_follows_the_rule_of_the_day():
    TierRuleFactory(tier=1, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    TierRuleFactory(tier=2, valid_from=date(2026, 7, 1))
    household = HouseholdStatusFactory().household

    assert selectors.tiers_at([household.pk], date(2026, 6, 30)) == {household.pk: 1}
    assert selectors.tiers_at([household.pk], date(2026, 7, 1)) == {household.pk: 2}


def test_tier_without_status_or_without_rule_is_the_last():
    without_status = HouseholdFactory()
    without_rule = HouseholdStatusFactory(category="lifted").household

    keys = [without_status.pk, without_rule.pk]

    assert selectors.tiers_at(keys, DAY) == {without_status.pk: 3, without_rule.pk: 3}


@pytest.mark.parametrize("count", [1, 3])
def test_bulk_selectors_ask_a_fixed_number_of_questions(count, django_assert_num_queries):
    TierRuleFactory()
    PovertyLineFactory()
    HouseholdStatusFactory.create_batch(count)
    keys = list(Household.objects.values_list("pk", flat=True))

    with django_assert_num_queries(6):
        selectors.statuses_at(keys, DAY)
        selectors.tiers_at(keys, DAY)
        selectors.needs_fen_at(keys, DAY)


def test_household_has_one_open_status():
    status = HouseholdStatusFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdStatusFactory(household=status.household, valid_from=date(2027, 1, 1))
    assert HouseholdStatus.objects.count() == 1
