"""Plans: who may see which, what a plan found, and each household's row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from contracts.models import HarvestOffer, Plan, PlanAllotment, PlanHousehold
from contracts.models.proposal import ReasonKind
from contracts.selectors.sentences import reason_sentence
from growers.models import Household
from growers.selectors.people import Person
from harvest_calendar.models import ProductForm

PRIORITY_TIER = 1
SHARED_LIMITS = (ReasonKind.DEMAND_FULL, ReasonKind.STATION_FULL, ReasonKind.DRAW)


@dataclass(frozen=True)
class PlanSummary:
    """What a plan gives, in figures of the whole plan."""

    weight_g: int
    households: int
    served: int
    with_harvest: int
    priority_share: float
    level: float | None
    income_fen: int
    wanted_g: int


@dataclass(frozen=True)
class OfferRow:
    """What one product of a household gets, and why not more."""

    form: ProductForm
    grade: str
    available_g: int
    weight_g: int
    reason: str


@dataclass(frozen=True)
class HouseholdRow:
    """A household's line in the plan's table."""

    code: str
    village: str
    level: float
    offers: list[OfferRow]


def plans_for(user: Person, on: date) -> QuerySet[Plan]:
    """Plans this person may see, newest first, with the weight and households they give."""
    weight = (
        PlanAllotment.objects.filter(plan=OuterRef("pk"))
        .order_by()
        .values("plan")
        .annotate(total=Sum("weight_g"))
        .values("total")
    )
    served = (
        PlanHousehold.objects.filter(plan=OuterRef("pk"), income_fen__gt=0)
        .order_by()
        .values("plan")
        .annotate(count=Count("pk"))
        .values("count")
    )
    plans = Plan.objects.for_user(user, on).select_related(
        "area__lead", "area__region", "forecast_run", "proposed_by", "approved_by", "created_by"
    )
    return plans.annotate(
        weight_g=Coalesce(Subquery(weight), 0), served=Coalesce(Subquery(served), 0)
    )


def plan_for(user: Person, code: str, on: date) -> Plan:
    """One plan by its code.

    Raises
    ------
    Http404
        There is none, or this person may not see it.
    """
    return get_object_or_404(plans_for(user, on), code=code)


def plan_summary(plan: Plan) -> PlanSummary:
    """The plan in a few figures. Levels are of households that have something to deliver."""
    able = plan.households.filter(Q(harvest_fen__gt=0))
    sums = able.aggregate(
        able=Count("pk"),
        served=Count("pk", filter=Q(income_fen__gt=0)),
        income=Coalesce(Sum("income_fen"), 0),
        first=Coalesce(Sum("income_fen", filter=Q(tier=PRIORITY_TIER)), 0),
    )
    weight = plan.allotments.aggregate(total=Coalesce(Sum("weight_g"), 0))["total"]
    wanted = plan.cells.aggregate(total=Coalesce(Sum("demand_g"), 0))["total"]
    return PlanSummary(
        weight_g=weight,
        households=plan.households.count(),
        served=sums["served"],
        with_harvest=sums["able"],
        priority_share=sums["first"] / sums["income"] if sums["income"] else 0.0,
        level=first_level(plan),
        income_fen=sums["income"],
        wanted_g=wanted,
    )


def first_level(plan: Plan) -> float | None:
    """The level of the middle household of the first batch that a shared limit holds back.

    None when nobody of the first batch is held back: all they can bring is placed.
    """
    held = plan.reasons.filter(reason__in=SHARED_LIMITS).values("household")
    rows = plan.households.filter(tier=PRIORITY_TIER, household__in=held)
    levels = sorted(rows.values_list("level", flat=True))
    return levels[len(levels) // 2] if levels else None


def water_columns(plan: Plan) -> list[tuple[float, float]]:
    """(could give, gives) as shares of need for the first batch's households with harvest."""
    rows = plan.households.filter(harvest_fen__gt=0, tier=PRIORITY_TIER).values_list(
        "harvest_fen", "fair_income_fen", "signed_fen", "need_fen"
    )
    return [
        (max(harvest, income + signed) / need, (income + signed) / need)
        for harvest, income, signed, need in rows
    ]


def plan_rows_for(user: Person, plan: Plan, on: date) -> QuerySet[PlanHousehold]:
    """The plan's households with something to deliver that this person may see, by level.

    The lead cooperative sees the area, another cooperative its own members.
    """
    seen = Household.objects.for_user(user, on)
    rows = plan.households.filter(harvest_fen__gt=0, household__in=seen.values("pk"))
    return rows.select_related("household__village").order_by("-income_fen", "number")


def household_rows(plan: Plan, rows: Iterable[PlanHousehold]) -> list[HouseholdRow]:
    """Table rows of some of the plan's households, with each product's reason."""
    held = list(rows)
    offers: dict[int, list[OfferRow]] = defaultdict(list)
    found = HarvestOffer.objects.filter(plan=plan, household__in=[row.household_id for row in held])
    for offer in with_weights(found):
        offers[offer.household_id].append(offer_row(offer))
    return [
        HouseholdRow(
            code=row.household.code,
            village=row.household.village.name,
            level=row.level,
            offers=offers[row.household_id],
        )
        for row in held
    ]


def with_weights(offers: QuerySet[HarvestOffer]) -> QuerySet[HarvestOffer]:
    """Offers with the weight the plan gives them, by household and product."""
    counted = offers.select_related("form", "reason").annotate(
        weight_g=Coalesce(Sum("allotments__weight_g"), 0)
    )
    return counted.order_by("household_id", "form__key", "grade")


def offer_row(offer: HarvestOffer) -> OfferRow:
    """What an offer gets and why not more; its weight must have been counted."""
    reason = getattr(offer, "reason", None)
    return OfferRow(
        form=offer.form,
        grade=offer.grade,
        available_g=offer.available_g,
        weight_g=getattr(offer, "weight_g", 0),
        reason=reason_sentence(reason) if reason else "",
    )
