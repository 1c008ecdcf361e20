"""Limits over several products: stations' weeks and shops, planned by lanes that are proposed."""

import csv
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from contracts.engine.__main__ import main
from contracts.engine.allocation import allocate
from contracts.engine.bundles import split
from contracts.engine.files import plan_lines, plan_text, read_instance, reason_lines
from contracts.engine.filling import fill
from contracts.engine.instance import Instance
from contracts.engine.network import build_network
from contracts.engine.plan import ReasonKind
from contracts.engine.program import Program, Sellers
from contracts.engine.verify import broken_reasons
from tests.contracts.test_engine_properties import WEEKS, by_lot, problems, shuffle
from tests.contracts.tiny import columns, instance_of, limit_rows, routes_for, tables

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shared(sheets: dict[str, Any]) -> Instance:
    return instance_of(sheets, mode="shared")


@st.composite
def crowded(draw: st.DrawFn) -> dict[str, dict[str, list[Any]]]:
    """Small problems whose stations and shops are limited over all products."""
    sheets = draw(problems(most=3, products=2))
    named = draw(st.booleans())
    rows = [
        (station, week, -1, draw(st.integers(0, 150)))
        for station in range(2)
        for week in draw(st.sets(st.sampled_from(WEEKS), min_size=1))
    ]
    if named:
        rows += [(0, week, 0, draw(st.integers(0, 80))) for week in WEEKS]
    sheets["station_capacity"] = columns("station_id week product_id capacity_kg", rows)
    caps = [draw(st.one_of(st.just(-1), st.integers(0, 120))) for _ in range(2)]
    sheets["shops"]["weekly_cap_kg"] = caps
    return sheets


def one_station(**changes):
    """Two crops of two households at one station; only the station's week over all is short."""
    facts = {
        "homes": [(0, 1, 100_000, 0), (1, 1, 100_000, 0)],
        "lots": [(0, 0, 0, 40, 40, 300), (1, 1, 1, 40, 40, 300)],
        "lanes": [(0, 40, -1, 90)],
        "cells": [(0, 40, 0, 300), (1, 40, 0, 300)],
        "products": ((1000, 0), (500, 0)),
    }
    return shared(tables(**{**facts, **changes}))


def test_equal_incomes_share_a_station_over_all_its_products():
    plan = allocate(one_station())

    assert plan.fair_income_fen.tolist() == [30_000, 30_000]
    assert plan.kg.tolist() == [30, 60]
    assert {reason.kind for reason in plan.reasons} == {ReasonKind.STATION_FULL}
    assert [gap.short_fen for gap in plan.gaps] == [0, 0, 0]


def test_a_shop_takes_no_more_than_its_week():
    plan = allocate(one_station(shops=((0, 45),), lanes=[(0, 40, -1, 400)]))

    assert plan.kg.tolist() == [15, 30]
    assert [reason.kind for reason in plan.reasons] == [ReasonKind.SHOP_FULL] * 2
    assert [reason.station_id for reason in plan.reasons] == [0, 0]


def test_a_product_with_weeks_of_its_own_is_closed_in_the_others():
    lanes = [(0, 40, -1, 90), (0, 41, 0, 90)]

    plan = allocate(one_station(lanes=lanes))

    assert plan.kg.tolist() == [90]
    assert plan.lot_id.tolist() == [1]


def test_signed_weight_counts_in_the_station_and_the_shop():
    plan = allocate(one_station(signed=[(0, 40, 0, 30)]))

    assert plan.fair_income_fen.tolist() == [0, 30_000]
    assert plan.kg.tolist() == [60]


@FEW
@given(crowded())
def test_the_fair_incomes_are_those_of_a_slow_search(sheets):
    instance = shared(sheets)

    plan = allocate(instance)

    assert np.abs(plan.fair_income_fen - slow_leximin(instance)).max() <= 2


@FEW
@given(crowded(), st.booleans())
def test_no_rule_is_broken_and_the_gap_is_never_less_than_the_truth(sheets, minimum):
    instance = shared(sheets)

    plan = allocate(instance, minimum_lots=minimum)

    assert_rules(instance, plan, minimum=minimum)
    missing = np.maximum(slow_leximin(instance) - plan.income_fen, 0)
    for gap in plan.gaps:
        assert gap.short_fen >= missing[instance.stage == gap.stage].sum() - 2


