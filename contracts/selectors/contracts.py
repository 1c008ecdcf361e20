"""Contracts: who may see which, and why a contract is as large as it is."""

from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from contracts.models import Contract, HarvestOffer
from contracts.selectors.sentences import reason_sentence
from contracts.states import ContractState
from growers.models import Household, Station
from growers.selectors.people import Person


def contracts_for(user: Person, on: date) -> QuerySet[Contract]:
    """Contracts this person may see, newest first, with their parties."""
    return _with_parties(Contract.objects.for_user(user, on))


def contract_for(user: Person, code: str, on: date) -> Contract:
    """One contract by its code.

    Raises
    ------
    Http404
        There is none, or this person may not see it.
    """
    return get_object_or_404(contracts_for(user, on), code=code)


def open_contracts(*, station: Station, on: date) -> QuerySet[Contract]:
    """Signed contracts of a station still to be delivered, by household."""
    signed = Contract.objects.filter(station=station, state=ContractState.ACCEPTED)
    return _with_parties(signed).order_by("household__code", "code")


def household_contracts(household: Household) -> QuerySet[Contract]:
    """All contracts of a household with their lines, newest first."""
    return _with_parties(Contract.objects.filter(household=household))


def contract_offer(contract: Contract) -> HarvestOffer | None:
    """The expected harvest a contract came from, with its reason."""
    offers = HarvestOffer.objects.filter(
        plan_id=contract.plan_id,
        household_id=contract.household_id,
        form_id=contract.form_id,
        grade=contract.grade,
    )
    return offers.select_related("reason").first()


def contract_reason(contract: Contract) -> str:
    """Why the contract is not larger, in plain Chinese; empty when nothing was recorded."""
    offer = contract_offer(contract)
    reason = getattr(offer, "reason", None)
    return reason_sentence(reason) if reason else ""


def delivery_weeks(contract: Contract) -> list[tuple[date, int]]:
    """(Monday, grams) of each week, over all hubs: what the household brings to its shop."""
    weeks: dict[date, int] = {}
    for line in contract.lines.all():
        weeks[line.monday] = weeks.get(line.monday, 0) + line.weight_g
    return sorted(weeks.items())


def _with_parties(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    parties = contracts.select_related(
        "household__village", "cooperative", "shop", "station", "form__crop", "plan"
    )
    return parties.prefetch_related("lines__hub")
