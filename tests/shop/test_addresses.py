"""Pasted addresses: a table made by rule over real counties, hard cases, and a round trip."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.divisions import Division, county_text, divisions, named, parts_of, provinces
from shop.pasted import MOST_CHARACTERS, Pasted, read_pasted
from shop.place_search import full_place

NAMES = [
    *("张三", "李小满", "欧阳海棠", "王桂花", "阿依古丽·买买提", "司马青", "赵女士"),
    "John Smith",
]
STREETS = [
    "城关镇人民路1号",
    "东江镇滨江小区3号楼2单元501室",
    "解放街道文化巷12号",
    "Tower B 12F, 88 Road",
    "安化镇上坪村三组",
    "学院南路199号菜鸟驿站",
]
# Every way people put the three together; {p} place, {s} street, {n} name, {m} mobile.
LAYOUTS = [
    "{n} {m} {p}{s}",
    "{n}，{m}，{p}{s}",
    "{m} {n} {p} {s}",
    "{p}{s} {n} {m}",
    "{p}{s}，{m}，{n}",
    "{n}\n{m}\n{p}\n{s}",
    "收货人: {n}\n手机号码: {m}\n所在地区: {p}\n详细地址: {s}",
    "地址：{p}{s}\n联系人：{n}\n电话：{m}",
    "{n}{m}{p}{s}",
    "{p} {p}{s} {n} {m}",
]
MOBILES = [
    "13800138000",
    "138 0013 8000",
    "+86 13800138000",
    "138-0013-8000",
    "１３８００１３８０００",
]
COUNTIES = [code for code in divisions() if len(code) == 6]
HAN_NAMES = [name for name in NAMES if not name.isascii()]


def place(code: str, *, gap: str = "") -> str:
    """A county written in full with something between its parts, groups left out."""
    ones = [divisions()[code[:n]] for n in (2, 4, 6)]
    return gap.join(dict.fromkeys(one.name for one in ones if not one.is_nameless))


def _made(count: int) -> list[tuple[str, str, str, str]]:
    """Text, name, county code and street, spread evenly over the country."""
    rows = []
    for n in range(count):
        code = COUNTIES[(n * 997) % len(COUNTIES)]
        layout = LAYOUTS[n % len(LAYOUTS)]
        name = NAMES[n % len(NAMES)] if "{n}{m}" not in layout else HAN_NAMES[n % len(HAN_NAMES)]
        street = STREETS[(n * 5) % len(STREETS)]
        text = layout.format(
            n=name, m=MOBILES[n % len(MOBILES)], p=place(code, gap=" " * (n % 2)), s=street
        )
        rows.append((text, name, code, street))
    return rows


@pytest.mark.parametrize(("text", "name", "code", "street"), _made(80))
def test_whole_addresses_are_read_in_any_order(text, name, code, street):
    found = read_pasted(text)

    assert (found.name, found.mobile) == (name, "13800138000")
    assert (found.province_code, found.county_code) == (code[:2], code)
    assert found.address == street


@pytest.mark.parametrize(
    ("text", "code", "street"),
    [
        ("武都区城关镇人民路1号", "621202", "城关镇人民路1号"),
        ("成县城关镇东街3号", "621221", "城关镇东街3号"),
        ("甘肃陇南武都城关镇", "621202", "城关镇"),
        ("陇南武都区城关镇", "621202", "城关镇"),
        ("陇南市武都区城关镇", "621202", "城关镇"),
        ("甘肃省武都区城关镇", "621202", "城关镇"),
        ("甘肃省，陇南市，武都区，城关镇", "621202", "城关镇"),
        ("北京市朝阳区建国路88号", "110105", "建国路88号"),
        ("北京朝阳区建国路88号", "110105", "建国路88号"),
        ("北京市北京市朝阳区建国路88号", "110105", "建国路88号"),
        ("北京市市辖区朝阳区建国路88号", "110105", "建国路88号"),
        ("重庆市城口县葛城街道", "500229", "葛城街道"),
        ("重庆市渝中区解放碑", "500103", "解放碑"),
        ("吉林省吉林市船营区解放路", "220204", "解放路"),
        ("吉林市船营区解放路", "220204", "解放路"),
        ("湖北省仙桃市沙嘴街道", "429004", "沙嘴街道"),
        ("湖北省省直辖县级行政区划仙桃市沙嘴街道", "429004", "沙嘴街道"),
        ("广东省东莞市虎门镇", "441900", "虎门镇"),
        ("甘肃省临夏回族自治州东乡族自治县锁南镇", "622926", "锁南镇"),
        ("甘肃临夏州东乡县锁南镇", "622926", "锁南镇"),
        ("广西桂林市龙胜县龙脊镇", "450328", "龙脊镇"),
        ("内蒙古自治区呼和浩特市新城区海东路", "150102", "海东路"),
        ("新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县爱新色里镇", "654022", "爱新色里镇"),
        ("宁夏银川兴庆区解放西街", "640104", "解放西街"),
        ("青岛市即墨市鹤山路", "370215", "鹤山路"),  # a city then, a district now
        ("上海市浦东新区甘肃路3号", "310115", "甘肃路3号"),
        ("上海市黄浦区武都路北京大厦", "310101", "武都路北京大厦"),
    ],
)
def test_places_as_people_shorten_them(text, code, street):
    found = read_pasted(text)

    assert (found.county_code, found.address) == (code, street)


@pytest.mark.parametrize(
    ("text", "province", "city", "street"),
    [
        ("甘肃省陇南市城关镇1号", "62", "6212", "城关镇1号"),
        ("甘肃省 人民路1号", "62", "", "人民路1号"),
        ("人民路1号", "", "", "人民路1号"),
        ("陇南路3号", "", "", "陇南路3号"),
        ("香港特别行政区九龙弥敦道1号", "81", "", "九龙弥敦道1号"),
        ("台湾省台北市忠孝东路", "71", "", "台北市忠孝东路"),
        ("城区老街3号", "", "", "城区老街3号"),
    ],
)
def test_what_is_not_said_is_not_guessed(text, province, city, street):
    found = read_pasted(text)

    assert (found.province_code, found.city_code, found.county_code) == (province, city, "")
    assert found.address == street


@pytest.mark.parametrize(
    ("text", "province", "could_be", "street"),
    [
        ("朝阳区建国路88号", "", ("110105", "220104"), "朝阳区建国路88号"),
        ("河北省新华区某路1号", "13", ("130105", "130902"), "新华区某路1号"),
    ],
)
def test_a_name_that_several_have_is_left_to_the_person(text, province, could_be, street):
    found = read_pasted(text)

    assert (found.province_code, found.county_code) == (province, "")
    assert (found.could_be, found.address) == (could_be, street)


@pytest.mark.parametrize(
    ("text", "name", "street"),
    [
        ("甘肃省陇南市武都区城关镇人民路1号张三13800138000", "张三", "城关镇人民路1号"),
        ("13800138000甘肃省陇南市武都区城关镇人民路1号张三", "张三", "城关镇人民路1号"),
        ("王女士（收）13800138000武都区城关镇", "王女士", "城关镇"),
        ("李四收 13800138000 武都区城关镇", "李四", "城关镇"),
        ("13800138000 武都区安化镇上坪村", "", "安化镇上坪村"),
        ("张三 13800138000 13900139000 武都区城关镇", "张三", "13900139000 城关镇"),
        ("张三 13800138000 武都区城关镇 0939-8212345", "张三", "城关镇 0939-8212345"),
        ("张三 13800138000 武都区城关镇 邮编746000", "张三", "城关镇 邮编746000"),
    ],
)
def test_names_are_told_from_streets(text, name, street):
    found = read_pasted(text)

    assert (found.name, found.mobile, found.county_code) == (name, "13800138000", "621202")
    assert found.address == street


def test_a_masked_number_is_no_number():
    found = read_pasted("张三 138****8000 甘肃省陇南市武都区城关镇")

    assert found.mobile == ""
    assert "138****8000" in found.address


def test_nothing_pasted_is_nothing_read():
    assert read_pasted(" \n ，") == Pasted()


names = st.sampled_from(HAN_NAMES)
counties = st.sampled_from(COUNTIES)
layouts = st.sampled_from(LAYOUTS)
mobiles = st.sampled_from(MOBILES)
gaps = st.sampled_from(["", " "])
streets = st.builds(
    "{}{}{}号".format,
    st.sampled_from(["城关镇", "", "滨江街道", "高桥镇李家湾村"]),
    st.sampled_from(["人民路", "东街", "北山巷", "甘肃路"]),
    st.integers(1, 9999),
)


@settings(max_examples=300, deadline=None)
@given(names, counties, layouts, streets, st.tuples(mobiles, gaps))
def test_every_county_is_read_back(name, code, layout, street, rest):
    mobile, gap = rest
    text = layout.format(n=name, m=mobile, p=place(code, gap=gap), s=street)

    found = read_pasted(text)

    assert (found.name, found.mobile) == (name, "13800138000")
    assert (found.county_code, found.address) == (code, street)


def _counted(text: str) -> str:
    """What counts as something typed: letters, figures, characters; sorted."""
    return "".join(sorted(re.sub(r"[\W_]", "", text)))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("张三甘肃省陇南市武都区朝阳北京路1380号室 ，\n。abZ"), max_size=80))
def test_nothing_typed_is_lost(text):
    found = read_pasted(text)

    said = full_place(found.county_code or found.city_code or found.province_code)
    kept = found.name + found.mobile + found.address
    missing = [
        one for one in set(_counted(text)) if one not in kept + said and one not in "收市辖区省"
    ]
    assert missing == []
    if not (found.name or found.mobile or said):
        assert _counted(found.address) == _counted(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_no_text_is_too_strange(text):
    found = read_pasted(text)

    assert "\x00" not in found.address
    assert "\u202e" not in found.address + found.name
    assert len(found.address) <= MOST_CHARACTERS


def test_divisions_hang_together():
    ones = list(divisions().values())

    assert len(ones) > 3300
    assert [one for one in ones if len(one.code) > 2 and one.code[:-2] not in divisions()] == []
    assert len(provinces()) == 34
    assert [one.name for one in parts_of("71")] == []
    assert Division("62", "甘肃省") in provinces()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("621202", "陇南市 武都区"),
        ("110105", "朝阳区"),
        ("429004", "仙桃市"),
        ("441900", "东莞市"),
        ("999999", ""),
    ],
)
def test_city_and_county_in_words(code, text):
    assert county_text(code) == text


def test_unknown_codes_have_no_name():
    assert (named("62"), named("99"), named("")) == ("甘肃省", "", "")


def test_every_county_written_whole_is_found_without_chance() -> None:
    """Not a sample: names that lie inside others (宁县 in 伊宁县) hide among three thousand."""
    known = divisions()
    missed = []
    for code, county in known.items():
        if len(code) != 6 or code[:2] in {"71", "81", "82"} or county.is_nameless:
            continue
        city = known.get(code[:4])
        between = "" if city is None or city.is_nameless else city.name
        text = f"张三 13800138000 {known[code[:2]].name}{between}{county.name}城关镇人民路1号"
        if read_pasted(text).county_code != code:
            missed.append(text)

    assert missed == []
