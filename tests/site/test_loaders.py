"""Every data file a command loads is refused whole when one row of it is wrong."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from growers.models import Region
from harvest_calendar.models import Crop
from shop.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "load_growers_facts": ROOT / "growers/data",
    "load_calendar_facts": ROOT / "harvest_calendar/data",
    "load_shop_facts": ROOT / "shop/data",
}
# A column of each file and a value that no such fact can have.
OUT_OF_RANGE = {
    "poverty_line.csv": ("cny_per_person_year", "-1"),
    "regions.csv": ("seat_lat", "95"),
    "registry_codes.csv": ("confidence", "certain"),
    "tier_rules.csv": ("tier", "9"),
    "crop_uses.csv": ("confidence", "certain"),
    "crops.csv": ("shelf_life_days", "-5"),
    "festival_dates.csv": ("date", "2020-13-40"),
    "gi_areas.csv": ("kind", "anything"),
    "grade_notes.csv": ("grade", "九级"),
    "harvest_windows.csv": ("start_md", "13-40"),
    "product_forms.csv": ("raw_kg_mid", "-1"),
    "sale_classes.csv": ("sale_class", "anything"),
    "solar_terms.csv": ("date", "2020-13-40"),
    "sources.csv": ("id", ""),
    "varieties.csv": ("crop_key", "moon_cheese"),
    "yields.csv": ("yield_min_kg_mu", "-1"),
    "provinces.csv": ("province_code", "99"),
    "rates.csv": ("first_kg", "-1"),
    "zones.csv": ("key", ""),
}
# No table holds them: what is only carried along, and what is read into memory from the file.
NOT_LOADED = {
    "demand_calendar.csv",
    "frost.csv",
    "phenology.csv",
    "crop_names.csv",
    "divisions.csv",
}
FILES = [
    (command, path.name)
    for command, folder in COMMANDS.items()
    for path in sorted(folder.glob("*.csv"))
    if path.name not in NOT_LOADED
]
Rows = list[list[str]]


def _repeat(rows: Rows) -> None:
    rows.append(rows[1])


def _shorten(rows: Rows) -> None:
    rows[1] = rows[1][:-1]


def _lose_column(rows: Rows, name: str) -> None:
    column, _value = OUT_OF_RANGE[name]
    rows[0][rows[0].index(column)] = "mystery"


def _exceed(rows: Rows, name: str) -> None:
    column, value = OUT_OF_RANGE[name]
    rows[1][rows[0].index(column)] = value


def _refusal(command: str, name: str, spoil: Callable[[Rows], None], folder: Path) -> str:
    """What the command says about a copy of its files with one spoilt; empty when it loads."""
    data = folder / "data"
    shutil.copytree(COMMANDS[command], data)
    with (data / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    spoil(rows)
    with (data / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    try:
        call_command(command, dir=data, verbosity=0)
    except CommandError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("command", "name"), FILES)
def test_a_wrong_row_refuses_the_file(command: str, name: str, tmp_path: Path) -> None:
    faults: dict[str, Callable[[Rows], None]] = {
        "repeated": _repeat,
        "short": _shorten,
        "no column": lambda rows: _lose_column(rows, name),
        "out of range": lambda rows: _exceed(rows, name),
    }
    before = _counts()

    said = {word: _refusal(command, name, spoil, tmp_path / word) for word, spoil in faults.items()}

    assert {word for word, text in said.items() if not text.startswith(f"{name} 第 ")} == set()
    assert OUT_OF_RANGE[name][0] in said["out of range"]
    assert _counts() == before


def _counts() -> tuple[int, int, int]:
    return Region.objects.count(), Crop.objects.count(), Zone.objects.count()
