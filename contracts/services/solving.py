"""Solve a plan: build the instance from its frozen rows, store proposals and reasons."""

import secrets
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from contracts.engine.merkle import leaf_of, root_of
from contracts.errors import WrongState
from contracts.models import Plan, PlanAllotment, PlanFiles, PlanHousehold, PlanReason
from contracts.selectors.roles import require_role
from contracts.selectors.rows import row_texts
from contracts.services.exporting import folder_of
from contracts.services.instances import Numbers, meta_of, tables_of
from contracts.services.moving import locked_plan, move_plan
from contracts.states import PlanState
from core.units import GRAMS_PER_KG
from growers.models import Role, User

if TYPE_CHECKING:
    from contracts.engine.instance import Instance
    from contracts.engine.plan import Plan as Answer
    from contracts.engine.plan import Reason

BATCH = 2000
GIVEN_UP_AFTER = timedelta(minutes=10)  # a job that is silent for longer was killed
ERROR_LENGTH = 200


@transaction.atomic
def request_solving(*, code: str, by: User | None, at: datetime, on: date) -> Plan:
    """Mark a plan as being computed; whoever calls this starts ``solve_run`` after commit.

    Raises
    ------
    WrongState
        The plan is being computed already, or has been proposed or ended.
    """
    plan = locked_plan(code)
    require_role(by, Role.PLANNER, plan.area.lead, on)
    if plan.state == PlanState.SOLVING and not given_up(plan, at):
        raise WrongState(code=plan.code, state=plan.get_state_display())
    plan.solving_since = at
    move_plan(plan, PlanState.SOLVING)
    return plan


def given_up(plan: Plan, at: datetime) -> bool:
    """Whether the job that computes the plan has been silent for too long."""
    return plan.solving_since is None or plan.solving_since <= at - GIVEN_UP_AFTER


def solve_run(*, code: str) -> Plan:
    """Compute who delivers what, when and to which hub, for a plan that waits for it.

    The computing holds no lock. It is repeatable: the same rows give the same plan, so a job that
    is killed or runs twice changes nothing.

    Raises
    ------
    WrongState
        The plan has been proposed or has ended.
    ValueError
        The instance cannot be planned; the plan says why and is a draft again.
    """
    from contracts.engine.allocation import allocate
    from contracts.engine.instance import Instance

    with transaction.atomic():
        plan = locked_plan(code)
        move_plan(plan, PlanState.SOLVING)
    started = time.perf_counter()
    try:
        tables, numbers = tables_of(plan)
        instance = Instance.from_tables(meta_of(plan), tables)
        answer = allocate(instance)
    except ValueError as error:
        with transaction.atomic():
            plan = locked_plan(code)
            plan.error = str(error)[:ERROR_LENGTH]
            plan.solving_since = None
            move_plan(plan, PlanState.DRAFT)
        raise
    folder = folder_of(meta_of(plan), tables)
    with transaction.atomic():
        stored = _store(code, instance, numbers, answer, time.perf_counter() - started)
        if stored.state == PlanState.SOLVED:
            PlanFiles.objects.update_or_create(plan=stored, defaults={"content": folder})
    return stored


@transaction.atomic
def _store(
    code: str, instance: "Instance", numbers: Numbers, answer: "Answer", seconds: float
) -> Plan:
    from contracts.engine.plan import ENGINE_VERSION

    plan = locked_plan(code)
    if plan.state != PlanState.SOLVING:
        return plan
    plan.allotments.all().delete()
    plan.reasons.all().delete()
    _store_rows(plan, numbers, answer)
    _store_households(plan, instance, answer)
    _seal_rows(plan)
    plan.engine_version = ENGINE_VERSION
    plan.inputs_hash, plan.output_hash = instance.digest, answer.digest
    plan.seconds = round(seconds, 2)
    plan.error, plan.solving_since = "", None
    move_plan(plan, PlanState.SOLVED)
    return plan


