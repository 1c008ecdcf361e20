"""Propose, send back, approve, cancel and close: two persons, never a typed volume."""

from datetime import date, datetime

from django.db import transaction

from contracts.errors import NeedsAnotherPerson
from contracts.models import Plan
from contracts.selectors.roles import require_role
from contracts.services.moving import locked_plan, move_contract, move_plan
from contracts.states import ContractState, PlanState
from growers.models import Role, User


@transaction.atomic
def propose_run(*, code: str, by: User, at: datetime, on: date) -> Plan:
    """Put a solved plan before a second person."""
    plan = locked_plan(code)
    require_role(by, Role.PLANNER, plan.area.lead, on)
    plan.proposed_by, plan.proposed_at = by, at
    move_plan(plan, PlanState.PROPOSED)
    return plan


@transaction.atomic
def return_run(*, code: str, by: User, on: date) -> Plan:
    """Send a proposed plan back to the planner."""
    plan = locked_plan(code)
    require_role(by, Role.APPROVER, plan.area.lead, on)
    move_plan(plan, PlanState.SOLVED)
    return plan


@transaction.atomic
def approve_run(*, code: str, by: User, at: datetime, on: date) -> Plan:
    """Approve a plan that somebody else proposed.

    Raises
    ------
    NeedsAnotherPerson
        It is the person's own proposal.
    """
    plan = locked_plan(code)
    if plan.proposed_by_id == by.pk:
        raise NeedsAnotherPerson(code=plan.code)
    require_role(by, Role.APPROVER, plan.area.lead, on)
    plan.approved_by, plan.approved_at = by, at
    move_plan(plan, PlanState.APPROVED)
    return plan


@transaction.atomic
def cancel_run(*, code: str, by: User, on: date) -> Plan:
    """Give up a plan nobody has been offered a contract from."""
    plan = locked_plan(code)
    require_role(by, Role.PLANNER, plan.area.lead, on)
    move_plan(plan, PlanState.CANCELLED)
    return plan


@transaction.atomic
def close_run(*, code: str, by: User | None, on: date) -> Plan:
    """End a plan: offers nobody answered lapse, its households and demand are free again."""
    plan = locked_plan(code)
    require_role(by, Role.PLANNER, plan.area.lead, on)
    move_plan(plan, PlanState.CLOSED)
    for contract in plan.contracts.select_for_update().filter(state=ContractState.OFFERED):
        move_contract(contract, ContractState.CANCELLED)
    return plan
