"""Read an instance folder (one CSV a table, as in ``schema``), write what the planner answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contracts.engine.columns import chunks, lines, numbers, whole, words
from contracts.engine.instance import Instance, Ints
from contracts.engine.schema import OPTIONAL, SHEETS, InstanceError, Sheet, Whole

if TYPE_CHECKING:
    from contracts.engine.plan import Plan

BOM = b"\xef\xbb\xbf"
LEVEL_DECIMALS = 6
REASON_COLUMNS = (
    "household_id,lot_id,reason,station_id,product_id,first_week,last_week,hub_id,level,place,of"
)


def read_instance(folder: Path) -> Instance:
    """Read and check every file of ``folder``.

    Raises
    ------
    InstanceError
        At the first malformed, duplicated or out-of-range row, with file, line, column and reason.
    """
    meta = read_meta(folder / "meta.json")
    tables = {
        name: read_table(folder / f"{name}.csv", sheet)
        for name, sheet in SHEETS.items()
        if name not in OPTIONAL or (folder / f"{name}.csv").exists()
    }
    return Instance.from_tables(meta, tables)


def read_meta(path: Path) -> Mapping[str, Any]:
    """The settings of an instance as a mapping; their meaning is checked by ``Instance``."""
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InstanceError(file=path.name, row=None, column=None, reason="is missing") from None
    except ValueError as error:
        raise InstanceError(file=path.name, row=None, column=None, reason=str(error)) from None
    if not isinstance(meta, dict):
        raise InstanceError(file=path.name, row=None, column=None, reason="is not an object")
    return meta


def read_table(path: Path, sheet: Sheet) -> dict[str, Any]:
    """One file as columns, numbers parsed; the header must be exactly the expected one."""
    try:
        text = path.read_bytes().removeprefix(BOM)
    except FileNotFoundError:
        raise InstanceError(file=path.name, row=None, column=None, reason="is missing") from None
    head, _, body = text.partition(b"\n")
    if all(isinstance(kind, Whole) for kind in sheet.columns.values()):
        plain = numbers(body, len(sheet.columns))
        if plain is not None and head.rstrip(b"\r") == ",".join(sheet.columns).encode():
            return dict(zip(sheet.columns, plain, strict=True))
    return _read_by_rows(path.name, text, sheet)


def _read_by_rows(file: str, text: bytes, sheet: Sheet) -> dict[str, Any]:
    """Read slowly: words, quoted cells, and whatever is wrong, which is then named by place."""
    try:
        rows = csv.reader(io.StringIO(text.decode(), newline=""))
    except UnicodeDecodeError:
        raise InstanceError(file=file, row=None, column=None, reason="is not UTF-8") from None
    _check_header(file, next(rows, []), sheet)
    cells = [_checked_width(file, rows.line_num, row, sheet) for row in rows]
    columns = zip(*cells, strict=True) if cells else ([] for _ in sheet.columns)
    return {
        name: _parsed(file, name, list(column), whole=isinstance(kind, Whole))
        for (name, kind), column in zip(sheet.columns.items(), columns, strict=True)
    }


def _check_header(file: str, header: list[str], sheet: Sheet) -> None:
    if header != list(sheet.columns):
        expected = ", ".join(sheet.columns)
        raise InstanceError(file=file, row=1, column=None, reason=f"header must be {expected}")


def _checked_width(file: str, line: int, row: list[str], sheet: Sheet) -> list[str]:
    if len(row) != len(sheet.columns):
        reason = f"{len(row)} cells instead of {len(sheet.columns)}"
        raise InstanceError(file=file, row=line, column=None, reason=reason)
    return row


def _parsed(file: str, column: str, cells: list[str], *, whole: bool) -> list[int] | list[str]:
    if not whole:
        return cells
    numbers = []
    for place, cell in enumerate(cells):
        digits = cell.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
            reason = f"{cell!r} is not a whole number"
            raise InstanceError(file=file, row=place + 2, column=column, reason=reason)
        numbers.append(int(cell))
    return numbers


def plan_text(plan: Plan) -> str:
    """The plan as the text of its CSV file: ``lot_id, week, hub_id, kg``, sorted, whole kg."""
    return b"".join(plan_lines(plan)).decode()


def plan_lines(plan: Plan) -> Iterator[bytes]:
    """The plan's file, a piece at a time."""
    yield b"lot_id,week,hub_id,kg\n"
    for rows in chunks(len(plan.kg)):
        columns = (plan.lot_id, plan.week, plan.hub_id, plan.kg)
        yield lines([whole(column[rows]) for column in columns])


