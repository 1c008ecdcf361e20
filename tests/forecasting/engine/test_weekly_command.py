"""The command for files: it reads an origin's own file alone, and refuses what it cannot use."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from forecasting.engine.__main__ import main
from tests.forecasting.engine.weeks import MONDAY, yearly

ORIGIN = MONDAY.isoformat()
LATER = (MONDAY + timedelta(weeks=4)).isoformat()


def long(panel):
    weeks = [panel.last - timedelta(weeks=back) for back in range(panel.weeks - 1, -1, -1)]
    rows = [
        (name, week.isoformat(), amount)
        for name, row in zip(panel.series, panel.amounts, strict=True)
        for week, amount in zip(weeks, row, strict=True)
        if not np.isnan(amount)
    ]
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"])


@pytest.fixture
def task(tmp_path):
    panel = yearly(series=4, weeks=70)
    (tmp_path / "history").mkdir()
    long(panel).to_csv(tmp_path / "history" / f"toy_{ORIGIN}.csv.gz", index=False)
    query = pd.DataFrame(
        [(f"{name}|{h}", name, "toy", ORIGIN, h) for name in panel.series for h in (1, 8)],
        columns=["uid", "series", "dataset", "origin", "h"],
    )
    query.to_csv(tmp_path / "query.csv.gz", index=False)
    return tmp_path


def run(task, out="F.csv"):
    found = ["--history", task / "history", "--query", task, "--out", task / out]
    return main(["weekly", *map(str, found)])


def test_every_query_is_answered_in_its_order_and_time_and_memory_are_said(task, capsys):
    assert run(task) == 0

    answers = pd.read_csv(task / "F.csv")
    query = pd.read_csv(task / "query.csv.gz")
    assert answers["uid"].tolist() == query["uid"].tolist()
    assert (np.diff(answers.iloc[:, 1:].to_numpy(), axis=1) >= 0).all()
    assert " s CPU), peak " in capsys.readouterr().out


def test_what_came_after_the_origin_changes_no_byte(task):
    run(task)
    other = long(yearly(series=4, weeks=74, seed=9))
    other.to_csv(task / "history" / f"toy_{LATER}.csv.gz", index=False)
    (task / "truth.csv.gz").write_bytes(b"not even a table")

    run(task, "again.csv")

    assert (task / "F.csv").read_bytes() == (task / "again.csv").read_bytes()


def spoil_history(task, column, value):
    path = task / "history" / f"toy_{ORIGIN}.csv.gz"
    table = pd.read_csv(path, dtype=str)
    table.loc[3, column] = value
    table.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("y", "-2", "row 5, column y"),
        ("y", "many", "row 5, column y"),
        ("ds", "2026-02-30", "row 5, column ds"),
        ("ds", "2026-08-25", "row 5, column ds: is no Monday"),
        ("ds", LATER, "row 5, column ds: lies after the origin"),
        ("unique_id", "", "row 5, column unique_id"),
    ],
)
def test_a_cell_of_the_history_that_cannot_be_used_is_refused_by_its_place(
    task, capsys, column, value, said
):
    spoil_history(task, column, value)

    assert run(task) == 2
    assert f"toy_{ORIGIN}.csv.gz, {said}" in capsys.readouterr().err
    assert not (task / "F.csv").exists()


@pytest.mark.parametrize(
    ("column", "value"), [("h", "9"), ("h", "1.5"), ("origin", "2026-08-25"), ("series", "nobody")]
)
def test_a_query_that_cannot_be_answered_is_refused_by_its_place(task, capsys, column, value):
    query = pd.read_csv(task / "query.csv.gz", dtype=str)
    query.loc[2, column] = value
    query.to_csv(task / "query.csv.gz", index=False)

    assert run(task) == 2
    assert f"query.csv.gz, row 4, column {column}" in capsys.readouterr().err


def test_an_origin_without_a_history_is_refused_by_name(task, capsys):
    (task / "history" / f"toy_{ORIGIN}.csv.gz").unlink()

    assert run(task) == 2
    assert f"toy_{ORIGIN}.csv.gz: is missing" in capsys.readouterr().err
