"""What the public may see of plans: hashes, seed, and totals of many households together."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from contracts.models import HarvestOffer, Plan, PlanAllotment, PlanHousehold, SeedPromise
from contracts.selectors.plans import OfferRow, offer_row, with_weights
from contracts.states import PlanState
from growers.models import Household, Role, Station
from growers.selectors import memberships_of
from growers.selectors.people import Person
from harvest_calendar.models import ProductForm

LEAST = 10
PUBLIC = (PlanState.OFFERED, PlanState.CLOSED)
COMPUTED = (*PUBLIC, PlanState.CANCELLED)


class Row(NamedTuple):
    """What a household delivers of a product in a week."""

    form_id: int
    grade: str
    monday: date
    household_id: int
    weight_g: int


@dataclass(frozen=True)
class Total:
    """Weight of a product, week or station; no ``key``: all that may not be told apart."""

    key: object
    weight_g: int
    households: int


@dataclass(frozen=True)
class Totals:
    """The plan's weight in three ways; empty where too few households are behind it."""

    products: list[Total]
    weeks: list[Total]
    stations: list[Total]


def published_plans() -> QuerySet[Plan]:
    """Computed plans whose contracts have been offered, newest first; and those that were computed
    and given up, so that nobody can compute until the draw pleases."""
    return Plan.objects.filter(state__in=COMPUTED).exclude(output_hash="").select_related("area")


def published_plan(code: str) -> Plan:
    """One of them.

    Raises
    ------
    Http404
        There is none, or its contracts have not been offered yet.
    """
    return get_object_or_404(published_plans(), code=code)


def standing_promises() -> QuerySet[SeedPromise]:
    """The hashes of the seeds that the next plans will use, by area."""
    return SeedPromise.objects.filter(plan__isnull=True).select_related("area").order_by("area")


def totals_of(plan: Plan) -> Totals:
    """Weights by product, week and station, none of which stands for fewer than ten households;
    none at all of a plan that nobody was offered a contract from."""
    if plan.state not in PUBLIC:
        return Totals([], [], [])
    facts = ("offer__form", "offer__grade", "monday", "offer__household", "weight_g")
    rows = [Row(*row) for row in PlanAllotment.objects.filter(plan=plan).values_list(*facts)]
    places = PlanHousehold.objects.filter(plan=plan).values_list("household", "station")
    forms = ProductForm.objects.select_related("crop").in_bulk({row.form_id for row in rows})
    station_of, stations = (
        dict(places),
        Station.objects.in_bulk({station for _one, station in places}),
    )
    return Totals(
        products=_named(
            _grouped(rows, lambda row: (row.form_id, row.grade)),
            lambda key: (forms[key[0]], key[1]),
        ),
        weeks=_grouped(rows, lambda row: row.monday),
        stations=_named(_grouped(rows, lambda row: station_of[row.household_id]), stations.get),
    )


def _named(totals: list[Total], name: Callable[[Any], object]) -> list[Total]:
    """The same with what they are of instead of its number."""
    return [replace(one, key=one.key and name(one.key)) for one in totals]


def _grouped(rows: list[Row], key: Callable[[Row], Hashable]) -> list[Total]:
    """Totals by key. Small ones are added together, and with them the next until they are many."""
    weight: dict[Hashable, int] = {}
    homes: dict[Hashable, set[int]] = {}
    for row in rows:
        one = key(row)
        weight[one] = weight.get(one, 0) + row.weight_g
        homes.setdefault(one, set()).add(row.household_id)
    rest: set[int] = set()
    hidden: list[Hashable] = []
    for one in sorted(weight, key=lambda one: len(homes[one])):
        if len(homes[one]) >= LEAST and (not hidden or len(rest) >= LEAST):
            break
        hidden.append(one)
        rest |= homes[one]
    shown = [Total(one, weight[one], len(homes[one])) for one in weight if one not in hidden]
    if len(rest) >= LEAST:
        shown.append(Total(None, sum(weight[one] for one in hidden), len(rest)))
    return shown


def own_lines(rows: list[PlanHousehold]) -> list[tuple[PlanHousehold, list[OfferRow]]]:
    """With each of a household's rows its products, their weights and reasons."""
    found: dict[int, list[OfferRow]] = {row.plan_id: [] for row in rows}
    homes = {row.household_id for row in rows}
    offers = HarvestOffer.objects.filter(plan__in=found, household__in=homes)
    for offer in with_weights(offers):
        found[offer.plan_id].append(offer_row(offer))
    return [(row, found[row.plan_id]) for row in rows]


def own_rows(user: Person, on: date) -> QuerySet[PlanHousehold]:
    """The signed-in household's rows of published plans, newest first.

    Raises
    ------
    Http404
        The person signs in for no household.
    """
    held = memberships_of(user, on).filter(role=Role.HOUSEHOLD)
    homes = Household.objects.filter(pk__in=held.values("household"))
    if not homes.exists():
        raise Http404
    rows = PlanHousehold.objects.filter(household__in=homes, plan__state__in=PUBLIC)
    return rows.select_related("plan__area", "household").order_by("-plan__created_at")
