"""A cell that cannot be used is refused with file, row, column and reason."""

import gzip

import pandas as pd
import pytest

from forecasting.engine.__main__ import main
from forecasting.engine.files import Day, InputError, Number, Text, read_table, write_forecast

COLUMNS = {"uid": Text(), "mode": Text(among=("aon", "flex")), "on": Day(), "packs": Number(low=0)}
GOOD = "uid,mode,on,packs\na,aon,2026-03-01,1.5\nb,flex,2026-03-02,0\n"


def test_a_sound_file_is_parsed(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(GOOD.encode()))

    frame = read_table(path, COLUMNS)

    assert frame["packs"].tolist() == [1.5, 0.0]
    assert frame["on"].dt.day.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (("b,flex", ",flex"), (3, "uid"), "is empty"),
        (("flex", "other"), (3, "mode"), "is none of aon, flex"),
        (("2026-03-02", "2026-02-30"), (3, "on"), "is not a date"),
        (("1.5", "-1"), (2, "packs"), "is not a number from 0"),
        (("1.5", "inf"), (2, "packs"), "is not a number"),
        (("1.5", ""), (2, "packs"), "is not a number"),
        ((",0\n", "\n"), (3, "packs"), "is not a number"),
        (("packs", "crates"), (1, "packs"), "is missing"),
        ((",0\n", ",0,9\n"), (3, None), "Expected 4 fields"),
    ],
)
def test_a_bad_cell_is_refused_by_place(tmp_path, change, place, reason):
    path = tmp_path / "t.csv"
    path.write_text(GOOD.replace(*change, 1))

    with pytest.raises(InputError, match=reason) as caught:
        read_table(path, COLUMNS)

    assert (caught.value.row, caught.value.column) == place


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path):
    (tmp_path / "empty.csv").write_text("")

    with pytest.raises(InputError, match=r"empty\.csv"):
        read_table(tmp_path / "empty.csv", COLUMNS)
    with pytest.raises(InputError, match=r"gone\.csv: is missing"):
        read_table(tmp_path / "gone.csv", COLUMNS)


def test_a_forecast_is_written_with_the_same_bytes_twice(tmp_path):
    frame = pd.DataFrame({"uid": ["a"], "q0.5": [1 / 3], "p_success": [float("nan")]})

    packed = [tmp_path / "1.csv.gz", tmp_path / "2.csv.gz"]
    assert [write_forecast(frame, path) for path in packed] == [1, 1]

    assert packed[0].read_bytes() == packed[1].read_bytes()
    assert gzip.decompress(packed[0].read_bytes()) == b"uid,q0.5,p_success\na,0.333333,\n"


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["moon", "--out", "f.csv"])

    assert "moon" in capsys.readouterr().err
