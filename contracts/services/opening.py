"""Open a plan: freeze who takes part, what is wanted, what stations take, what can be brought."""

import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contracts.errors import NothingToPlan, PlanOpenAlready
from contracts.models import Plan, PlanCell, PlanHousehold
from contracts.selectors.roles import require_role
from contracts.services.credits import open_credit
from contracts.services.frozen import BATCH, Frozen, frozen_for
from contracts.services.offers import freeze_lanes, freeze_offers
from contracts.services.seeds import standing_promise, use_promise
from core.clock import week_of
from core.codes import new_code
from core.units import GRAMS_PER_KG
from forecasting.models import ForecastPoint, ForecastRun, RunState
from growers.models import Household, PlanningArea, Role, User, VillageShop
from growers.models.scope import inside
from growers.selectors import bound_shop_at, needs_fen_at, tiers_at

WEEKS_AHEAD = 51


@transaction.atomic
def open_run(
    *,
    area: PlanningArea,
    forecast_run: ForecastRun,
    eligibility_on: date,
    demand_quantile: str,
    by: User | None,
    at: datetime,
    on: date,
) -> Plan:
    """Freeze an area's households, demand, station room and harvests into a new plan.

    Raises
    ------
    PlanOpenAlready
        A household or a demand cell is in another open plan.
    NothingToPlan
        No demand has a price, or no household can deliver any of it.
    NotYourTask
        The person does not plan for the lead cooperative.
    """
    require_role(by, Role.PLANNER, area.lead, on)
    _refuse_overlap(area)
    plan = _new_plan(
        area=area,
        forecast_run=forecast_run,
        eligibility_on=eligibility_on,
        demand_quantile=demand_quantile,
        by=by,
        at=at,
        on=on,
    )
    frozen = frozen_for(plan)
    try:
        with transaction.atomic():
            _freeze_cells(frozen)
            households = _freeze_households(frozen)
    except IntegrityError as error:
        raise PlanOpenAlready(code=area.name) from error
    freeze_lanes(frozen)
    freeze_offers(frozen, households)
    if not plan.offers.exists():
        raise NothingToPlan(_("这个区域没有哪一户在这几周交得出有订单的产品。"))
    return plan


def _refuse_overlap(area: PlanningArea) -> None:
    """Plans of areas that lie in one another would hold the same households."""
    for other in Plan.objects.filter(is_open=True).select_related("area__region"):
        mine, theirs = area.region.prefix, other.area.region.prefix
        if mine.startswith(theirs) or theirs.startswith(mine):
            raise PlanOpenAlready(code=other.code)


def _new_plan(
    *,
    area: PlanningArea,
    forecast_run: ForecastRun,
    eligibility_on: date,
    demand_quantile: str,
    by: User | None,
    at: datetime,
    on: date,
) -> Plan:
    if forecast_run.area_id != area.pk or forecast_run.state != RunState.DONE:
        raise NothingToPlan(_("先给这个区域算好需求预测，再来排方案。"))
    first = week_of(on)
    last = forecast_run.points.filter(monday__gte=first).order_by("-monday").first()
    if last is None:
        raise NothingToPlan(_("这次预测里没有今后几周的需求。"))
    promise = standing_promise(area, at)
    plan = Plan.objects.create(
        code=new_code("PN"),
        area=area,
        eligibility_on=eligibility_on,
        forecast_run=forecast_run,
        demand_quantile=demand_quantile,
        first_monday=first,
        last_monday=min(last.monday, first + timedelta(weeks=WEEKS_AHEAD)),
        seed=promise.seed,
        seed_hash=promise.seed_hash,
        rows_secret=promise.rows_secret or secrets.token_hex(32),  # promised before it was part
        created_at=at,
        created_by=by,
    )
    use_promise(promise, plan, at)
    return plan


