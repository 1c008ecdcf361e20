"""What buyers read of a crop: uses, grades, protected names."""

import csv
import shutil
from pathlib import Path

import pytest
from django.utils.translation import override

from core.errors import BadRow
from harvest_calendar.models import Crop, CropUse, GeoMark, Grade, GradeNote, SaleClass
from harvest_calendar.services.facts import FACTS, load_facts
from harvest_calendar.services.facts.notes import MEDICAL
from tests.factories.growers import COUNTY_CODES, UserFactory, make_county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counties():
    for name in COUNTY_CODES:
        make_county(name)


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FACTS, tmp_path / "data"))


def spoil(folder, file, row, **cells):
    path = folder / file
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    lines[row - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def test_every_crop_that_may_be_sold_says_how_to_use_it():
    load_facts()

    sellable = Crop.objects.exclude(sale_class=SaleClass.MEDICINAL_ONLY)
    assert set(CropUse.objects.values_list("crop", flat=True)) == set(
        sellable.values_list("pk", flat=True)
    )


def test_every_grade_of_a_crop_that_may_be_sold_is_explained():
    load_facts()

    sellable = Grade.objects.exclude(crop__sale_class=SaleClass.MEDICINAL_ONLY)
    assert sellable.count() == GradeNote.objects.count() == 60
    note = GradeNote.objects.get(grade__crop__key="huajiao_dahongpao", grade__name_zh="特级")
    assert note.standard == "GB/T 30391-2013"


def test_nuts_honey_and_eggs_warn():
    load_facts()

    for crop, word in [("walnut_dry", "过敏"), ("langya_honey", "不满一岁"), ("egg", "过敏")]:
        assert word in CropUse.objects.get(crop__key=crop).caution


def test_herbs_are_told_as_cooking_only():
    load_facts()

    herbs = CropUse.objects.filter(crop__category="herb")
    assert herbs.count() == 5
    assert all("卖" in herb.caution_zh and "医生" in herb.caution_zh for herb in herbs)


def test_words_are_in_the_readers_language():
    load_facts()
    use = CropUse.objects.get(crop__key="green_tea")
    note = GradeNote.objects.filter(grade__crop__key="green_tea").first()

    with override("en"):
        assert (use.text, use.caution, note.text) == (use.text_en, use.caution_en, note.text_en)


@pytest.mark.parametrize("word", MEDICAL)
@pytest.mark.parametrize("column", ["text_zh", "caution_zh"])
def test_a_use_that_sells_food_as_medicine_is_refused(folder, word, column):
    spoil(folder, "crop_uses.csv", 2, **{column: f"每天一把，{word}。"})

    with pytest.raises(BadRow, match=word) as caught:
        load_facts(folder=folder)

    assert (caught.value.file, caught.value.row, caught.value.column) == (
        "crop_uses.csv",
        2,
        column,
    )
    assert not CropUse.objects.exists()


def test_a_standard_the_crop_does_not_have_is_refused(folder):
    spoil(folder, "grade_notes.csv", 2, standard="GB/T 1-1")

    with pytest.raises(BadRow) as caught:
        load_facts(folder=folder)

    assert caught.value.column == "standard"


def test_protected_names_are_ones_the_catalogue_holds_for_certain():
    load_facts()

    assert GeoMark.objects.count() == 15
    for mark in GeoMark.objects.select_related("crop"):
        status = mark.crop.gi_status
        assert mark.name_zh in status
        assert "未核实" not in status
    assert not GeoMark.objects.filter(crop__key="walnut_dry").exists()


def test_what_a_person_wrote_or_took_away_stays():
    load_facts()
    kept = CropUse.objects.get(crop__key="egg")
    kept.text_zh, kept._history_user = "蒸蛋羹。", UserFactory()
    kept.save()
    gone = CropUse.objects.get(crop__key="chicken")
    gone._history_user = kept._history_user
    gone.delete()

    done = load_facts()

    assert done.kept["cropuse"] == 2
    assert CropUse.objects.get(crop__key="egg").text_zh == "蒸蛋羹。"
    assert not CropUse.objects.filter(crop__key="chicken").exists()
