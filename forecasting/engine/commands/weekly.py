"""``weekly``: a history file for every origin, and the series and weeks to be forecast from it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.files import (
    LEVEL_COLUMNS,
    Day,
    Number,
    Text,
    read_table,
    refuse,
    refuse_twice,
)
from forecasting.engine.panel import HORIZON, Panel, read_panel
from forecasting.engine.quantiles import Floats
from forecasting.engine.weekly import fit, score

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Text | Number | Day]
HELP = "weekly sales, one to eight weeks ahead"
HISTORY: Columns = {"unique_id": Text(), "ds": Day(), "y": Number(low=0)}
QUERY: Columns = {
    "uid": Text(),
    "series": Text(),
    "dataset": Text(),
    "origin": Day(),
    "h": Number(low=1, high=HORIZON, whole=True),
}
QUERY_FILE = "query.csv.gz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--history`` (files DATASET_ORIGIN.csv.gz) and ``--query`` (a folder with the query)."""
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--query", type=Path, required=True)


def run(options: argparse.Namespace) -> pd.DataFrame:
    """One row of quantiles per query row, in its order; an origin reads its own file alone."""
    query = read_table(options.query / QUERY_FILE, QUERY)
    refuse_twice(QUERY_FILE, query, ["uid"])
    query["origin"] = query["origin"].dt.date
    mondays = np.array([day.weekday() == 0 for day in query["origin"]], dtype=bool)
    refuse(QUERY_FILE, ~mondays, "origin", "is no Monday")
    out = np.zeros((len(query), len(LEVEL_COLUMNS)))
    for (dataset, origin), rows in query.groupby(["dataset", "origin"], sort=True):
        panel = _history(
            options.history / f"{dataset}_{origin}.csv.gz", date.fromisoformat(str(origin))
        )
        out[rows.index] = _forecast(panel, rows)
    return query[["uid"]].assign(**dict(zip(LEVEL_COLUMNS, out.T, strict=True)))


def _history(path: Path, origin: date) -> Panel:
    """The panel of one file; a row after the origin has no place in it."""
    table = read_table(path, HISTORY)
    refuse_twice(path.name, table, ["unique_id", "ds"])
    days = table["ds"]
    refuse(path.name, (days.dt.day_of_week != 0).to_numpy(), "ds", "is no Monday")
    refuse(path.name, (days.dt.date > origin).to_numpy(), "ds", f"lies after the origin {origin}")
    names = {"unique_id": "series", "ds": "week", "y": "amount"}
    return read_panel(table.rename(columns=names), last=origin)


def _forecast(panel: Panel, rows: pd.DataFrame) -> Floats:
    place = {name: row for row, name in enumerate(panel.series)}
    known = rows["series"].isin(place)
    if not known.all():
        line = int(rows.index[~known][0])
        bad = np.arange(line + 1) == line
        refuse(QUERY_FILE, bad, "series", f"{rows['series'][line]!r} has no history at its origin")
    said = score(fit(panel), panel)
    found: Floats = said[[place[name] for name in rows["series"]], rows["h"].astype(int) - 1]
    return found
