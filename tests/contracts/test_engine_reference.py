"""The planner against the study's exact references."""

import csv
import time

import pytest

from contracts.engine.allocation import allocate
from contracts.engine.files import read_instance

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize("name", ["toy", "lanes-300", "scarce-600"])
def test_fair_income_is_within_one_yuan_of_the_reference(shared_instances, name):
    folder = shared_instances / name
    with (folder / "reference.csv").open() as stream:
        exact = {int(r["household_id"]): float(r["income_fen"]) for r in csv.DictReader(stream)}

    plan = allocate(read_instance(folder), minimum_lots=False)

    got = dict(zip(plan.household_id.tolist(), plan.fair_income_fen.tolist(), strict=True))
    assert got.keys() == exact.keys()
    assert max(abs(got[home] - exact[home]) for home in exact) <= 100


def test_toy_is_the_plan_done_by_hand(shared_instances):
    plan = allocate(read_instance(shared_instances / "toy"))

    sold = dict.fromkeys(range(5), 0)
    for lot, kg in zip(plan.lot_id.tolist(), plan.kg.tolist(), strict=True):
        sold[lot] += kg
    kinds = [reason.kind.value for reason in plan.reasons]
    assert sold == {0: 100, 1: 200, 2: 60, 3: 0, 4: 0}
    assert kinds == ["demand_full", "demand_full", "station_full", "earlier_stage", "earlier_stage"]
    assert plan.reasons[2].weeks == (40,)
    assert plan.reasons[2].station_id == 1


def test_lanes_300_is_planned_within_a_few_seconds(shared_instances):
    instance = read_instance(shared_instances / "lanes-300")

    started = time.perf_counter()
    allocate(instance)

    assert time.perf_counter() - started < 5
