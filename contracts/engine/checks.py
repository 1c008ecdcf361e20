"""Refuse an instance that is malformed, duplicated or out of range, naming the place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.engine.schema import (
    DEMAND_COLUMNS,
    FORMAT,
    OPTIONAL,
    ORDERED,
    SHEETS,
    InstanceError,
    Sheet,
    Stage,
    Whole,
    Word,
)

Columns = dict[str, NDArray[Any]]
MODES = ("lanes", "shared")


@dataclass(frozen=True)
class Settings:
    """What ``meta.json`` decides."""

    name: str
    seed: str
    stages: tuple[Stage, ...]
    demand_column: str
    shared: bool


def checked_meta(meta: Mapping[str, Any]) -> Settings:
    """The settings, or an error naming the key that cannot be used."""
    if meta.get("format") != FORMAT:
        raise _meta_error("format", f"must be {FORMAT}")
    if meta.get("mode") not in MODES:
        raise _meta_error("mode", f"must be one of {', '.join(MODES)}")
    if meta.get("demand_column") not in DEMAND_COLUMNS:
        raise _meta_error("demand_column", f"must be one of {', '.join(sorted(DEMAND_COLUMNS))}")
    seed = meta.get("lottery_seed")
    if not isinstance(seed, str) or not seed:
        raise _meta_error("lottery_seed", "must be a text")
    return Settings(
        name=str(meta.get("name", "")),
        seed=seed,
        stages=_stages(meta.get("stages")),
        demand_column=meta["demand_column"],
        shared=meta["mode"] == "shared",
    )


def _stages(raw: object) -> tuple[Stage, ...]:
    """Stages as lists of tiers, or ``{"tiers": [1], "up_to": 1}`` for a first share of need."""
    if not isinstance(raw, Sequence) or not raw or isinstance(raw, str):
        raise _meta_error("stages", "must be lists of tiers")
    stages = tuple(_stage(one) for one in raw)
    reached: dict[int, float] = {}
    for stage in stages:
        goal = math.inf if stage.up_to is None else stage.up_to
        for tier in stage.tiers:
            if reached.get(tier, 0.0) == math.inf:
                raise _meta_error("stages", f"tier {tier} stands in two stages without a cap")
            if reached.get(tier, 0.0) >= goal:
                raise _meta_error("stages", f"tier {tier} has a cap that does not rise")
            reached[tier] = goal
    for tier, goal in reached.items():
        if goal < math.inf:  # a cap is a reserve for the next in turn, never a ceiling
            raise _meta_error("stages", f"tier {tier} has no last stage without a cap")
    return stages


def _stage(raw: Any) -> Stage:
    up_to: Any = None
    if isinstance(raw, Mapping):
        if set(raw) != {"tiers", "up_to"}:
            raise _meta_error("stages", "a stage with a cap has tiers and up_to")
        raw, up_to = raw["tiers"], raw["up_to"]
        if (
            isinstance(up_to, bool)
            or not isinstance(up_to, int | float)
            or not 0 < up_to < math.inf
        ):
            raise _meta_error("stages", "up_to must be a number above 0")
    if not isinstance(raw, Sequence) or not raw or isinstance(raw, str):
        raise _meta_error("stages", "must be lists of tiers")
    if not all(isinstance(tier, int) for tier in raw):
        raise _meta_error("stages", "a tier must be a whole number")
    if len(set(raw)) != len(raw):
        raise _meta_error("stages", "a tier stands twice in a stage")
    return Stage(tuple(raw), None if up_to is None else float(up_to))


def _meta_error(key: str, reason: str) -> InstanceError:
    return InstanceError(file="meta.json", row=None, column=key, reason=reason)


def check_tables(tables: Mapping[str, Mapping[str, Any]], settings: Settings) -> dict[str, Columns]:
    """Every table as arrays, each row inside its range, named once, pointing at rows that exist.

    Limits over all products (product -1) and limits of shops stand in the mode ``shared`` only.
    """
    sheets: dict[str, Columns] = {}
    for name, sheet in SHEETS.items():
        nothing: dict[str, list[int]] = (
            {column: [] for column in sheet.columns} if name in OPTIONAL else {}
        )
        sheets[name] = _columns(name, tables.get(name, nothing), sheet)
        _check_ranges(name, sheets[name], sheet)
        _check_keys(name, sheets[name], sheet)
        for column, target in sheet.points_at.items():
            known = sheets[target][SHEETS[target].key[0]]
            missing = ~np.isin(sheets[name][column], known)
            missing &= sheets[name][column] >= 0
            _refuse(name, column, missing, f"no such row in {target}.csv")
    if not settings.shared:
        over = sheets["station_capacity"]["product_id"] < 0
        _refuse("station_capacity", "product_id", over, "no limit over all products with lanes")
        limited = sheets["shops"]["weekly_cap_kg"] >= 0
        _refuse("shops", "weekly_cap_kg", limited, "no shop limit with lanes")
    _check_between(sheets, settings.stages)
    return sheets


def _columns(name: str, table: Mapping[str, Any], sheet: Sheet) -> Columns:
    if set(table) != set(sheet.columns):
        reason = f"columns must be {', '.join(sheet.columns)}"
        raise InstanceError(file=f"{name}.csv", row=1, column=None, reason=reason)
    columns: Columns = {}
    for column, kind in sheet.columns.items():
        values = np.asarray(table[column])
        if isinstance(kind, Word):
            columns[column] = values.astype(np.str_)
            continue
        if len(values) and not np.issubdtype(values.dtype, np.integer):
            reason = f"holds {values.dtype}, not whole numbers"
            raise InstanceError(file=f"{name}.csv", row=None, column=column, reason=reason)
        columns[column] = values.astype(np.int64)
    if len({len(values) for values in columns.values()}) > 1:
        raise InstanceError(file=f"{name}.csv", row=None, column=None, reason="uneven columns")
    return columns


def _check_ranges(name: str, columns: Columns, sheet: Sheet) -> None:
    for column, kind in sheet.columns.items():
        values = columns[column]
        if isinstance(kind, Whole):
            _refuse(name, column, values < kind.low, f"below {kind.low}")
            _refuse(name, column, values > kind.high, f"above {kind.high}")
            continue
        _refuse(name, column, values == "", "is empty")
        if kind.allowed:
            reason = f"must be one of {', '.join(sorted(kind.allowed))}"
            _refuse(name, column, ~np.isin(values, sorted(kind.allowed)), reason)
    for file, low, high in ORDERED:
        if file == name:
            _refuse(name, low, columns[low] > columns[high], f"larger than {high}")


def _check_keys(name: str, columns: Columns, sheet: Sheet) -> None:
    """Refuse the first row whose key stood in a row before it."""
    key = [columns[column] for column in sheet.key]
    if all_rising(key):
        return
    order = np.lexsort([np.arange(len(key[0])), *reversed(key)])
    same = np.logical_and.reduce([np.diff(column[order]) == 0 for column in key])
    if not same.any():
        return
    place = int(order[1:][same].min())
    twice = tuple(int(column[place]) for column in key)
    reason = f"{', '.join(sheet.key)} = {twice} stands there twice"
    raise InstanceError(file=f"{name}.csv", row=place + 2, column=sheet.key[0], reason=reason)


def all_rising(key: Sequence[NDArray[Any]]) -> bool:
    """Whether rows are sorted by ``key`` (first column first) with no key twice."""
    rising = np.zeros(max(len(key[0]) - 1, 0), bool)
    for column in reversed(key):
        step = np.diff(column)
        rising = (step > 0) | ((step == 0) & rising)
    return bool(rising.all())


def _check_between(sheets: dict[str, Columns], stages: tuple[Stage, ...]) -> None:
    """What one file says about another, beyond pointing at a row."""
    known = [tier for stage in stages for tier in stage.tiers]
    _refuse("households", "tier", ~np.isin(sheets["households"]["tier"], known), "in no stage")
    lots, signed = sheets["lots"], sheets["signed"]
    order = np.argsort(lots["lot_id"])
    place = order[np.searchsorted(lots["lot_id"], signed["lot_id"], sorter=order)]
    outside = (signed["week"] < lots["first_week"][place]) | (
        signed["week"] > lots["last_week"][place]
    )
    _refuse("signed", "week", outside, "outside the lot's harvest window")


def _refuse(name: str, column: str, wrong: NDArray[np.bool_], reason: str) -> None:
    if not wrong.any():
        return
    place = int(np.flatnonzero(wrong)[0])
    raise InstanceError(file=f"{name}.csv", row=place + 2, column=column, reason=reason)