def _freeze_cells(frozen: Frozen) -> None:
    plan = frozen.plan
    points = plan.forecast_run.points.filter(
        monday__range=(plan.first_monday, plan.last_monday)
    ).order_by("form_id", "grade", "hub_id", "monday")
    priced = [point for point in points if (point.form_id, point.grade) in frozen.terms]
    if not priced:
        raise NothingToPlan(_("预测里的产品还没有收购价，先把价格定下来。"))
    signed_g: dict[tuple[int, str, int, date], int] = defaultdict(int)
    for line in frozen.signed:
        signed_g[line.form_id, line.grade, line.hub_id, line.monday] += line.weight_g
    wanted = _whole_kg(priced, plan.demand_quantile)
    cells = [
        _cell(
            frozen,
            point,
            demand_g=weight_g,
            signed_g=signed_g[point.form_id, point.grade, point.hub_id, point.monday],
        )
        for point, weight_g in zip(priced, wanted, strict=True)
        if weight_g > 0
    ]
    if not cells:
        raise NothingToPlan(_("这几周预测的需求加起来不到一公斤，不用排。"))
    for cell in cells:
        frozen.demand[cell.form_id, cell.grade] += cell.demand_g
    PlanCell.objects.bulk_create(cells, batch_size=BATCH)


def _whole_kg(points: list[ForecastPoint], quantile: str) -> list[int]:
    """Demand in whole kilograms; what is left of a week's counts in the hub's next one.

    Many small weeks would else round to nothing together. What is wanted by a week's end is never
    exceeded.
    """
    upto: dict[tuple[int, str, int], int] = defaultdict(int)
    found = []
    for point in points:
        key = (point.form_id, point.grade, point.hub_id)
        before = upto[key] // GRAMS_PER_KG
        upto[key] += getattr(point, f"{quantile}_g")
        found.append((upto[key] // GRAMS_PER_KG - before) * GRAMS_PER_KG)
    return found


def _cell(frozen: Frozen, point: ForecastPoint, *, demand_g: int, signed_g: int) -> PlanCell:
    term = frozen.terms[point.form_id, point.grade]
    return PlanCell(
        plan=frozen.plan,
        area_id=frozen.plan.area_id,
        form_id=point.form_id,
        grade=point.grade,
        hub_id=point.hub_id,
        monday=point.monday,
        demand_g=demand_g,
        signed_g=signed_g,
        price_per_kg=term.price_per_kg,
        floor_per_kg=term.floor_per_kg,
        min_lot_g=term.min_lot_g,
    )


def _households_of(plan: Plan) -> QuerySet[Household]:
    on = plan.eligibility_on
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=on)
    here = Household.objects.filter(inside("village_id", [plan.area.region.prefix]))
    return here.filter(still, registered_on__lte=on)


def _drawn_order(plan: Plan, households: Iterable[int]) -> list[int]:
    """Households in an order drawn anew for the plan, so that no number tells who it is."""
    key = f"order {plan.rows_secret}".encode()
    codes = Household.objects.filter(pk__in=households).values_list("pk", "code")
    rank = {pk: hmac.new(key, code.encode(), "sha256").digest() for pk, code in codes}
    return sorted(rank, key=rank.__getitem__)


def _freeze_households(frozen: Frozen) -> QuerySet[Household]:
    """Write the households that a shop takes produce from; the others are only counted."""
    plan, on = frozen.plan, frozen.plan.eligibility_on
    everyone = _households_of(plan)
    bound = bound_shop_at(everyone.values("pk"), on)
    shop_rows = VillageShop.objects.filter(pk__in=set(bound.values()))
    station_of = dict(shop_rows.values_list("pk", "station_id"))
    taking_part = _drawn_order(plan, bound)
    needs, tiers = needs_fen_at(everyone.values("pk"), on), tiers_at(everyone.values("pk"), on)
    credit = open_credit(everyone.values("pk"))
    PlanHousehold.objects.bulk_create(
        [
            PlanHousehold(
                plan=plan,
                household_id=pk,
                number=number,
                shop_id=bound[pk],
                station_id=station_of[bound[pk]],
                tier=tiers[pk],
                need_fen=needs[pk],
                credit_fen=credit.get(pk, 0),
            )
            for number, pk in enumerate(taking_part, start=1)
        ],
        batch_size=BATCH,
    )
    plan.unbound_households = everyone.count() - len(taking_part)
    plan.save(update_fields=["unbound_households"])
    return Household.objects.filter(plan_rows__plan=plan)
