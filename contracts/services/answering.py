"""The household answers, itself or through its helper; deliveries fulfil."""

from datetime import date, datetime

from django.db import transaction

from contracts.errors import ConsentMissing, NotYourTask
from contracts.models import Contract
from contracts.selectors.roles import helps_household, is_of_household
from contracts.services.moving import locked_contract, move_contract
from contracts.signals import contract_accepted
from contracts.states import ContractState
from growers.models import User


@transaction.atomic
def accept_contract(
    *, code: str, by: User, at: datetime, on: date, consent_note: str = ""
) -> Contract:
    """Bind household and cooperative to the contract; price and weight stand from now on.

    Raises
    ------
    NotYourTask
        The person is neither of the household nor its helper.
    ConsentMissing
        A helper answers without saying how the household agreed.
    """
    contract = _answered(code, ContractState.ACCEPTED, by=by, at=at, on=on, note=consent_note)
    transaction.on_commit(lambda: contract_accepted.send(sender=Contract, contract=contract))
    return contract


@transaction.atomic
def decline_contract(
    *, code: str, by: User, at: datetime, on: date, consent_note: str = ""
) -> Contract:
    """Say no; what was offered is free for the next plan. Raises as ``accept_contract``."""
    return _answered(code, ContractState.DECLINED, by=by, at=at, on=on, note=consent_note)


@transaction.atomic
def mark_fulfilled(*, code: str, by: User | None, at: datetime) -> Contract:
    """Mark a signed contract as delivered in full; ``by`` None is the platform itself."""
    contract = locked_contract(code)
    contract.fulfilled_by, contract.fulfilled_at = by, at
    move_contract(contract, ContractState.FULFILLED)
    return contract


def _answered(
    code: str, to: ContractState, *, by: User, at: datetime, on: date, note: str
) -> Contract:
    contract = locked_contract(code)
    if not is_of_household(by, contract.household, on):
        if not helps_household(by, contract.household, on):
            raise NotYourTask
        if not note.strip():
            raise ConsentMissing
    contract.answered_by, contract.answered_at = by, at
    contract.consent_note = note.strip()
    move_contract(contract, to)
    return contract
