"""The planner's command: files in, files out, and reasons that are checked from files alone."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from contracts.engine.__main__ import main
from contracts.engine.allocation import allocate
from contracts.engine.columns import numbers
from contracts.engine.files import plan_text, read_instance

TWO_HOMES = Path(__file__).parent / "instances" / "two-homes"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(TWO_HOMES, tmp_path / "instance"))


def run(folder, *, out):
    paths = {name: out / f"{name}.csv" for name in ("plan", "reasons", "income")}
    status = main(
        [
            str(folder),
            "--out",
            str(paths["plan"]),
            "--reasons",
            str(paths["reasons"]),
            "--income",
            str(paths["income"]),
        ]
    )
    assert status == 0
    return paths


def rows_of(path):
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_the_files_hold_what_the_planner_answers(folder, tmp_path, capsys):
    paths = run(folder, out=tmp_path)

    said = capsys.readouterr().out
    plan = allocate(read_instance(folder))
    assert paths["plan"].read_text() == plan_text(plan)
    assert rows_of(paths["income"]) == [
        {"household_id": "0", "income_fen": "60000"},
        {"household_id": "1", "income_fen": "30000"},
    ]
    assert "cpu seconds" in said
    assert "peak memory" in said
    assert "tier 1: 2 households, 2 served, 90 kg, 900.00 yuan" in said
    assert "sha256" in said


def test_reasons_of_a_plan_hold_from_the_files_alone(folder, tmp_path, capsys):
    paths = run(folder, out=tmp_path)

    status = main(["check-reasons", str(folder), str(paths["plan"]), str(paths["reasons"])])

    assert status == 0
    assert "2 of 2 reasons hold" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("demand_full", "own_harvest"),
        ("demand_full", "earlier_stage"),
        ("demand_full", "draw"),
        ("demand_full", "need_met"),
        ("demand_full", "no_route"),
        ("demand_full", "because"),
        ("0.300000", "0.400000"),
    ],
)
def test_a_reason_that_does_not_hold_is_found(folder, tmp_path, capsys, old, new):
    paths = run(folder, out=tmp_path)
    text = paths["reasons"].read_text()
    assert old in text
    paths["reasons"].write_text(text.replace(old, new, 1))

    status = main(["check-reasons", str(folder), str(paths["plan"]), str(paths["reasons"])])

    assert status == 1
    assert "1 of 2 reasons hold" in capsys.readouterr().out


def test_a_missing_reason_is_found(folder, tmp_path, capsys):
    paths = run(folder, out=tmp_path)
    first, *_ = paths["reasons"].read_text().splitlines(keepends=True)
    kept = paths["reasons"].read_text().splitlines(keepends=True)[1]
    paths["reasons"].write_text(first + kept)

    status = main(["check-reasons", str(folder), str(paths["plan"]), str(paths["reasons"])])

    assert status == 1
    assert "hold" in capsys.readouterr().out


def test_a_malformed_instance_is_refused_by_place(folder, tmp_path, capsys):
    lots = folder / "lots.csv"
    lots.write_text(lots.read_text().replace("300", "3OO", 1))

    status = main([str(folder), "--out", str(tmp_path / "plan.csv")])

    said = capsys.readouterr().err
    assert status == 2
    assert "lots.csv, line 2, column avail_kg: '3OO' is not a whole number" in said
    assert not (tmp_path / "plan.csv").exists()


@pytest.mark.parametrize("name", ["lanes-300", "scarce-600", "toy"])
@pytest.mark.shared_data
def test_every_reason_of_the_study_instances_holds(shared_instances, tmp_path, name):
    folder = shared_instances / name
    paths = run(folder, out=tmp_path)

    status = main(["check-reasons", str(folder), str(paths["plan"]), str(paths["reasons"])])

    assert status == 0


@pytest.mark.parametrize(
    "body",
    [b"1,2\n3\n", b"1,2,3\n4\n", b"1,\n", b"1,2\n\n", b"1,2.5\n", b'"1",2\n', b"1,2-3\n", b"-,2\n"],
)
def test_a_table_that_is_not_plain_numbers_is_left_to_the_careful_reader(body):
    assert numbers(body, 2) is None


def test_plain_numbers_are_read_with_any_line_end():
    read = numbers(b"1,-20\r\n300,4", 2)

    assert read is not None
    assert [column.tolist() for column in read] == [[1, 300], [-20, 4]]
    assert all(column.dtype == np.int64 for column in read)