def income_lines(plan: Plan) -> Iterator[bytes]:
    """Fair income of new contracts before rounding to kg, one row a household, zeros included."""
    yield b"household_id,income_fen\n"
    for rows in chunks(len(plan.household_id)):
        yield lines([whole(plan.household_id[rows]), whole(plan.fair_income_fen[rows])])


def gap_lines(plan: Plan) -> Iterator[bytes]:
    """By stage what the plan can lack of the fair incomes, and whether all levels were found."""
    yield b"stage,fair_fen,short_fen_at_most,all_levels_found\n"
    for gap in plan.gaps:
        row = (gap.stage + 1, gap.fair_fen, gap.short_fen, int(gap.all_levels))
        yield f"{','.join(map(str, row))}\n".encode()


def reason_lines(instance: Instance, plan: Plan) -> Iterator[bytes]:
    """Reasons: a row for each household and usable lot, one with no lot for who has none usable.

    ``level`` is what the household reaches in this plan, signed and new, over its need, cut off
    after six decimals; numbers that a reason does not name are left empty.
    """
    from contracts.engine.plan import KINDS

    yield f"{REASON_COLUMNS}\n".encode()
    table = plan.reason_table
    lot, home, named = _reason_rows(instance)
    level = plan_level(instance, plan.income_fen)
    for rows in chunks(len(lot)):
        one, owner, usable = lot[rows], home[rows], named[rows]
        drawn = usable & (table.place[one] > 0)
        yield lines(
            [
                whole(instance.household_id[owner]),
                whole(np.where(usable, table.lot_id[one], -1), blank=-1),
                words(_kind_of(instance, table.kind, one, owner, usable), KINDS),
                whole(instance.station_id[instance.household_station[owner]]),
                whole(np.where(usable, table.product_id[one], -1), blank=-1),
                whole(np.where(usable, table.first_week[one], -1), blank=-1),
                whole(np.where(usable, table.last_week[one], -1), blank=-1),
                whole(np.where(usable, table.hub_id[one], -1), blank=-1),
                whole(level[owner], decimals=LEVEL_DECIMALS),
                whole(np.where(drawn, table.place[one], -1), blank=-1),
                whole(np.where(drawn, table.of[one], -1), blank=-1),
            ]
        )


def _kind_of(instance: Instance, kind: Ints, lot: Ints, home: Ints, usable: Any) -> Ints:
    """The reason of each row; without a usable lot, whether something too small is left."""
    from contracts.engine.plan import KINDS, ReasonKind

    small = np.zeros(len(instance.household_id), bool)
    small[instance.lot_household[instance.lot_left_kg > 0]] = True
    below, own = KINDS.index(ReasonKind.BELOW_MINIMUM), KINDS.index(ReasonKind.OWN_HARVEST)
    return np.where(usable, kind[lot], np.where(small[home], below, own))


def _reason_rows(instance: Instance) -> tuple[Ints, Ints, Any]:
    """Lots and households of the rows in order of household and lot, and whether a lot is named."""
    lots = np.flatnonzero(instance.lot_usable_kg > 0)
    owner = instance.lot_household[lots]
    without = np.setdiff1d(np.arange(len(instance.household_id)), owner)
    lot = np.concatenate([lots, np.zeros(len(without), np.int64)])
    home = np.concatenate([owner, without])
    named = np.arange(len(home)) < len(lots)
    order = np.lexsort([lot, home])
    return lot[order], home[order], named[order]


def plan_level(instance: Instance, income_fen: Ints) -> Ints:
    """Signed and new income over need, in whole millionths."""
    income = instance.signed_income_fen + income_fen
    whole_part, rest = income // instance.need_fen, income % instance.need_fen
    level: Ints = whole_part * 10**LEVEL_DECIMALS
    level += rest * 10**LEVEL_DECIMALS // instance.need_fen
    return level
