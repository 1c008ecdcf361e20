"""Provinces, cities and counties of China by GB/T 2260, read once and kept in memory.

A code is two digits for a province, four for a city, six for a county, each the beginning of those
below it. No table and no query: the list changes once a year.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.latin import place_in_latin
from core.words import in_english

FILE = Path(__file__).parent / "data" / "divisions.csv"
DIGITS = {"province": 2, "city": 4, "county": 6}
# Groups that the standard counts as cities though nobody writes them in an address.
NAMELESS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Division:
    """One place."""

    code: str
    name: str

    @property
    def shown(self) -> str:
        """The name in the reader's language; addresses are written with ``name``."""
        return place_in_latin(self.name) if in_english() else self.name

    @property
    def is_nameless(self) -> bool:
        """A group such as 市辖区, left out of a written address."""
        return len(self.code) == DIGITS["city"] and self.name in NAMELESS


@lru_cache(maxsize=1)
def divisions() -> dict[str, Division]:
    """Every place by its code, in the order of the codes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"][: DIGITS[row["level"]]], row["name"]) for row in csv.DictReader(file)]
    return {code: Division(code, name) for code, name in rows}


@lru_cache(maxsize=1)
def _children() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for one in divisions().values():
        found.setdefault(one.code[:-2], []).append(one)
    return {code: tuple(ones) for code, ones in found.items()}


def provinces() -> Sequence[Division]:
    """All provinces, in the order of the standard."""
    return _children()[""]


def parts_of(code: str) -> Sequence[Division]:
    """The cities of a province, or the counties of a city; none when the code is not known."""
    return _children().get(code, ())


def named(code: str) -> str:
    """The name of a place; empty when the code is not known."""
    found = divisions().get(code)
    return found.name if found else ""


def shown_name(code: str) -> str:
    """The name of a place in the reader's language; empty when the code is not known."""
    found = divisions().get(code)
    return found.shown if found else ""


def county_text(code: str) -> str:
    """City and county as an address writes them: ``陇南市 武都区``, ``朝阳区``, ``东莞市``."""
    city, county = divisions().get(code[:4]), divisions().get(code)
    if city is None or county is None:
        return ""
    if city.is_nameless or city.name == county.name:
        return county.name
    return f"{city.name} {county.name}"
