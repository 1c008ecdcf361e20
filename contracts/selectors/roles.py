"""Who may take which step of a plan."""

from datetime import date

from django.db.models import QuerySet

from contracts.errors import NotYourTask
from contracts.models import Plan
from contracts.states import PlanState
from growers.models import Cooperative, Household, PlanningArea, Role, User
from growers.models.scope import inside, scope_of
from growers.selectors import memberships_of
from growers.selectors.people import Person

EXPORTERS = frozenset({Role.AUDITOR})


def has_role(user: Person, role: str, cooperative: Cooperative, on: date) -> bool:
    """Whether a person holds a role for a cooperative on a day."""
    held = memberships_of(user, on).filter(role=role, cooperative=cooperative)
    return held.exists()


def require_role(user: User | None, role: str, cooperative: Cooperative, on: date) -> None:
    """Refuse a person without the role; ``None`` is the platform itself.

    Raises
    ------
    NotYourTask
        The person does not hold the role for the cooperative.
    """
    if user is not None and not has_role(user, role, cooperative, on):
        raise NotYourTask


def may_export(user: User, plan: Plan, on: date) -> bool:
    """Whether a person audits every household of a plan: the files tell levels and needs."""
    scope = scope_of(user, on, roles=EXPORTERS)
    if not (scope.cooperatives or scope.prefixes):
        return False
    homes = Household.objects.filter(plan_rows__plan=plan)
    return not homes.exclude(Household.objects.all().visible_to(scope, on)).exists()


def is_asked_to_export(user: User, on: date) -> bool:
    """Whether the plan's page leads this person to its files: one question, no households."""
    return memberships_of(user, on).filter(role__in=EXPORTERS).exists()


def planned_areas(user: Person, on: date) -> list[PlanningArea]:
    """Areas whose lead cooperative the person plans for."""
    held = memberships_of(user, on).filter(role=Role.PLANNER)
    areas = PlanningArea.objects.filter(lead__in=held.values("cooperative"))
    return list(areas.select_related("lead", "region"))


def may_approve(user: Person, plan: Plan, on: date) -> bool:
    """Whether the approving step is this person's: an approver who did not propose."""
    if plan.state != PlanState.PROPOSED or plan.proposed_by_id == user.pk:
        return False
    return has_role(user, Role.APPROVER, plan.area.lead, on)


def waiting_plans(user: Person, plans: QuerySet[Plan], on: date) -> QuerySet[Plan]:
    """Of some plans, the proposals this person can approve: never their own."""
    held = memberships_of(user, on).filter(role=Role.APPROVER)
    proposed = plans.filter(state=PlanState.PROPOSED, area__lead__in=held.values("cooperative"))
    return proposed.exclude(proposed_by=user.pk)


def works_with_plans(user: Person, on: date) -> bool:
    """Whether plans are this person's work: who plans, approves, oversees or audits them."""
    roles = (Role.PLANNER, Role.APPROVER, Role.OFFICIAL, Role.AUDITOR)
    return memberships_of(user, on).filter(role__in=roles).exists()


def is_of_household(user: Person, household: Household, on: date) -> bool:
    """Whether the person signs in for the household."""
    held = memberships_of(user, on).filter(role=Role.HOUSEHOLD, household=household)
    return held.exists()


def helps_household(user: Person, household: Household, on: date) -> bool:
    """Whether the person is the helper of a region that holds the household."""
    regions = memberships_of(user, on).filter(role=Role.HELPER).select_related("region")
    prefixes = [member.region.prefix for member in regions if member.region]
    return Household.objects.filter(inside("village_id", prefixes), pk=household.pk).exists()
