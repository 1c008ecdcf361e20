"""Check a plan's reasons against the instance and the plan, from the three files alone.

Nothing of the planner is used but the reading of an instance: what is full is counted again here.
A limit is full when signed and new contracts use all of it but one kilogram a plan row through it,
in every week that is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from contracts.engine.columns import numbers
from contracts.engine.draws import household_rank
from contracts.engine.files import LEVEL_DECIMALS, REASON_COLUMNS, plan_level
from contracts.engine.flow import Bools, Ints
from contracts.engine.instance import WEEKS, Instance
from contracts.engine.network import spread, total
from contracts.engine.schema import InstanceError

SHOWN = 20
PLAN_HEADER = "lot_id,week,hub_id,kg"
Columns = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """How many reasons hold: rows and broken ones by kind, and the first problems in words."""

    rows: int
    holding: int
    by_kind: dict[str, tuple[int, int]]
    problems: list[str]


@dataclass(frozen=True, eq=False)
class _Facts:
    """The instance, the plan's rows, and the reasons' columns as places in the instance."""

    instance: Instance
    lot: Ints
    week: Ints
    hub: Ints
    kg: Ints
    rows: Columns

    @property
    def sold(self) -> Ints:
        return total(self.lot, self.kg, len(self.instance.lot_id))

    @property
    def income(self) -> Ints:
        price = self.instance.price_fen[self.instance.lot_product[self.lot]]
        home = self.instance.lot_household[self.lot]
        return total(home, self.kg * price, len(self.instance.household_id))


def broken_reasons(instance: Instance, plan: Path, reasons: Path) -> Report:
    """Check every row of the file ``reasons``.

    Raises
    ------
    InstanceError
        When the plan or the reasons cannot be read, or name what the instance does not have.
    """
    facts = _facts(instance, plan, reasons)
    rows = facts.rows
    kinds = rows["reason"]
    good = _right_rows(facts) & (rows["level"] == plan_level(instance, facts.income)[rows["home"]])
    full, only_earlier, at_shop = _named_limits(facts)
    usable = instance.lot_usable_kg
    lot, named = rows["lot"], rows["lot_id"] >= 0
    sold, left = facts.sold[lot], _lot_left(instance)
    waits = (facts.income == 0) & (instance.signed_income_fen > 0)
    holds = {
        "own_harvest": np.where(named, sold >= usable[lot] - 1, ~left[rows["home"]]),
        "station_full": named & full & ~at_shop & (rows["hub_id"] < 0),
        "shop_full": named & full & at_shop & (rows["hub_id"] < 0),
        "demand_full": named & full & (rows["hub_id"] >= 0),
        "earlier_stage": named & full & only_earlier & (sold == 0),
        "draw": named & _drawn_rightly(facts),
        "below_minimum": np.where(named, _below_minimum(facts), left[rows["home"]]),
        "no_route": named & (sold == 0) & ~_has_route(instance)[lot],
        "need_met": named & full & waits[rows["home"]],
    }
    known = np.isin(kinds, list(holds))
    for kind, holding in holds.items():
        good &= (kinds != kind) | holding
    good &= known
    return _report(rows, good)


def _facts(instance: Instance, plan: Path, reasons: Path) -> _Facts:
    head, _, body = plan.read_bytes().partition(b"\n")
    columns = numbers(body, 4) if head.strip() == PLAN_HEADER.encode() else None
    if columns is None:
        raise InstanceError(file=plan.name, row=1, column=None, reason="is no plan of whole kg")
    lot_id, week, hub, kg = columns
    lot = _places(instance.lot_id, lot_id, plan.name, "lot_id")
    return _Facts(instance, lot, week, hub, kg, _reasons(instance, reasons))


def _reasons(instance: Instance, path: Path) -> Columns:
    import pandas as pd

    table = pd.read_csv(path, dtype={"reason": "category"})
    if list(table.columns) != REASON_COLUMNS.split(","):
        raise InstanceError(
            file=path.name, row=1, column=None, reason=f"header must be {REASON_COLUMNS}"
        )
    rows: Columns = {"reason": table["reason"].astype(object).to_numpy()}
    for name in table.columns:
        if name not in ("reason", "level"):
            rows[name] = table[name].fillna(-1).to_numpy().astype(np.int64)
    rows["level"] = np.rint(table["level"].to_numpy() * 10**LEVEL_DECIMALS).astype(np.int64)
    rows["home"] = _places(instance.household_id, rows["household_id"], path.name, "household_id")
    some = np.where(rows["lot_id"] >= 0, rows["lot_id"], instance.lot_id[:1].sum())
    rows["lot"] = _places(instance.lot_id, some, path.name, "lot_id")
    return rows


def _places(known: Ints, ids: Ints, file: str, column: str) -> Ints:
    if not len(ids):
        return np.zeros(0, np.int64)
    place = np.minimum(np.searchsorted(known, ids), max(len(known) - 1, 0))
    wrong = known[place] != ids if len(known) else np.ones(len(ids), bool)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 2
        raise InstanceError(file=file, row=row, column=column, reason="is not in the instance")
    return place


def _right_rows(facts: _Facts) -> Bools:
    """Whether each row stands once, on its own station and product, for a lot of its household."""
    instance, rows = facts.instance, facts.rows
    lot, home, named = rows["lot"], rows["home"], rows["lot_id"] >= 0
    can = np.zeros(len(instance.household_id), bool)
    can[instance.lot_household[instance.lot_usable_kg > 0]] = True
    mine = instance.lot_household[lot] == home
    mine &= instance.product_id[instance.lot_product[lot]] == rows["product_id"]
    usable = instance.lot_usable_kg[lot] > 0
    once = np.bincount(lot[named], minlength=len(instance.lot_id))[lot] == 1
    alone = np.bincount(home[~named], minlength=len(can))[home] == 1
    right = np.where(named, mine & usable & once, ~can[home] & alone)
    station = instance.station_id[instance.household_station[home]] == rows["station_id"]
    if len(np.unique(home)) != len(can) or np.count_nonzero(named) != np.count_nonzero(
        instance.lot_usable_kg > 0
    ):
        return np.zeros(len(right), bool)
    right &= station
    return np.asarray(right, bool)


def _named_limits(facts: _Facts) -> tuple[Bools, Bools, Bools]:
    """By reason row: every named week is full; only earlier stages sell through it; a shop's."""
    instance, rows = facts.instance, facts.rows
    lot, first, last = rows["lot"], rows["first_week"], rows["last_week"]
    inside = (first >= instance.lot_first_week[lot]) & (last <= instance.lot_last_week[lot])
    inside &= (first > 0) & (last >= first) & (rows["lot_id"] >= 0)
    row, week = spread(np.where(inside, first, 0), np.where(inside, last + 1, 0))
    places, hub = _Places(instance), rows["hub_id"]
    keys = places.keys(lot[row], week, np.maximum(hub[row], 0))
    measured = _measured(facts, places)
    at_hub = hub[row] >= 0
    ok, through = {}, {}
    for kind, (full, latest) in measured.items():
        ok[kind] = _looked_up(full, keys[kind]) > 0
        through[kind] = np.where(ok[kind], _looked_up(latest, keys[kind]), -1)
    by_station = ok["lane"] | ok["whole"]
    count = len(lot)
    every_shop = _each(row, ok["shop"], count) & ~_each(row, by_station, count) & (hub < 0)
    holds = np.where(at_hub, ok["cell"], np.where(every_shop[row], ok["shop"], by_station))
    last_one = np.where(
        every_shop[row], through["shop"], np.maximum(through["lane"], through["whole"])
    )
    most = np.full(count, -1, np.int64)
    np.maximum.at(most, row, np.where(at_hub, through["cell"], last_one))
    links = instance.link_station * (2**31) + instance.link_hub
    served = (hub < 0) | np.isin(instance.lot_station[lot] * (2**31) + hub, links)
    own = instance.stage[instance.lot_household[lot]]
    return inside & served & _each(row, holds, count), (most >= 0) & (most < own), every_shop


