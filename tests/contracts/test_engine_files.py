"""A row that cannot be used is refused with file, line, column and reason."""

import shutil
from pathlib import Path

import pytest

from contracts.engine.files import read_instance
from contracts.engine.schema import InstanceError, Stage

TWO_HOMES = Path(__file__).parent / "instances" / "two-homes"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(TWO_HOMES, tmp_path / "instance"))


def test_a_sound_folder_is_read_and_sorted():
    instance = read_instance(TWO_HOMES)

    assert instance.household_id.tolist() == [0, 1]
    assert instance.need_fen.tolist() == [200_000, 100_000]
    assert instance.cell_kg.tolist() == [50, 40]
    assert instance.stages == (Stage((1,)), Stage((2,)), Stage((3,)))


@pytest.mark.parametrize(
    ("file", "change", "place", "reason"),
    [
        ("households.csv", ("1,1,100000,0", "1,1,many,0"), (3, "need_fen"), "not a whole number"),
        ("households.csv", ("1,1,100000,0", "1,1,0,0"), (3, "need_fen"), "below 1"),
        ("households.csv", ("1,1,100000,0", "0,1,100000,0"), (3, "household_id"), "twice"),
        ("households.csv", ("1,1,100000,0", "1,7,100000,0"), (3, "tier"), "in no stage"),
        (
            "households.csv",
            ("1,1,100000,0", "1,1,100000,9"),
            (3, "shop_id"),
            "no such row in shops",
        ),
        ("households.csv", ("1,1,100000,0", "1,1,100000"), (3, None), "3 cells instead of 4"),
        ("households.csv", ("tier", "level"), (1, None), "header must be"),
        ("lots.csv", ("1,1,0,40,41,300", "1,1,0,41,40,300"), (3, "first_week"), "larger than"),
        ("lots.csv", ("1,1,0,40,41,300", "1,1,0,40,53,300"), (3, "last_week"), "above 52"),
        ("lots.csv", ("1,1,0,40,41,300", "1,1,0,40,41,1.5"), (3, "avail_kg"), "not a whole number"),
        ("products.csv", ("1000,850", "800,850"), (2, "floor_fen"), "larger than price_fen"),
        ("products.csv", ("walnut", ""), (2, "crop"), "is empty"),
        ("demand.csv", ("0,41,1,30,40,50", "0,41,1,45,40,50"), (3, "p20_kg"), "larger than p50_kg"),
        ("demand.csv", ("0,41,1,30", "0,40,0,30"), (3, "product_id"), "twice"),
        (
            "station_capacity.csv",
            ("0,41,0,80", "0,41,-1,80"),
            (3, "product_id"),
            "over all products",
        ),
        ("shops.csv", ("one_village", "two_villages"), (2, "link_kind"), "must be one of"),
        ("shops.csv", ("-1", "40"), (2, "weekly_cap_kg"), "no shop limit"),
        ("signed.csv", ("kg\n", "kg\n0,42,0,5\n"), (2, "week"), "outside the lot's harvest window"),
        ("signed.csv", ("kg\n", "kg\n0,40,0,0\n"), (2, "kg"), "below 1"),
        ("meta.json", ('"lanes"', '"both"'), (None, "mode"), "must be one of"),
        ("meta.json", ("[1], [2]", "[1], [1]"), (None, "stages"), "two stages"),
        ("meta.json", ("p50_kg", "p90_kg"), (None, "demand_column"), "must be one of"),
        ("meta.json", ("{", ""), (None, None), "Extra data"),
    ],
)
def test_a_bad_row_is_refused_by_place(folder, file, change, place, reason):
    path = folder / file
    path.write_text(path.read_text().replace(*change, 1))

    with pytest.raises(InstanceError, match=reason) as caught:
        read_instance(folder)

    assert (caught.value.file, caught.value.row, caught.value.column) == (file, *place)


def test_a_missing_file_is_named(folder):
    (folder / "lots.csv").unlink()

    with pytest.raises(InstanceError, match=r"lots.csv: is missing"):
        read_instance(folder)