@FEW
@given(crowded())
def test_bounds_hold_when_the_work_is_cut_short(sheets):
    instance = shared(sheets)
    apart = split(instance)
    network = build_network(apart.instance)
    program = Program(network, apart.bundles, Sellers.of(network))

    found = fill(program, work=program.size)

    fair = slow_leximin(instance)[program.sellers.home] / 100
    stage = instance.stage[program.sellers.home]
    assert (found.low <= fair + 0.02).all()
    assert (found.high >= fair - 0.02).all()
    for number, most in found.most.items():
        mine = (stage == number) & (found.high > found.low)
        assert fair[mine].sum() <= most + 0.02


@FEW
@given(crowded())
def test_every_reason_holds_when_it_is_checked_from_the_files(sheets):
    instance = shared(sheets)
    plan = allocate(instance)

    with TemporaryDirectory() as folder:
        files = Path(folder) / "plan.csv", Path(folder) / "reasons.csv"
        files[0].write_bytes(b"".join(plan_lines(plan)))
        files[1].write_bytes(b"".join(reason_lines(instance, plan)))
        report = broken_reasons(instance, *files)

    assert report.problems == []
    assert report.rows == report.holding > 0


@FEW
@given(crowded(), st.integers(0, 1000))
def test_the_plan_does_not_depend_on_row_order(sheets, seed):
    order = random.Random(seed)  # noqa: S311 not a secret
    mixed = {name: shuffle(sheet, order) for name, sheet in sheets.items()}

    plan, again = allocate(shared(sheets)), allocate(shared(mixed))

    assert plan_text(plan) == plan_text(again)
    assert plan.reasons == again.reasons


@pytest.mark.shared_data
def test_the_public_instance_is_within_its_bar(shared_instances, tmp_path, capsys):
    folder = shared_instances / "shared-300"
    files = {name: tmp_path / f"{name}.csv" for name in ("plan", "reasons", "gaps", "income")}
    arguments = [str(folder), "--out", str(files["plan"])]
    for name in ("reasons", "gaps", "income"):
        arguments += [f"--{name}", str(files[name])]

    assert main(arguments) == 0

    exact = read_column(folder / "reference.csv", "income_fen")
    fair = read_column(files["income"], "income_fen")
    assert max(abs(fair[home] - exact[home]) for home in exact) <= 2
    with files["gaps"].open() as stream:
        gaps = list(csv.DictReader(stream))
    share = [int(gap["short_fen_at_most"]) / int(gap["fair_fen"]) for gap in gaps]
    assert share[0] <= 0.003
    assert share[1] <= 0.01
    assert "stage 1: short of fair by at most 0.0" in capsys.readouterr().out
    assert main(["check-reasons", str(folder), str(files["plan"]), str(files["reasons"])]) == 0
    assert_rules(read_instance(folder), allocate(read_instance(folder)), minimum=True)


def read_column(path: Path, name: str) -> dict[int, float]:
    with path.open() as stream:
        return {int(row["household_id"]): float(row[name]) for row in csv.DictReader(stream)}


def assert_rules(instance, plan, *, minimum):
    lot = np.searchsorted(instance.lot_id, plan.lot_id)
    sold = by_lot(instance, plan)
    least = instance.min_lot_kg[instance.lot_product] if minimum else 0
    assert (plan.kg > 0).all()
    assert (sold <= instance.lot_left_kg).all()
    assert ((sold == 0) | (sold >= least) | instance.lot_has_signed).all()
    assert (plan.week >= instance.lot_first_week[lot]).all()
    assert (plan.week <= instance.lot_last_week[lot]).all()
    for keys, limit in limits(instance, lot, plan):
        used = {}
        for key, kg in zip(keys, plan.kg.tolist(), strict=True):
            used[key] = used.get(key, 0) + kg
        assert all(kg <= limit(key) for key, kg in used.items())


