"""Read an instance folder (one CSV a table, as in ``schema``) and write a plan file."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contracts.engine.instance import Instance
from contracts.engine.schema import SHEETS, InstanceError, Sheet, Whole

if TYPE_CHECKING:
    from contracts.engine.plan import Plan


def read_instance(folder: Path) -> Instance:
    """Read and check every file of ``folder``.

    Raises
    ------
    InstanceError
        At the first malformed, duplicated or out-of-range row, with file, line, column and reason.
    """
    meta = read_meta(folder / "meta.json")
    tables = {name: read_table(folder / f"{name}.csv", sheet) for name, sheet in SHEETS.items()}
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


def read_table(path: Path, sheet: Sheet) -> dict[str, list[int] | list[str]]:
    """One file as columns, numbers parsed; the header must be exactly the expected one."""
    if not path.exists():
        raise InstanceError(file=path.name, row=None, column=None, reason="is missing")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        _check_header(path.name, next(rows, []), sheet)
        cells = [_checked_width(path.name, rows.line_num, row, sheet) for row in rows]
    columns = zip(*cells, strict=True) if cells else ([] for _ in sheet.columns)
    return {
        name: _parsed(path.name, name, list(column), whole=isinstance(kind, Whole))
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
    rows = np.column_stack([plan.lot_id, plan.week, plan.hub_id, plan.kg]).tolist()
    lines = ["lot_id,week,hub_id,kg", *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"
