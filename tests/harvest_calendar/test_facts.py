import csv
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.errors import BadRow
from harvest_calendar.models import Crop, Grade, HarvestWindow, ProductForm, SaleClass, SolarTerm
from harvest_calendar.services.facts import FACTS, load_facts
from tests.factories.growers import COUNTY_CODES, UserFactory, make_county

pytestmark = pytest.mark.django_db
WINDOWS, CROPS = "harvest_windows.csv", "crops.csv"


@pytest.fixture
def counties():
    for name in COUNTY_CODES:
        make_county(name)


@pytest.fixture
def folder(tmp_path, counties):
    """A copy of the project's files to spoil."""
    return Path(shutil.copytree(FACTS, tmp_path / "data"))


def spoil(folder, file, row, **cells):
    """Change cells of a row (the header is row 1)."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    lines[row - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def refused(folder):
    """What was wrong, after making sure that nothing was saved."""
    with pytest.raises(BadRow) as caught:
        load_facts(folder=folder)
    assert not Crop.objects.exists()
    assert not HarvestWindow.objects.exists()
    assert not SolarTerm.objects.exists()
    error = caught.value
    assert error.reason
    return error.file, error.row, error.column


def test_all_crops_and_windows_are_loaded(counties):
    load_facts()

    assert Crop.objects.count() == 58
    assert HarvestWindow.objects.count() == 157
    assert Crop.objects.filter(windows__isnull=False).distinct().count() == 56
    assert SolarTerm.objects.count() == 288


def test_every_crop_has_a_form_and_every_raw_crop_a_yield(counties):
    load_facts()

    assert not Crop.objects.filter(product_forms__isnull=True).exists()
    raw = Crop.objects.filter(raw_of__isnull=False)
    assert not raw.filter(yield_max_kg_mu__isnull=True).exists()
    assert not Crop.objects.exclude(pk__in=raw).filter(yield_max_kg_mu__isnull=False).exists()


def test_dried_pepper_takes_four_kilograms_of_fresh(counties):
    load_facts()

    form = ProductForm.objects.get(key="huajiao_dahongpao")
    assert form.raw_crop.key == "huajiao_fresh"
    assert form.raw_g(1000) == 4000
    grades = Grade.objects.filter(crop__key="huajiao_dahongpao")
    assert list(grades.values_list("name_zh", flat=True)) == ["特级", "一级", "二级"]


def test_medicinal_only_crops_are_the_seven_of_the_law(counties):
    load_facts()

    found = Crop.objects.filter(sale_class=SaleClass.MEDICINAL_ONLY).values_list("key", flat=True)
    assert set(found) == {
        "rhubarb",
        "bupleurum",
        "polyporus",
        "hedysarum",
        "schisandra",
        "eucommia",
        "pinellia",
    }


def test_names_shown_to_people_hold_no_english(counties):
    load_facts()

    words = [*HarvestWindow.objects.values_list("name_zh", flat=True)]
    words += HarvestWindow.objects.values_list("lag_zh", flat=True)
    words += Crop.objects.values_list("name_zh", flat=True)
    words += Crop.objects.values_list("gi_status", flat=True)
    assert not [word for word in words if any(c.isascii() and c.isalpha() for c in word)]


def test_loading_again_changes_nothing(counties):
    load_facts()

    done = load_facts()

    assert not any(done.added.values())
    assert not any(done.changed.values())
    assert HarvestWindow.history.count() == 157


def test_window_a_person_changed_keeps_the_persons_word(counties):
    load_facts()
    window = HarvestWindow.objects.get(key="sweet_cherry-621202-1")
    window.start_md = "04-28"
    window._history_user = UserFactory()
    window.save()

    done = load_facts()

    window.refresh_from_db()
    assert window.start_md == "04-28"
    assert done.kept["harvestwindow"] == 1


def test_window_a_person_deleted_stays_deleted(counties):
    load_facts()
    window = HarvestWindow.objects.get(key="sweet_cherry-621202-1")
    window._history_user = UserFactory()
    window.delete()

    load_facts()

    assert HarvestWindow.objects.count() == 156


def test_changed_file_changes_what_no_person_touched(folder):
    load_facts(folder=folder)
    spoil(folder, WINDOWS, 2, start_md="06-20")

    done = load_facts(folder=folder)

    assert done.changed["harvestwindow"] == 1
    assert HarvestWindow.objects.get(key="huajiao_dahongpao-621202-1").start_md == "06-20"


@pytest.mark.parametrize(
    ("file", "row", "cells", "column"),
    [
        (WINDOWS, 3, {"start_md": "02-30"}, "start_md"),
        (WINDOWS, 3, {"peak_md": "7-20"}, "peak_md"),
        (WINDOWS, 3, {"end_md": "06-01"}, "end_md"),
        (WINDOWS, 3, {"crosses_year": "yes"}, "end_md"),
        (WINDOWS, 3, {"crosses_year": "maybe"}, "crosses_year"),
        (WINDOWS, 3, {"crop_key": "durian"}, "crop_key"),
        (WINDOWS, 3, {"county_code": "110101"}, "county_code"),
        (WINDOWS, 3, {"elev_max_m": "900"}, "elev_max_m"),
        (WINDOWS, 3, {"elev_max_m": ""}, "elev_max_m"),
        (WINDOWS, 3, {"elev_max_m": "9000"}, "elev_max_m"),
        (WINDOWS, 3, {"lag_max_days": "1"}, "lag_max_days"),
        (WINDOWS, 3, {"lag_min_days": "two"}, "lag_min_days"),
        (WINDOWS, 3, {"confidence": "sure"}, "confidence"),
        (WINDOWS, 3, {"key": "huajiao_dahongpao-621202-1"}, "key"),
        (WINDOWS, 4, {"name_zh": "大红袍半山", "start_md": "07-05"}, "name_zh"),
        (CROPS, 5, {"category": "toys"}, "category"),
        (CROPS, 5, {"perishable": "perhaps"}, "perishable"),
        (CROPS, 5, {"shelf_life_days": "-1"}, "shelf_life_days"),
        (CROPS, 5, {"retail_min_cny_kg": "900"}, "retail_max_cny_kg"),
        (CROPS, 5, {"retail_min_cny_kg": "NaN"}, "retail_min_cny_kg"),
        (CROPS, 5, {"pack_sizes_kg": "0.25;big"}, "pack_sizes_kg"),
        (CROPS, 5, {"key": "huajiao_fresh"}, "key"),
        (CROPS, 5, {"name_zh": ""}, "name_zh"),
        (CROPS, 5, {"grades": "一级;一级"}, "grades"),
        ("product_forms.csv", 2, {"raw_crop_key": "durian"}, "raw_crop_key"),
        ("product_forms.csv", 2, {"raw_kg_mid": "9"}, "raw_kg_mid"),
        ("product_forms.csv", 2, {"raw_kg_low": "0"}, "raw_kg_low"),
        ("sale_classes.csv", 2, {"sale_class": "toy"}, "sale_class"),
        ("sale_classes.csv", 2, {"crop_key": "durian"}, "crop_key"),
        ("yields.csv", 2, {"habit": "cloud"}, "habit"),
        ("yields.csv", 2, {"year_swing": "1"}, "year_swing"),
        ("varieties.csv", 3, {"name_zh": "长" * 61}, "name_zh"),
        ("varieties.csv", 2, {"crop_key": "durian"}, "crop_key"),
        ("solar_terms.csv", 2, {"date": "2020-02-30"}, "date"),
        ("festival_dates.csv", 3, {"key": "laba", "date": "2020-01-02"}, "key、date"),
    ],
)
def test_bad_row_is_named_and_nothing_is_saved(folder, file, row, cells, column):
    spoil(folder, file, row, **cells)

    assert refused(folder) == (file, row, column)


def test_crop_without_sale_class_is_refused(folder):
    path = folder / "sale_classes.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("potato,")), "utf-8")

    assert refused(folder)[0] == CROPS


def test_row_with_too_many_cells_is_refused(folder):
    path = folder / WINDOWS
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[9] += ",more"
    path.write_text("\n".join(lines), encoding="utf-8")

    assert refused(folder)[:2] == (WINDOWS, 10)


def test_windows_need_their_counties(tmp_path):
    assert refused(FACTS) == (WINDOWS, 2, "county_code")


def test_command_tells_the_fault(folder):
    spoil(folder, WINDOWS, 3, start_md="02-30")

    with pytest.raises(CommandError, match=r"harvest_windows.csv 第 3 行“start_md”"):
        call_command("load_calendar_facts", dir=folder)


@pytest.mark.parametrize("file", ["phenology.csv", "demand_calendar.csv"])
def test_files_carried_for_later_name_known_crops(counties, file):
    load_facts()
    keys = set(Crop.objects.values_list("key", flat=True))

    with (FACTS / file).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))

    named = {row["crop_key"] for row in rows} if file == "phenology.csv" else set()
    for row in rows:
        named |= set(filter(None, row.get("crop_keys", "").split(";")))
    assert named - keys <= {"", "all"}
