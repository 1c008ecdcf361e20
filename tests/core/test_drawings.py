"""Every crop has a drawing that is there, small and well formed."""

import csv
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from core.drawings import (
    DRAWINGS,
    FALLBACK,
    GROUNDS,
    blossom_of,
    drawing_for,
    drawing_name,
    ground_for,
)

STATIC = settings.BASE_DIR / "static"
NAMES = sorted({*DRAWINGS.values(), FALLBACK})
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", NAMES)
def test_drawing_is_small_well_formed_and_named_in_chinese(name):
    path = STATIC / f"img/produce/{name}.svg"

    tree = ET.fromstring(path.read_bytes())  # noqa: S314  # our own file

    assert path.stat().st_size <= 4096
    assert tree.get("viewBox") == "0 0 96 96"
    assert any("\u4e00" <= c <= "\u9fff" for c in tree.findtext(f"{SVG}title", ""))


@pytest.mark.parametrize("name", NAMES)
def test_drawing_needs_nothing_from_outside_and_ids_are_unique(name):
    tree = ET.fromstring((STATIC / f"img/produce/{name}.svg").read_bytes())  # noqa: S314

    ids = [node.get("id") for node in tree.iter() if node.get("id")]

    assert len(ids) == len(set(ids))
    assert not [n for n in tree.iter() if n.tag in {f"{SVG}image", f"{SVG}script", f"{SVG}style"}]


def test_every_crop_has_a_drawing_of_its_own():
    assert len(set(DRAWINGS.values())) == len(DRAWINGS) == 58


def test_no_drawing_lies_about_that_no_crop_uses():
    files = {path.stem for path in (STATIC / "img/produce").glob("*.svg")}

    assert files == set(NAMES)


@pytest.mark.parametrize("crop", DRAWINGS)
def test_every_crop_has_a_blossom_or_waits_in_the_mist(crop):
    assert blossom_of(crop) in {"white", "rose", "gold", "iris", "cream", "leaf", "mist"}


def test_what_never_flowers_shows_no_blossom():
    waiting = {crop for crop in DRAWINGS if blossom_of(crop) == "mist"}

    assert {"egg", "chicken", "cured_pork", "morel", "shiitake"} <= waiting
    assert "huajiao_fresh" not in waiting


def test_every_drawing_has_a_lit_ground():
    assert set(GROUNDS) == set(NAMES)


def test_unknown_crop_gets_the_mountain():
    assert drawing_name("no_such_crop") == FALLBACK
    assert ground_for("no_such_crop").lit == "nut"
    assert drawing_for("huajiao_fresh") == "img/produce/huajiao.svg"


def test_every_crop_of_the_project_data_has_its_own_entry():
    source = settings.BASE_DIR / "harvest_calendar/data/crops.csv"
    if not source.exists():
        assert len(DRAWINGS) == 58
        return
    with source.open(encoding="utf-8", newline="") as rows:
        keys = {row["key"] for row in csv.DictReader(rows)}

    missing = keys - set(DRAWINGS)

    assert missing == set()