def _seal_rows(plan: Plan) -> None:
    """Hash every household's row and keep the root over all, which is published."""
    plan.rows_secret = plan.rows_secret or secrets.token_hex(32)  # opened before rows were sealed
    texts = row_texts(plan)
    rows = list(plan.households.order_by("number"))
    for row in rows:
        row.leaf = leaf_of(texts[row.household_id])
    PlanHousehold.objects.bulk_update(rows, ["leaf"], batch_size=500)
    plan.rows_root = root_of([row.leaf for row in rows])


def _store_rows(plan: Plan, numbers: Numbers, answer: "Answer") -> None:
    PlanAllotment.objects.bulk_create(_allotments(plan, numbers, answer), batch_size=BATCH)
    PlanReason.objects.bulk_create(_reasons(plan, numbers, answer), batch_size=BATCH)


def _allotments(plan: Plan, numbers: Numbers, answer: "Answer") -> list[PlanAllotment]:
    rows = zip(
        answer.lot_id.tolist(),
        answer.week.tolist(),
        answer.hub_id.tolist(),
        answer.kg.tolist(),
        strict=True,
    )
    return [
        PlanAllotment(
            plan=plan,
            offer=numbers.offers[lot],
            hub=numbers.hubs[hub],
            monday=numbers.monday(week),
            weight_g=kg * GRAMS_PER_KG,
        )
        for lot, week, hub, kg in rows
    ]


def _reasons(plan: Plan, numbers: Numbers, answer: "Answer") -> list[PlanReason]:
    missed = dict(zip(answer.household_id.tolist(), answer.credit_fen.tolist(), strict=True))
    return [
        PlanReason(
            plan=plan,
            offer=numbers.offers[reason.lot_id],
            household_id=numbers.offers[reason.lot_id].household_id,
            reason=reason.kind.value,
            facts=_facts(numbers, reason) | _missed(reason, missed),
        )
        for reason in answer.reasons
    ]


def _missed(reason: "Reason", missed: dict[int, int]) -> dict[str, int]:
    """What a lost draw carries to the next round."""
    fen = missed[reason.household_id] if reason.draw else 0
    return {"missed_fen": fen} if fen else {}


def _facts(numbers: Numbers, reason: "Reason") -> dict[str, Any]:
    """The numbers behind a reason, in names a person knows."""
    station = numbers.stations[reason.station_id]
    hubs = [numbers.hubs[hub] for hub in reason.hubs]
    facts: dict[str, Any] = {
        "station": station.name_zh,
        "station_en": station.name_en,
        "level": reason.level,
        "mondays": [numbers.monday(week).isoformat() for week in reason.weeks],
        "hubs": [hub.name_zh for hub in hubs],
        "hubs_en": [hub.name_en for hub in hubs],
        "limit_g": reason.limit_kg * GRAMS_PER_KG,
        "min_lot_g": numbers.min_lot_g[reason.product_id],
    }
    if reason.draw:
        facts["draw"] = {
            "place": reason.draw.place,
            "of": reason.draw.of,
            "winners": reason.draw.winners,
            "won": reason.draw.won,
        }
    return facts


def _store_households(plan: Plan, instance: "Instance", answer: "Answer") -> None:
    """Write each household's income, level and what it could have sold."""
    worth = instance.lot_kg * instance.price_fen[instance.lot_product]
    could: dict[int, int] = {}
    for home, fen in zip(instance.lot_household.tolist(), worth.tolist(), strict=True):
        could[home] = could.get(home, 0) + fen
    signed = instance.signed_income_fen.tolist()
    place = {number: i for i, number in enumerate(answer.household_id.tolist())}
    rows = list(plan.households.all())
    for row in rows:
        i = place[row.number]
        row.signed_fen = signed[i]
        row.harvest_fen = could.get(i, 0)
        row.fair_income_fen = int(answer.fair_income_fen[i])
        row.income_fen = int(answer.income_fen[i])
        row.missed_fen = int(answer.credit_fen[i])
        row.level = round(float(answer.level[i]), 6)
    PlanHousehold.objects.bulk_update(
        rows,
        ["signed_fen", "harvest_fen", "fair_income_fen", "income_fen", "missed_fen", "level"],
        batch_size=500,
    )