def _each(row: Ints, holds: Bools, count: int) -> Bools:
    """By row whether it holds in every week."""
    return np.asarray(np.bincount(row[~holds], minlength=count) == 0)


Table = tuple[Ints, Ints]


@dataclass(frozen=True, eq=False)
class _Places:
    """The limits a kilogram goes through: its lane, its station's and its shop's week, its cell."""

    instance: Instance

    def keys(self, lot: Ints, week: Ints, hub: Ints) -> dict[str, Ints]:
        instance = self.instance
        product, station = instance.lot_product[lot], instance.lot_station[lot]
        return {
            "lane": instance.key_of_lane(station, product, week),
            "whole": station * WEEKS + week,
            "shop": instance.lot_shop[lot] * WEEKS + week,
            "cell": instance.key_of_cell(product, week, hub),
        }

    def limits(self) -> dict[str, tuple[Ints, Ints, Bools]]:
        """By kind the known keys, what is left, and which of them truly are a limit."""
        one = self.instance
        shops = np.flatnonzero(one.shop_cap_kg >= 0)
        weeks = np.arange(WEEKS)
        shop = (shops[:, None] * WEEKS + weeks).ravel()
        used = total(
            one.lot_shop[one.signed_lot] * WEEKS + one.signed_week,
            one.signed_kg,
            len(one.shop_cap_kg) * WEEKS,
        )
        left = np.repeat(one.shop_cap_kg[shops], WEEKS) - used[shop]
        named = (one.lane_kg > 0) & (one.lane_named > 0)
        lanes = one.key_of_lane(one.lane_station, one.lane_product, one.lane_week)
        cells = one.key_of_cell(one.cell_product, one.cell_week, one.cell_hub)
        whole = one.whole_station * WEEKS + one.whole_week
        order = np.argsort(whole)
        return {
            "lane": (lanes, one.lane_left_kg, named),
            "whole": (whole[order], one.whole_left_kg[order], one.whole_kg[order] > 0),
            "shop": (shop, np.maximum(left, 0), np.ones(len(shop), bool)),
            "cell": (cells, one.cell_left_kg, one.cell_kg > 0),
        }


