"""Fact files: a wrong row is refused with file, row, column and reason, and nothing is saved."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.errors import BadRow
from growers.models import PovertyLine, Region, RegistryCode, TierRule
from growers.services.facts import load_growers_facts
from growers.services.places import load_longnan_places

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[2] / "growers" / "data"
MODELS = (Region, PovertyLine, TierRule, RegistryCode)


def counts():
    return [model.objects.count() for model in MODELS]


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_own_facts_load_and_load_again_without_a_trace():
    call_command("load_growers_facts", verbosity=0)
    first = counts()

    call_command("load_growers_facts", verbosity=0)

    assert first == counts() == [10, 11, 11, 24]
    assert TierRule.history.count() == 11
    assert PovertyLine.history.count() == 11
    assert Region.objects.get(name_zh="武都区").parent.name_zh == "陇南市"


def test_changed_fact_is_brought_up_to_date_with_history(folder):
    load_growers_facts(folder=folder)
    change(folder / "poverty_line.csv", "2020,4000", "2020,4100")

    load_growers_facts(folder=folder)

    line = PovertyLine.objects.get(year=2020)
    assert line.yuan_per_person == 4100
    assert line.history.count() == 2


FAULTS = [
    ("regions.csv", "621202,武都区", "62120,武都区", 3, "code"),
    ("regions.csv", "621202,武都区", "62120x,武都区", 3, "code"),
    ("regions.csv", "621202,武都区", "621221,武都区", 4, "code"),
    ("regions.csv", "621202,武都区", "621202,", 3, "name_zh"),
    ("regions.csv", "33.392211", "3339.2211", 3, "seat_lat"),
    ("regions.csv", "104.926337", "84.926337", 3, "seat_lon"),
    ("regions.csv", ",1009,", ",10090,", 3, "seat_elev_m"),
    ("regions.csv", ",1009,", ",高,", 3, "seat_elev_m"),
    ("regions.csv", "district,621200", "village,621200", 3, "level"),
    ("regions.csv", "district,621200", "district,621300", 3, "parent_code"),
    ("regions.csv", ",Longnan City", "", 2, ""),
    ("regions.csv", "pinyin", "yin", 1, "pinyin"),
    ("poverty_line.csv", "2012,2625", "2011,2625", 4, "year"),
    ("poverty_line.csv", "2012,2625", "二〇一二,2625", 4, "year"),
    ("poverty_line.csv", "2012,2625", "2012.5,2625", 4, "year"),
    ("poverty_line.csv", "2012,2625", "1912,2625", 4, "year"),
    ("poverty_line.csv", "2012,2625", "2012,-2625", 4, "cny_per_person_year"),
    ("poverty_line.csv", "2012,2625", "2012,NaN", 4, "cny_per_person_year"),
    ("poverty_line.csv", "2012,2625", "2012,", 4, "cny_per_person_year"),
    ("poverty_line.csv", "recall,high", "recall,sure", 2, "confidence"),
    ("tier_rules.csv", "prevention,1,", "prevention,4,", 10, "tier"),
    ("tier_rules.csv", "prevention,1,", "needy,1,", 10, "category"),
    ("tier_rules.csv", "regular_2026,prevention", "regular,prevention", 10, "scheme"),
    ("tier_rules.csv", "lifted,2,2026-01-01", "lifted,2,2026-1-1", 11, "valid_from"),
    ("tier_rules.csv", "lifted,2,2026-01-01,", "lifted,2,2026-01-01,2025-12-31", 11, "valid_to"),
    (
        "tier_rules.csv",
        "monitored_2021,marginal,1,2020-03-20",
        "monitored_2021,unstable,1,2021-03-20",
        6,
        "valid_from",
    ),
    (
        "registry_codes.csv",
        "identification_standard,city",
        "identification_standard,national",
        4,
        "key",
    ),
    ("registry_codes.csv", "市定标准", "", 4, "zh"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_row_is_refused_and_nothing_is_saved(folder, fault):
    name, old, new, row, column = fault
    change(folder / name, old, new)

    with pytest.raises(BadRow) as refused:
        load_growers_facts(folder=folder)

    assert (refused.value.file, refused.value.row) == (name, row)
    assert column in refused.value.column
    assert refused.value.reason
    assert counts() == [0, 0, 0, 0]


def test_bytes_that_are_not_utf8_are_refused(folder):
    (folder / "regions.csv").write_bytes("code,name_zh\n621200,陇南市\n".encode("gbk"))

    with pytest.raises(BadRow) as refused:
        load_growers_facts(folder=folder)

    assert (refused.value.file, refused.value.row) == ("regions.csv", 2)
    assert counts() == [0, 0, 0, 0]


def test_command_says_the_fault_in_one_line(folder):
    change(folder / "poverty_line.csv", "2012,2625", "2011,2625")

    with pytest.raises(CommandError, match=r"poverty_line\.csv 第 4 行"):
        call_command("load_growers_facts", dir=folder)


@pytest.fixture
def places(tmp_path):
    (tmp_path / "townships.csv").write_text(
        "code,county_code,name_zh,pinyin,lat,lon,elev_m\n"
        "621202901,621202,云台乡,yuntai,33.40,104.92,1200\n"
        "621202910,621202,松坪乡,songping,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "villages.csv").write_text(
        "code,name_zh,pinyin,township_code\n"
        "621202901201,上松村,shang song,621202901\n"
        "621202910201,下松村,xia song,621202910\n",
        encoding="utf-8",
    )
    load_growers_facts(folder=DATA)
    return tmp_path


def test_places_are_read_from_the_folder_and_twice_is_once(places):
    load_longnan_places(folder=places)
    load_longnan_places(folder=places)

    village = Region.objects.get(name_zh="下松村")
    assert village.code == "621202910201"
    assert village.parent.name_zh == "松坪乡"
    assert village.parent.parent.name_zh == "武都区"
    assert Region.objects.count() == 14


@pytest.mark.parametrize(
    "fault",
    [
        ("townships.csv", "621202901,621202", "62120290,621202", 2, "code"),
        ("townships.csv", "621202901,621202", "621202910,621202", 3, "code"),
        ("townships.csv", "621202901,621202", "621202901,621299", 2, "county_code"),
        ("townships.csv", "621202901,621202", "621202901,621221", 2, "code"),
        ("townships.csv", "33.40", "43.40", 2, "lat"),
        ("townships.csv", "1200", "12000", 2, "elev_m"),
        ("villages.csv", "621202901201", "621202901", 2, "code"),
        ("villages.csv", "621202901201", "621202911201", 2, "code"),
        ("villages.csv", "song,621202901", "song,621202999", 2, "township_code"),
        ("villages.csv", "下松村", "", 3, "name_zh"),
        ("villages.csv", "621202910201", "621202901201", 3, "code"),
    ],
)
def test_a_wrong_place_is_refused_and_nothing_is_saved(places, fault):
    name, old, new, row, column = fault
    change(places / name, old, new)

    with pytest.raises(BadRow) as refused:
        load_longnan_places(folder=places)

    assert (refused.value.file, refused.value.row) == (name, row)
    assert column in refused.value.column
    assert Region.objects.count() == 10


@pytest.mark.shared_data
def test_real_places_load(settings):
    folder = Path(settings.LONGNAN_DATA_DIR)
    load_growers_facts(folder=DATA)

    loaded = load_longnan_places(folder=folder)

    assert [(part.file, part.rows) for part in loaded] == [
        ("townships.csv", 199),
        ("villages.csv", 3290),
    ]
