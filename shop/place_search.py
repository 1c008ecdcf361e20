"""Finding province, city and county inside a line of text, wherever they stand in it.

Every start is tried with every reading of what follows; the reading that settles most wins. Part
of a name counts only where its neighbours bear it out: 武都 after 陇南 is the district, 武都路 not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.words import in_english
from shop.divisions import divisions, parts_of
from shop.place_names import Alias, aliases, longest

GAP = re.compile(r"[\s,，、·/|\-—>]{0,4}")
GROUP = re.compile(r"(?:市辖区|自治区直辖县级行政区划|省直辖县级行政区划|省直辖)?")
_MARKET = re.compile("(?<=市)场")
# What makes a short name the beginning of another word.
_ROAD = r"[东南西北中上下老新一二三四五六七八九十]{0,2}(?:路|街|巷|道|弄)"
_OTHER_WORD = re.compile(
    rf"{_ROAD}|大道|大街|大厦|大学|大酒店|小区|广场|花园|新村|宾馆|饭店|镇|乡|村|桥|站|市|县|区|州|省|盟|旗"
)
_PROVINCE, _CITY, _COUNTY = 2, 4, 6


@dataclass(frozen=True)
class Found:
    """Where the place stands in the text and what it is; a code is empty when it is not settled.

    ``could_be`` are the counties meant by a name that several have; that name is left outside.
    """

    start: int
    end: int
    province_code: str = ""
    city_code: str = ""
    county_code: str = ""
    could_be: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, int, int]:
        settled = sum(map(bool, (self.province_code, self.city_code, self.county_code)))
        return settled, self.end - self.start, -self.start


@dataclass(frozen=True)
class _Word:
    alias: Alias | None
    end: int

    @property
    def full(self) -> bool:
        return self.alias is not None and self.alias.full


def find_place(text: str) -> Found | None:
    """The best reading of the text; ``None`` when nothing in it is a place."""
    best: Found | None = None
    for start in range(len(text)):
        for found in _readings(text, start):
            if best is None or found.weight > best.weight:
                best = found
    return _with_repeats(text, best) if best else None


def _with_repeats(text: str, found: Found) -> Found:
    """Forms often hold the place twice: picked, and again at the head of the street line."""
    end = found.end
    while True:
        start = _skip(text, end)
        again = [
            one
            for one in _readings(text, start)
            if one.county_code and one.county_code == found.county_code
        ]
        if not again:
            return Found(
                found.start,
                end,
                found.province_code,
                found.city_code,
                found.county_code,
                found.could_be,
            )
        end = max(one.end for one in again)


def _skip(text: str, at: int) -> int:
    gap = GAP.match(text, at)
    return gap.end() if gap else at


def _words(text: str, at: int, level: int) -> Iterator[_Word]:
    """Every spelling of the level that begins here, and none."""
    table = aliases()[level]
    for size in range(min(longest(level), len(text) - at), 1, -1):
        alias = table.get(text[at : at + size])
        if alias is None or _MARKET.match(text, at + size):
            continue
        if alias.full or not _OTHER_WORD.match(text, at + size):
            yield _Word(alias, at + size)
    yield _Word(None, at)


def _readings(text: str, start: int) -> Iterator[Found]:
    for province in _words(text, start, _PROVINCE):
        at = _after(text, province)
        for city in _words(text, at, _CITY):
            cities = _within(city.alias, province.alias)
            if city.alias and not cities:
                continue
            for county in _words(text, _after(text, city), _COUNTY):
                found = _read(text, start, (province, city, county))
                if found:
                    yield found


def _after(text: str, word: _Word) -> int:
    if word.alias is None:
        return word.end
    group = GROUP.match(text, _skip(text, word.end))
    return _skip(text, group.end()) if group and group.group() else _skip(text, word.end)


def _within(alias: Alias | None, *outer: Alias | None) -> frozenset[str]:
    """The codes of a spelling that lie in what was named before it."""
    codes = alias.codes if alias else frozenset()
    for one in outer:
        if one is not None:
            codes = frozenset(code for code in codes if code.startswith(tuple(one.codes)))
    return codes


def _read(text: str, start: int, words: tuple[_Word, _Word, _Word]) -> Found | None:
    province, city, county = words
    last = next((word for word in reversed(words) if word.alias), None)
    if last is None:
        return None
    if county.alias:
        return _county(start, words)
    if city.alias:
        return _city(start, province, city)
    apart = province.end == len(text) or _skip(text, province.end) > province.end
    if not (province.full or apart):
        return None
    (code,) = province.alias.codes if province.alias else ("",)
    return Found(start, province.end, code)


def _city(start: int, province: _Word, city: _Word) -> Found | None:
    codes = _within(city.alias, province.alias)
    if not (city.full or province.alias):
        return None
    heads = {code[:2] for code in codes}
    if len(heads) != 1:
        return None
    (head,) = heads
    if len(codes) > 1:  # 重庆市 has two groups of counties under it
        return Found(start, city.end, head)
    (code,) = codes
    counties = parts_of(code)
    only = counties[0].code if len(counties) == 1 else ""
    return Found(start, city.end, head, code, only)


def _county(start: int, words: tuple[_Word, _Word, _Word]) -> Found | None:
    province, city, county = words
    codes = _within(county.alias, province.alias, city.alias)
    bare = province.alias is None and city.alias is None
    if not codes or (not county.full and bare) or (bare and not _stands_alone(county)):
        return None
    if len(codes) == 1:
        (code,) = codes
        return Found(start, county.end, code[:2], code[:4], code)
    provinces, cities = {code[:2] for code in codes}, {code[:4] for code in codes}
    settled = next((word.end for word in (city, province) if word.alias), start)
    return Found(
        start,
        settled,
        provinces.pop() if len(provinces) == 1 else "",
        cities.pop() if len(cities) == 1 else "",
        could_be=tuple(sorted(codes)),
    )


def _stands_alone(county: _Word) -> bool:
    """城区, 矿区, 郊区 are words before they are names; 成县 and 文县 are names."""
    if county.alias is None:
        return False
    return len(county.alias.text) > 2 or county.alias.text.endswith("县")


def full_place(code: str) -> str:
    """``甘肃省陇南市武都区`` for a county's code, groups without a name left out."""
    table = divisions()
    ones = [table[code[:n]] for n in (_PROVINCE, _CITY, _COUNTY) if code[:n] in table]
    names = dict.fromkeys(one.shown for one in ones if not one.is_nameless)
    return ", ".join(reversed(names)) if in_english() else "".join(names)
