"""What the register's pages show to helpers, officials and auditors of a region."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from growers.models import (
    Binding,
    Household,
    HouseholdStatus,
    Region,
    RegionLevel,
    StatusCategory,
)
from growers.models.scope import REGION_ROLES, inside, scope_of
from growers.selectors.people import Person
from growers.selectors.policy import member_counts, statuses_at


@dataclass(frozen=True)
class RegisterRow:
    """A household in the list: its people and what it counts as on the day."""

    household: Household
    people: int
    category: str


def watched_households(user: Person, on: date) -> QuerySet[Household]:
    """Households of the regions a person watches by office; a shop's or cooperative's view of
    other households does not open their register pages."""
    scope = scope_of(user, on, roles=REGION_ROLES)
    seen = Household.objects.filter(inside("village_id", scope.watched))
    return seen.select_related("village__parent", "cooperative")


def watched_townships(user: Person, on: date) -> QuerySet[Region]:
    """Townships of the regions a person watches, to choose from; a village's own included."""
    scope = scope_of(user, on, roles=REGION_ROLES)
    mine = inside("code", scope.watched) | inside("children__code", scope.watched)
    found = Region.objects.filter(
        mine, level=RegionLevel.TOWNSHIP, children__households__isnull=False
    )
    return found.select_related("parent").distinct()


def register_rows(households: list[Household], on: date) -> list[RegisterRow]:
    """People and category of some households on a day, in two queries."""
    keys = [household.pk for household in households]
    people, statuses = member_counts(keys, on), statuses_at(keys, on)
    return [
        RegisterRow(household, people.get(household.pk, 0), _category(statuses.get(household.pk)))
        for household in households
    ]


def _category(status: tuple[str, str] | None) -> str:
    return str(StatusCategory(status[1]).label) if status else ""


def status_history(household: Household) -> QuerySet[HouseholdStatus]:
    """What the household counted as, newest first."""
    return household.statuses.order_by("-valid_from")


def bindings_of(household: Household) -> QuerySet[Binding]:
    """The household's own bindings and its village's, newest first."""
    mine = Q(household=household) | Q(village=household.village_id)
    return Binding.objects.filter(mine).select_related("shop").order_by("-valid_from", "pk")
