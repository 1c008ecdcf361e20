"""What is on the books some days ahead of a due date: how much of it, and more, will be kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.bookings import fit, score, with_product
from forecasting.engine.files import (
    LEVEL_COLUMNS,
    Day,
    Kind,
    Number,
    Text,
    read_table,
    refuse,
    refuse_twice,
)

if TYPE_CHECKING:
    import pandas as pd

HELP = "kept orders from what is on the books"
COUNT = Number(low=0, whole=True)
BOOKS: dict[str, Kind] = {
    "uid": Text(),
    "product": Text(),
    "channel": Text(),
    "due_date": Day(),
    "gross": COUNT,
    "net": COUNT,
    "prepaid": COUNT,
    "new14": COUNT,
    "lead": Number(low=1, whole=True),
    "recent": Number(low=0, empty=True),
    "lastyear": Number(low=0, empty=True),
    "dow": Number(low=0, high=6, whole=True),
    "month": Number(low=1, high=12, whole=True),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Folders with the due dates that are over and with those to come."""
    parser.add_argument("--train", type=Path, required=True, help="train_rows")
    parser.add_argument("--query", type=Path, required=True, help="query")


def run(options: argparse.Namespace) -> pd.DataFrame:
    """Fit on ``--train``, forecast ``--query``; one row a query."""
    import pandas as pd

    past = _read(options.train / "train_rows.csv.gz", {**BOOKS, "y_rooms": COUNT})
    refuse("train_rows.csv.gz", np.array([past.empty]), "uid", "no due date to learn from")
    query = _read(options.query / "query.csv.gz", BOOKS)
    rows = pd.DataFrame(score(fit(past), query), columns=list(LEVEL_COLUMNS))
    rows.insert(0, "uid", query["uid"])
    return rows


def _read(path: Path, columns: dict[str, Kind]) -> pd.DataFrame:
    rows = read_table(path, columns)
    refuse_twice(path.name, rows, ["uid"])
    refuse(path.name, (rows["net"] > rows["gross"]).to_numpy(), "net", "is larger than gross")
    return with_product(rows)
