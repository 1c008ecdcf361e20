"""Place names in Latin letters, as English maps and the people there have them."""

import csv

import pytest

from core.catalogue import ROOT
from core.latin import place_in_latin


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [
        ("武都区", "Wudu District"),
        ("宕昌县", "Tanchang County"),
        ("成县", "Cheng County"),
        ("西和县", "Xihe County"),
        ("两当县", "Liangdang County"),
        ("云岭镇", "Yunling Town"),
        ("柳家坪村", "Liujiaping Village"),
        ("钟楼滩社区居委会", "Zhongloutan Community"),
        ("甘南藏族自治州", "Gannan Prefecture"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("陕西省", "Shaanxi"),
        ("西安市", "Xi'an"),
        ("沙市区", "Shashi District"),
        ("武都区计划区", "Wudu District Planning Area"),
        ("陇南外运仓", "Longnan Metropolitan Hub"),
        ("云岭镇站", "Yunling Town Station"),
        ("柳家坪山货铺2号", "Liujiaping Mountain Goods No. 2"),
        ("Longnan", "Longnan"),
    ],
)
def test_a_place_is_called_as_maps_call_it(chinese, latin):
    assert place_in_latin(chinese) == latin


def test_every_division_of_china_has_a_latin_name():
    with (ROOT / "shop/data/divisions.csv").open(encoding="utf-8") as file:
        names = {row["name"]: place_in_latin(row["name"]) for row in csv.DictReader(file)}

    plain = {name: latin for name, latin in names.items() if not latin.isascii() or not latin}

    assert plain == {}


def test_the_counties_file_says_what_maps_say():
    with (ROOT / "growers/data/regions.csv").open(encoding="utf-8") as file:
        counties = [row for row in csv.DictReader(file) if row["level"] != "prefecture"]

    assert {row["name_zh"]: row["name_en"] for row in counties} == {
        row["name_zh"]: place_in_latin(row["name_zh"]) for row in counties
    }
