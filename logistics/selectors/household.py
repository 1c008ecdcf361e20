"""What a household still has to bring, week by week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from contracts.models import Contract, ContractLine
from contracts.states import ContractState
from core.clock import week_of
from growers.models import Household
from logistics.selectors.weighing import with_weights


@dataclass(frozen=True)
class Delivery:
    """So much of a contract in one week; ``is_late`` when the week has gone by."""

    contract: Contract
    monday: date
    weight_g: int
    is_late: bool


def contracts_of(household: Household, *, on: date) -> QuerySet[Any]:
    """The household's contracts with their weights, the newest first."""
    mine = Contract.objects.filter(household=household)
    mine = mine.select_related("form__crop", "station", "shop", "cooperative", "plan", "household")
    return with_weights(mine, on=on).order_by("-offered_at", "code")


def deliveries_left(contracts: list[Any], *, on: date) -> list[Delivery]:
    """What is still to bring for accepted contracts, the soonest week first.

    ``contracts`` carry their weights; what was weighed counts for the earliest weeks first. One
    query however many contracts.
    """
    accepted = {one.pk: one for one in contracts if one.state == ContractState.ACCEPTED}
    lines = ContractLine.objects.filter(contract__in=accepted).order_by("monday", "pk")
    weeks: dict[tuple[int, date], int] = defaultdict(int)
    for line in lines:
        weeks[line.contract_id, line.monday] += line.weight_g
    taken = {pk: one.taken_g for pk, one in accepted.items()}
    left = []
    for (pk, monday), weight_g in weeks.items():
        covered_g = min(taken[pk], weight_g)
        taken[pk] -= covered_g
        if weight_g > covered_g:
            late = monday < week_of(on)
            left.append(Delivery(accepted[pk], monday, weight_g - covered_g, late))
    return left
