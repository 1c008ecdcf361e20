"""What must hold for every plan, tried on many small problems."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.engine.allocation import allocate
from contracts.engine.files import plan_lines, plan_text, reason_lines
from contracts.engine.instance import Instance
from contracts.engine.plan import Plan, ReasonKind
from contracts.engine.verify import broken_reasons
from tests.contracts.tiny import instance_of, slow_fair_income, tables

WEEKS = (40, 41)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def problems(draw: st.DrawFn, most: int = 5, products: int = 2) -> dict[str, dict[str, list[Any]]]:
    """Up to ``most`` households, two stations, some products, two weeks, two hubs."""
    count = draw(st.integers(1, most))
    homes = [
        (
            i,
            draw(st.integers(1, 3)),
            draw(st.sampled_from([50_000, 80_000, 130_000])),
            draw(st.integers(0, 1)),
        )
        for i in range(count)
    ]
    lots, signed = [], []
    for home in range(count):
        for product in sorted(draw(st.sets(st.integers(0, products - 1), min_size=1))):
            first = draw(st.sampled_from(WEEKS))
            kg = draw(st.integers(0, 120))
            lots.append((len(lots), home, product, first, draw(st.sampled_from([first, 41])), kg))
            if kg > 40 and draw(st.booleans()) and draw(st.booleans()):
                signed.append((lots[-1][0], first, 0, draw(st.integers(1, 20))))
    lanes = [
        (station, week, product, draw(st.integers(0, 150)))
        for station in range(2)
        for week in WEEKS
        for product in range(products)
    ]
    cells = [
        (product, week, hub, draw(st.integers(0, 120)))
        for product in range(products)
        for week in WEEKS
        for hub in range(2)
    ]
    return tables(
        homes=homes,
        lots=lots,
        lanes=lanes,
        cells=cells,
        signed=signed,
        products=((1000, 10), (600, 25), (700, 15), (450, 30))[:products],
        links=((0, 0, 10), (0, 1, 30), (1, 0, 20)),
    )


def by_lot(instance: Instance, plan: Plan) -> np.ndarray:
    sold = np.zeros(len(instance.lot_id), np.int64)
    np.add.at(sold, np.searchsorted(instance.lot_id, plan.lot_id), plan.kg)
    return sold


@MANY
@given(problems())
def test_fair_income_equals_trying_every_set_of_households(sheets):
    instance = instance_of(sheets)

    plan = allocate(instance)

    assert np.abs(plan.fair_income_fen - slow_fair_income(instance)).max() <= 1


@MANY
@given(problems(most=3, products=4))
def test_fair_income_is_exact_for_households_with_many_lots(sheets):
    instance = instance_of(sheets)

    plan = allocate(instance)

    assert np.abs(plan.fair_income_fen - slow_fair_income(instance)).max() <= 1


@MANY
@given(problems(most=4, products=3), st.sampled_from([0.1, 0.5, 1.0]))
def test_a_cap_holds_until_everybody_has_been_served(sheets, up_to):
    """With all tiers capped first, nobody is above the cap while another below it could gain."""
    stages = [{"tiers": [1, 2, 3], "up_to": up_to}, [1], [2], [3]]
    together, plain = instance_of(sheets, stages=stages), instance_of(sheets, stages=[[1, 2, 3]])

    capped, even = allocate(together), allocate(plain)

    goal = np.minimum(even.level, up_to)
    assert (capped.level >= goal - 1e-4).all()


@MANY
@given(problems(most=5, products=3))
def test_every_reason_holds_when_it_is_checked_from_the_files(sheets):
    instance = instance_of(sheets)
    plan = allocate(instance)

    with TemporaryDirectory() as folder:
        files = Path(folder) / "plan.csv", Path(folder) / "reasons.csv"
        files[0].write_bytes(b"".join(plan_lines(plan)))
        files[1].write_bytes(b"".join(reason_lines(instance, plan)))
        report = broken_reasons(instance, *files)

    assert report.problems == []
    assert report.rows == report.holding > 0


@MANY
@given(problems())
def test_no_hard_rule_is_ever_broken(sheets):
    instance = instance_of(sheets)

    plan = allocate(instance)

    lot = np.searchsorted(instance.lot_id, plan.lot_id)
    sold = by_lot(instance, plan)
    least = instance.min_lot_kg[instance.lot_product]
    assert (plan.kg > 0).all()
    assert (sold <= instance.lot_left_kg).all()
    assert ((sold == 0) | (sold >= least) | instance.lot_has_signed).all()
    assert (plan.week >= instance.lot_first_week[lot]).all()
    assert (plan.week <= instance.lot_last_week[lot]).all()
    assert len(
        set(zip(plan.lot_id.tolist(), plan.week.tolist(), plan.hub_id.tolist(), strict=True))
    ) == len(lot)
    product, station = instance.lot_product[lot], instance.lot_station[lot]
    links = set(zip(instance.link_station.tolist(), instance.link_hub.tolist(), strict=True))
    assert set(zip(station.tolist(), plan.hub_id.tolist(), strict=True)) <= links
    lanes = (instance.lane_station, instance.lane_product, instance.lane_week)
    cells = (instance.cell_product, instance.cell_week, instance.cell_hub)
    assert_within(instance.lane_left_kg, lanes, (station, product, plan.week), plan.kg)
    assert_within(instance.cell_left_kg, cells, (product, plan.week, plan.hub_id), plan.kg)


def assert_within(limit, keys, at, kg):
    rows = zip(*(key.tolist() for key in keys), strict=True)
    left = dict(zip(rows, limit.tolist(), strict=True))
    sold = zip(*(place.tolist() for place in at), strict=True)
    for key, amount in zip(sold, kg.tolist(), strict=True):
        left[key] -= amount
    assert min(left.values()) >= 0


@MANY
@given(problems())
def test_what_households_earn_is_what_the_rows_are_worth(sheets):
    instance = instance_of(sheets)

    plan = allocate(instance)

    product = instance.lot_product[np.searchsorted(instance.lot_id, plan.lot_id)]
    assert plan.income_fen.sum() == (plan.kg * instance.price_fen[product]).sum()


@MANY
@given(problems(), st.integers(0, 1000))
def test_the_plan_does_not_depend_on_row_order(sheets, seed):
    shuffled = {name: shuffle(sheet, random.Random(seed)) for name, sheet in sheets.items()}  # noqa: S311 not a secret

    plan, again = allocate(instance_of(sheets)), allocate(instance_of(shuffled))

    assert plan_text(plan) == plan_text(again)
    assert plan.digest == again.digest
    assert plan.reasons == again.reasons


def shuffle(sheet, order):
    places = list(range(len(next(iter(sheet.values())))))
    order.shuffle(places)
    return {name: [values[place] for place in places] for name, values in sheet.items()}


@MANY
@given(problems())
def test_households_that_are_alike_get_the_same_fair_income(sheets):
    twins = {
        name: {key: list(values) for key, values in sheet.items()} for name, sheet in sheets.items()
    }
    copy_home(twins, home=0, copy=90)
    instance = instance_of(twins)

    plan = allocate(instance)

    got = dict(zip(plan.household_id.tolist(), plan.fair_income_fen.tolist(), strict=True))
    assert abs(got[0] - got[90]) <= 1


def copy_home(sheets, *, home, copy):
    homes, lots, signed = sheets["households"], sheets["lots"], sheets["signed"]
    place = homes["household_id"].index(home)
    for name, values in homes.items():
        values.append(copy if name == "household_id" else values[place])
    for row in [i for i, owner in enumerate(lots["household_id"]) if owner == home]:
        for values in lots.values():
            values.append(values[row])
        lots["lot_id"][-1] = 90 + row
        lots["household_id"][-1] = copy
        for other in [i for i, lot in enumerate(signed["lot_id"]) if lot == lots["lot_id"][row]]:
            for name, values in signed.items():
                values.append(90 + row if name == "lot_id" else values[other])


@MANY
@given(problems())
def test_more_demand_lowers_nobody(sheets):
    more = {
        name: {key: list(values) for key, values in sheet.items()} for name, sheet in sheets.items()
    }
    for column in ("p20_kg", "p50_kg", "p80_kg"):
        more["demand"][column][0] += 40

    plan, richer = allocate(instance_of(sheets)), allocate(instance_of(more))

    assert (plan.fair_income_fen - richer.fair_income_fen).max() <= 2


@MANY
@given(problems())
def test_every_lot_has_one_reason_and_its_limit_is_full(sheets):
    instance = instance_of(sheets)

    plan = allocate(instance, minimum_lots=False)

    sold = by_lot(instance, plan)
    assert [reason.lot_id for reason in plan.reasons] == instance.lot_id.tolist()
    for lot, reason in enumerate(plan.reasons):
        if reason.kind == ReasonKind.OWN_HARVEST:
            assert sold[lot] >= instance.lot_usable_kg[lot] - 1
        if reason.kind in (ReasonKind.STATION_FULL, ReasonKind.DEMAND_FULL):
            assert used_kg(instance, plan, reason) >= reason.limit_kg - len(instance.lot_id)


def used_kg(instance, plan, reason):
    lot = np.searchsorted(instance.lot_id, plan.lot_id)
    mine = instance.product_id[instance.lot_product[lot]] == reason.product_id
    mine &= np.isin(plan.week, reason.weeks)
    if reason.kind == ReasonKind.STATION_FULL:
        mine &= instance.station_id[instance.lot_station[lot]] == reason.station_id
    else:
        mine &= np.isin(plan.hub_id, reason.hubs)
    return int(plan.kg[mine].sum())
