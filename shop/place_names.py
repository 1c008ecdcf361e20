"""How people write a division: ``甘肃省`` and ``甘肃``, ``临夏回族自治州`` and ``临夏州``."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from shop.divisions import Division, divisions

# Peoples that stand inside names of autonomous places; those of one character need 族 after them.
_LONG = (
    "蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|"
    "锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_SHORT = "回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各"
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{_LONG})族?|(?:{_SHORT})族)+自治(州|县|旗)$")
_PLAIN_AUTONOMOUS = re.compile(r"^(.{2,}?)族?自治(州|县|旗)$")
_PROVINCE = re.compile(r"^(.+?)(省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
_CITY = re.compile(r"^(.{2,})(市|地区|盟)$")
_COUNTY = re.compile(r"^(.{2,})(区|县|市|旗)$")
# A county became a city, a city a district; people go on writing what it was.
_WAS = {"区": ("县", "市"), "市": ("县",)}


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling and the places it may mean; ``full`` is the name of the standard."""

    text: str
    codes: frozenset[str]
    full: bool


def _province_words(name: str) -> set[str]:
    found = _PROVINCE.match(name)
    if not found:
        return set()
    stem, ending = found.groups()
    words = {stem}
    if ending.endswith("自治区"):
        words |= {f"{stem}省", f"{stem}自治区"}
    return words


def _city_words(name: str) -> set[str]:
    found = _AUTONOMOUS.match(name) or _PLAIN_AUTONOMOUS.match(name)
    if found:
        return {found[1], f"{found[1]}州"}
    found = _CITY.match(name)
    return {found[1]} if found else set()


def _county_words(name: str) -> set[str]:
    found = _AUTONOMOUS.match(name) or _PLAIN_AUTONOMOUS.match(name)
    if found:
        return {found[1], f"{found[1]}{found[2]}"}
    found = _COUNTY.match(name)
    if not found:
        return set()
    stem, ending = found.groups()
    return {stem, *(f"{stem}{was}" for was in _WAS.get(ending, ()))}


_WORDS = {2: _province_words, 4: _city_words, 6: _county_words}


def _names_of(one: Division) -> tuple[str, set[str]]:
    """The full name and the other spellings; a municipality's city is called like its province."""
    if one.is_nameless:
        province = divisions()[one.code[:2]].name
        return (province, {province[:-1]}) if province.endswith("市") else ("", set())
    return one.name, _WORDS[len(one.code)](one.name)


@lru_cache(maxsize=1)
def aliases() -> dict[int, dict[str, Alias]]:
    """Spellings by level (2, 4, 6 digits); a full name is never hidden by a shorter one."""
    full: dict[int, dict[str, set[str]]] = {n: defaultdict(set) for n in (2, 4, 6)}
    other: dict[int, dict[str, set[str]]] = {n: defaultdict(set) for n in (2, 4, 6)}
    for one in divisions().values():
        name, words = _names_of(one)
        if name:
            full[len(one.code)][name].add(one.code)
        for word in words:
            other[len(one.code)][word].add(one.code)
    table: dict[int, dict[str, Alias]] = {}
    for level in (2, 4, 6):
        table[level] = {
            word: Alias(word, frozenset(codes), full=False) for word, codes in other[level].items()
        }
        for word, codes in full[level].items():
            around = tuple(code[:4] for code in codes)  # 伊宁市 was once 伊宁县; beside it is one
            also = {c for c in other[level].get(word, set()) if not c.startswith(around)}
            table[level][word] = Alias(word, frozenset(codes | also), full=True)
    return table


@lru_cache(maxsize=3)
def longest(level: int) -> int:
    """Characters of the longest spelling of a level."""
    return max(map(len, aliases()[level]))