def _measured(facts: _Facts, places: _Places) -> dict[str, tuple[Table, Table]]:
    """By kind whether each limit is full (1) and the last stage that sells there, by key."""
    stage = facts.instance.stage[facts.instance.lot_household[facts.lot]]
    at_keys = places.keys(facts.lot, facts.week, facts.hub)
    found = {}
    for kind, (known, left, real) in places.limits().items():
        mine = np.isin(at_keys[kind], known)
        at = np.searchsorted(known, at_keys[kind][mine])
        used, many = total(at, facts.kg[mine], len(known)), np.bincount(at, minlength=len(known))
        full = ((used >= left - many) & real).astype(np.int64)
        last = np.full(len(known), -1, np.int64)
        np.maximum.at(last, at, stage[mine])
        found[kind] = (known, full), (known, last)
    return found


def _looked_up(table: Table, keys: Ints) -> Ints:
    """The value at each key; -1 for keys that are not there."""
    known, values = table
    if not len(known):
        return np.full(len(keys), -1, np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, values[place], -1)


def _lot_left(instance: Instance) -> Bools:
    """By household whether anything of its harvest is still unsigned."""
    left = np.zeros(len(instance.household_id), bool)
    left[instance.lot_household[instance.lot_left_kg > 0]] = True
    return left


def _below_minimum(facts: _Facts) -> Bools:
    """Lots that sell nothing although a kilogram more would not do: the minimum is larger."""
    lot = facts.rows["lot"]
    least = facts.instance.min_lot_kg[facts.instance.lot_product[lot]]
    return np.asarray((facts.sold[lot] == 0) & (least > 1))


def _has_route(instance: Instance) -> Bools:
    """By lot whether some week of its window has an open lane and demand at a served hub."""
    lot, week = spread(instance.lot_first_week, instance.lot_last_week + 1)
    station, product = instance.lot_station[lot], instance.lot_product[lot]
    lanes = instance.key_of_lane(instance.lane_station, instance.lane_product, instance.lane_week)
    cells = instance.key_of_cell(instance.cell_product, instance.cell_week, instance.cell_hub)
    open_ = np.isin(instance.key_of_lane(station, product, week), lanes[instance.lane_kg > 0])
    first = np.searchsorted(instance.link_station, station)
    last = np.searchsorted(instance.link_station, station, side="right")
    row, link = spread(first, last)
    wanted = instance.key_of_cell(product[row], week[row], instance.link_hub[link])
    asked = np.isin(wanted, cells[instance.cell_kg > 0])
    ways = np.bincount(lot[row[asked & open_[row]]], minlength=len(instance.lot_id))
    return np.asarray(ways > 0)


def _drawn_rightly(facts: _Facts) -> Bools:
    """Draws: nothing or the minimum lot, places 1..of each equally often, in order of the hash."""
    instance, rows = facts.instance, facts.rows
    lot, place, of = rows["lot"], rows["place"], rows["of"]
    least = instance.min_lot_kg[instance.lot_product[lot]]
    sold = facts.sold[lot]
    right: Bools = (place >= 1) & (place <= of) & ((sold == 0) | (sold == least))
    drawn = np.flatnonzero(rows["reason"] == "draw")
    keys = [
        instance.lot_station[lot],
        instance.lot_product[lot],
        instance.lot_first_week[lot],
        instance.lot_last_week[lot],
        instance.tier[rows["home"]],
        np.where(instance.shop_cap_kg[instance.lot_shop[lot]] >= 0, instance.lot_shop[lot], -1),
        of,
    ]
    order = drawn[np.lexsort([place[drawn], *(key[drawn] for key in reversed(keys))])]
    if not len(order):
        return right
    new = np.logical_or.reduce([np.diff(key[order], prepend=-1) != 0 for key in keys])
    start = np.flatnonzero(new)
    size = np.diff(np.append(start, len(order)))
    at = np.arange(len(order)) - np.repeat(start, size)
    turns = np.repeat(size, size) // np.maximum(of[order], 1)
    even = np.repeat(size, size) == turns * of[order]
    right[order] &= even & (place[order] == at // np.maximum(turns, 1) + 1)
    once = turns == 1
    rank = np.array(
        [household_rank(instance, home) for home in rows["household_id"][order].tolist()],
        np.uint64,
    )
    later = np.append(False, (rank[1:] < rank[:-1])) & ~new & once
    right[order] &= ~later
    return right


def _report(rows: Columns, good: Bools) -> Report:
    kinds, of = np.unique(rows["reason"].astype(str), return_inverse=True)
    many = np.bincount(of, minlength=len(kinds))
    broken = np.bincount(of[~good], minlength=len(kinds))
    wrong = np.flatnonzero(~good)
    problems = [
        f"line {row + 2}: household {rows['household_id'][row]}, lot {rows['lot_id'][row]}: "
        f"{rows['reason'][row]} does not hold"
        for row in wrong[:SHOWN].tolist()
    ]
    by_kind = {
        str(kind): (int(count), int(bad))
        for kind, count, bad in zip(kinds, many, broken, strict=True)
    }
    return Report(len(good), int(good.sum()), by_kind, problems)