def limits(instance, lot, plan):
    """Keys of the plan's rows and what is left, for cells, lanes, stations and shops."""
    product, station = instance.lot_product[lot].tolist(), instance.lot_station[lot].tolist()
    shop, week, hub = instance.lot_shop[lot].tolist(), plan.week.tolist(), plan.hub_id.tolist()
    cells = table(
        (instance.cell_product, instance.cell_week, instance.cell_hub), instance.cell_left_kg
    )
    lanes = table(
        (instance.lane_station, instance.lane_product, instance.lane_week), instance.lane_left_kg
    )
    wholes = table((instance.whole_station, instance.whole_week), instance.whole_left_kg)
    caps = dict(enumerate(instance.shop_cap_kg.tolist()))
    signed = {}
    for row, at, kg in zip(
        instance.signed_lot, instance.signed_week.tolist(), instance.signed_kg, strict=True
    ):
        key = (int(instance.lot_shop[row]), at)
        signed[key] = signed.get(key, 0) + int(kg)
    yield list(zip(product, week, hub, strict=True)), lambda key: cells.get(key, 0)
    yield list(zip(station, product, week, strict=True)), lambda key: lanes.get(key, 0)
    yield list(zip(station, week, strict=True)), lambda key: wholes.get(key, 10**9)
    yield (
        list(zip(shop, week, strict=True)),
        lambda key: 10**9 if caps[key[0]] < 0 else max(caps[key[0]] - signed.get(key, 0), 0),
    )


def table(keys, left):
    rows = zip(*(key.tolist() for key in keys), strict=True)
    return dict(zip(rows, left.tolist(), strict=True))


def slow_leximin(instance: Instance) -> np.ndarray:
    """Fair incomes in fen: for each level a linear program for all, and one for each household."""
    homes, rows = len(instance.household_id), routes_of(instance)
    price, matrix, bounds = rows
    earns = np.zeros((homes, matrix.shape[1]))
    for column, (home, fen) in enumerate(price):
        earns[home, column] = fen
    have, need = instance.signed_income_fen.astype(float), instance.need_fen.astype(float)
    worth = np.zeros(homes)
    np.add.at(
        worth,
        instance.lot_household,
        instance.lot_usable_kg * instance.price_fen[instance.lot_product],
    )
    floor = np.zeros(homes)
    if not matrix.shape[1]:
        return floor
    for stage in range(len(instance.stages)):
        open_ = set(np.flatnonzero(instance.stage == stage).tolist())
        while open_:
            level = highest((matrix, bounds, earns), floor, (have, need, worth), open_)
            ask = np.clip(level * need - have, 0, worth)
            base = floor.copy()
            base[list(open_)] = ask[list(open_)]
            stuck = {
                home
                for home in open_
                if most(matrix, bounds, earns, base, home) <= base[home] + 0.5
            }
            assert stuck
            floor[list(stuck)] = np.maximum(base[list(stuck)] - 0.1, 0)
            open_ -= stuck
    return floor


def most(matrix, bounds, earns, base, home):
    answer = linprog(
        -earns[home],
        A_ub=np.vstack([matrix, -earns]),
        b_ub=np.concatenate([bounds, -np.maximum(base - 0.05, 0)]),
    )
    return -answer.fun if answer.status == 0 else base[home]


def highest(program, floor, facts, open_):
    (matrix, bounds, earns), (have, need, worth) = program, facts
    low, high = 0.0, float(((worth + have) / need)[list(open_)].max())
    for middle in [high] + [None] * 40:
        level = middle if middle is not None else (low + high) / 2
        ask = floor.copy()
        wish = np.clip(level * need - have, 0, worth)
        ask[list(open_)] = wish[list(open_)]
        answer = linprog(
            np.zeros(matrix.shape[1]),
            A_ub=np.vstack([matrix, -earns]),
            b_ub=np.concatenate([bounds, -np.maximum(ask - 0.02, 0)]),
        )
        if answer.status == 0:
            low = level
            if middle is not None:
                break
        else:
            high = level
    return low


def routes_of(instance: Instance):
    routes = routes_for(instance, set(range(len(instance.household_id))))
    rows = limit_rows(instance, routes)
    price = [
        (
            int(instance.lot_household[lot]),
            float(instance.price_fen[instance.lot_product[lot]]),
        )
        for lot, _, _ in routes
    ]
    matrix = np.array([row for row, _ in rows], float).reshape(len(rows), len(routes))
    return price, matrix, np.array([kg for _, kg in rows], float)
