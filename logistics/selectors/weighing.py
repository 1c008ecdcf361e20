"""Contracts expected at a station, and the slips written there."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from contracts.models import Contract, ContractLine
from contracts.states import ContractState
from core.clock import start_of, week_of
from growers.models import Household, Station, User
from logistics.models import WeighTicket
from logistics.selectors.access import (
    kept_stations,
    operated_shops,
    own_cooperatives,
)

_TAKEN = (
    WeighTicket.objects.filter(contract=OuterRef("pk"))
    .order_by()
    .values("contract")
    .annotate(grams=Sum("accepted_g"))
    .values("grams")
)


def with_weights(contracts: QuerySet[Contract], *, on: date) -> QuerySet[Any]:
    """Contracts with ``taken_g``, ``open_g`` and ``due_g`` (to be here by this week, not yet)."""
    lines = ContractLine.objects.filter(contract=OuterRef("pk"), monday__lte=week_of(on))
    planned = lines.order_by().values("contract").annotate(Sum("weight_g"))
    return contracts.annotate(
        taken_g=Coalesce(Subquery(_TAKEN), 0),
        planned_g=Coalesce(Subquery(planned.values("weight_g__sum")), 0),
        open_g=F("weight_g") - F("taken_g"),
        due_g=F("planned_g") - F("taken_g"),
    )


def contracts_at(*, stations: QuerySet[Station], on: date) -> QuerySet[Any]:
    """Contracts delivered at the stations, with their weights."""
    here = Contract.objects.filter(station__in=stations)
    here = here.select_related("form__crop", "household__village", "station", "shop", "cooperative")
    return with_weights(here, on=on)


def expected_contracts(*, stations: QuerySet[Station], on: date) -> QuerySet[Contract]:
    """Accepted contracts that should bring something by the end of this week."""
    accepted = contracts_at(stations=stations, on=on).filter(state=ContractState.ACCEPTED)
    return accepted.filter(due_g__gt=0).order_by("-due_g", "code")


def tickets_for(*, user: User, on: date) -> QuerySet[WeighTicket]:
    """Slips of the person's station, shop or cooperative."""
    mine = (
        Q(station__in=kept_stations(user=user, on=on))
        | Q(contract__shop__in=operated_shops(user=user, on=on))
        | Q(contract__cooperative__in=own_cooperatives(user=user, on=on))
    )
    related = (
        "contract__form__crop",
        "contract__household",
        "contract__cooperative",
        "contract__shop",
        "station",
        "source__lot",
        "due",
        "by",
    )
    return WeighTicket.objects.filter(mine).select_related(*related)


def household_slips(household: Household) -> QuerySet[WeighTicket]:
    """The household's slips with what is due for each, latest first."""
    slips = WeighTicket.objects.filter(contract__household=household)
    return slips.select_related("contract__form__crop", "station", "due")


def tickets_on(*, stations: QuerySet[Station], first: date) -> QuerySet[WeighTicket]:
    """Slips written at the stations since the start of a day in Longnan."""
    written = WeighTicket.objects.filter(station__in=stations, weighed_at__gte=start_of(first))
    return written.select_related("contract__form", "contract__household", "due")
