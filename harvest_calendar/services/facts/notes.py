"""Rows of what buyers read: uses, grades in plain words, and protected names with their county."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from core.loading import Row, rows
from harvest_calendar.models import GeoMarkKind
from harvest_calendar.services.facts.files import CONFIDENCES, Fact, county_of

# Words that would sell food as medicine; the advertising and food laws forbid them.
MEDICAL = (
    "治",
    "疗效",
    "功效",
    "保健",
    "滋补",
    "补气",
    "补血",
    "养生",
    "清热",
    "降压",
    "降糖",
    "抗癌",
)


def use_facts(folder: Path, crops: Mapping[str, int]) -> Iterator[Fact]:
    """crop_uses.csv: how to cook or eat a crop, and who should take care."""
    columns = {"crop_key", "text_zh", "text_en", "caution_zh", "caution_en", "basis", "confidence"}
    for row in rows(folder / "crop_uses.csv", columns=columns, unique=("crop_key",)):
        row.one_of("confidence", CONFIDENCES)
        says = {
            "text_zh": _plain(row, "text_zh"),
            "text_en": row.text("text_en"),
            "caution_zh": _plain(row, "caution_zh", required=False),
            "caution_en": row.text("caution_en", required=False),
            "basis": row.text("basis"),
        }
        yield Fact({"crop_id": crops[row.one_of("crop_key", set(crops))]}, says, row)


def _plain(row: Row, column: str, *, required: bool = True) -> str:
    text = row.text(column, required=required)
    for word in MEDICAL:
        if word in text:
            raise row.fault(column, _("食品不能写“%s”这样的话") % word)
    return text


def grade_note_facts(folder: Path, grades: Mapping[tuple[str, str], int]) -> Iterator[Fact]:
    """grade_notes.csv: what each grade means; the standard is one that crops.csv names."""
    standards = _standards(folder)
    columns = {"crop_key", "grade", "text_zh", "text_en", "standard", "basis", "confidence"}
    for row in rows(folder / "grade_notes.csv", columns=columns, unique=("crop_key", "grade")):
        key = row.text("crop_key")
        if (key, row.text("grade")) not in grades:
            raise row.fault("grade", _("crops.csv 里没有这个等级"))
        row.one_of("confidence", CONFIDENCES)
        says = {
            "text_zh": row.text("text_zh"),
            "text_en": row.text("text_en"),
            "standard": row.one_of("standard", standards.get(key, set()), required=False),
            "basis": row.text("basis"),
        }
        yield Fact({"grade_id": grades[key, row.text("grade")]}, says, row)


def _standards(folder: Path) -> dict[str, set[str]]:
    found = rows(folder / "crops.csv", columns={"key", "standards"})
    return {
        row.text("key"): set(row.text("standards", required=False).split(";")) - {""}
        for row in found
    }


def geo_mark_facts(folder: Path, crops: Mapping[str, int], counties: set[str]) -> Iterator[Fact]:
    """gi_areas.csv: a protected name and a county it covers."""
    columns = {"crop_key", "name_zh", "name_en", "kind", "county_code", "basis", "confidence"}
    unique = ("crop_key", "name_zh", "county_code")
    for row in rows(folder / "gi_areas.csv", columns=columns, unique=unique):
        row.one_of("confidence", CONFIDENCES)
        name = {
            "crop_id": crops[row.one_of("crop_key", set(crops))],
            "name_zh": row.text("name_zh"),
            "county_id": county_of(row, counties),
        }
        says = {
            "name_en": row.text("name_en"),
            "kind": row.one_of("kind", set(GeoMarkKind.values)),
            "basis": row.text("basis"),
        }
        yield Fact(name, says, row)
