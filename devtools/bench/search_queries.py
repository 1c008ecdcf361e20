"""The list of queries that search is measured by, made by rule from the catalogue's files.

    python -m devtools.bench.search_queries

writes ``tests/shop/search_queries.csv``. The rule, for every crop of ``crops.csv`` but those that
are medicine only (never listed, so never found). *Short name* is the name before its brackets;
*names* are all its parts between brackets and commas that have two characters or more.

name      each of the names
part      every pair of neighbouring characters of the short name, word or not
pinyin    the file's pinyin of the short name, joined and with spaces
initials  its first letters, where there are two syllables or more
sound     the short name with one character replaced by another common one of the same sound
wrong     the short name with one character replaced by any other common one
english   the English name before brackets and commas
variety   each row of ``varieties.csv`` (before brackets)
local     each row of ``crop_names.csv``

*Common* characters are those of level one of GB 2312. Which character is replaced, and by which,
is drawn with a seed from the crop's key; what happens to be a name of the catalogue is drawn again.
"""

import csv
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

BASE = Path(__file__).resolve().parents[2]
FACTS = BASE / "harvest_calendar" / "data"
LIST = BASE / "tests" / "shop" / "search_queries.csv"
HEADER = ["crop_key", "rule", "query"]
SEED = "2026"
_CUT = re.compile(r"[（）、，/()]")
Query = tuple[str, str, str]  # crop key, rule, what is typed


def queries() -> list[Query]:
    """Every query once for each crop and rule, in the order of the catalogue."""
    found = [query for crop in _listed() for query in _queries_of(crop)]
    return list(dict.fromkeys(found))


def _file(name: str) -> list[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def _listed() -> list[dict[str, str]]:
    classes = {row["crop_key"]: row["sale_class"] for row in _file("sale_classes.csv")}
    return [crop for crop in _file("crops.csv") if classes[crop["key"]] != "medicinal_only"]


def _queries_of(crop: dict[str, str]) -> Iterator[Query]:
    key, short = crop["key"], _names(crop["name_zh"])[0]
    typed: list[tuple[str, str]] = [("name", n) for n in _names(crop["name_zh"]) if len(n) > 1]
    typed += [("part", short[i : i + 2]) for i in range(len(short) - 1)]
    typed += _in_letters(crop["pinyin"].split())
    if len(short) > 1:
        typed += [("sound", _spoilt(key, short, _same_sound)), ("wrong", _spoilt(key, short, _any))]
    typed.append(("english", re.split(r"[(,]", crop["name_en"])[0].strip()))
    typed += [("variety", _names(n)[0]) for n in _rows_of("varieties.csv", key, "name_zh")]
    typed += [("local", name) for name in _rows_of("crop_names.csv", key, "name")]
    return ((key, rule, query) for rule, query in typed)


def _names(name: str) -> list[str]:
    return [part for part in _CUT.split(name) if part]


def _in_letters(syllables: list[str]) -> list[tuple[str, str]]:
    typed = [("pinyin", "".join(syllables)), ("pinyin", " ".join(syllables))]
    if len(syllables) > 1:
        typed.append(("initials", "".join(syllable[0] for syllable in syllables)))
    return typed


def _rows_of(file: str, key: str, column: str) -> list[str]:
    return [row[column] for row in _file(file) if row["crop_key"] == key]


@cache
def _common() -> tuple[str, ...]:
    """The 3755 characters of level one of GB 2312, in its order."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return tuple(_decoded(code) for code in codes if _decoded(code))


def _decoded(code: bytes) -> str:
    return code.decode("gb2312", errors="ignore")


@cache
def _sounds() -> dict[str, str]:
    return {char: lazy_pinyin(char)[0] for char in _common()}


def _same_sound(char: str) -> list[str]:
    sound = lazy_pinyin(char)[0]
    return [other for other, its in _sounds().items() if its == sound and other != char]


def _any(char: str) -> list[str]:
    return [other for other in _common() if other != char]


def _spoilt(key: str, short: str, choices: Callable[[str], list[str]]) -> str:
    draw = random.Random(f"{SEED}:{key}:{choices.__name__}")  # a seeded rule
    while True:
        at = draw.randrange(len(short))
        others = choices(short[at])
        if not others:
            continue
        typed = short[:at] + draw.choice(others) + short[at + 1 :]
        if typed not in _taken():
            return typed


@cache
def _taken() -> frozenset[str]:
    names = {n for crop in _file("crops.csv") for n in _names(crop["name_zh"])}
    names |= {row["name_zh"] for row in _file("varieties.csv")}
    return frozenset(names | {row["name"] for row in _file("crop_names.csv")})


def main() -> None:
    """Write the list."""
    with LIST.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([HEADER, *queries()])


if __name__ == "__main__":
    main()
