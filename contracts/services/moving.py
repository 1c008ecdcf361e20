"""One step of a plan or a contract, by the table of states."""

from collections.abc import Collection

from contracts.errors import WrongState
from contracts.models import Contract, Plan, PlanCell, PlanHousehold
from contracts.states import ENDED, NEXT_CONTRACT, NEXT_PLAN, ContractState, PlanState


def locked_plan(code: str) -> Plan:
    """The plan, so that two steps wait for each other."""
    plans = Plan.objects.select_for_update(of=("self",)).select_related("area__lead")
    return plans.get(code=code)


def locked_contract(code: str) -> Contract:
    """The contract, so that two answers wait for each other."""
    contracts = Contract.objects.select_for_update(of=("self",)).select_related("household")
    return contracts.get(code=code)


def move_plan(plan: Plan, to: PlanState) -> None:
    """Take a step and save the whole row; ending frees its households and demand.

    Raises
    ------
    WrongState
        The step does not follow from the state.
    """
    if to not in NEXT_PLAN[PlanState(plan.state)]:
        raise WrongState(code=plan.code, state=plan.get_state_display())
    plan.state = to
    plan.is_open = to not in ENDED
    plan.save()
    if not plan.is_open:
        PlanHousehold.objects.filter(plan=plan).update(is_open=False)
        PlanCell.objects.filter(plan=plan).update(is_open=False)


def move_contract(
    contract: Contract, to: ContractState, *, only_from: Collection[ContractState] = ()
) -> None:
    """Take a step and save the whole row.

    Raises
    ------
    WrongState
        The step does not follow from the state.
    """
    state = ContractState(contract.state)
    if to not in NEXT_CONTRACT[state] or (only_from and state not in only_from):
        raise WrongState(code=contract.code, state=contract.get_state_display())
    contract.state = to
    contract.save()
