"""Loading the project's own facts: regions, yuan lines, tier rules, words of the register.

All files of a folder are one transaction: a wrong row anywhere leaves everything as it was.
Loading the same files again changes nothing and writes no history.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core.latin import place_in_latin
from core.loading import Row, rows
from core.units import yuan
from growers.models import (
    PovertyLine,
    Region,
    RegionLevel,
    RegistryCode,
    StatusCategory,
    StatusScheme,
    TierRule,
)

M = TypeVar("M", bound=Model)

CONFIDENCES = {"high", "medium", "low", "estimate"}
LEVELS = {
    "prefecture": RegionLevel.CITY,
    "county": RegionLevel.COUNTY,
    "district": RegionLevel.COUNTY,
}
PROVINCE = "620000"
# Longnan with a margin: a point outside is a slip of the keyboard.
LATITUDES = (32, 36)
LONGITUDES = (103, 108)
ALTITUDES_M = (300, 4500)
REGION_COLUMNS = {
    "code",
    "name_zh",
    "pinyin",
    "name_en",
    "level",
    "parent_code",
    "seat_lat",
    "seat_lon",
    "seat_elev_m",
    "elev_confidence",
}


@dataclass(frozen=True)
class Loaded:
    """How many rows of a file are in the database now."""

    file: str
    rows: int


@transaction.atomic
def load_growers_facts(*, folder: Path) -> list[Loaded]:
    """Load the four files of a folder.

    Raises
    ------
    BadRow
        A row is malformed, repeated or out of range; then nothing is saved.
    """
    loaders = [load_regions, load_poverty_lines, load_tier_rules, load_registry_codes]
    return [load(folder=folder) for load in loaders]


@transaction.atomic
def load_regions(*, folder: Path) -> Loaded:
    """The city and its counties."""
    found: dict[str, Region] = {}
    for row in rows(folder / "regions.csv", columns=REGION_COLUMNS, unique=("code",)):
        region = _region(row, known=set(found))
        found[region.code] = region
    save_regions(list(found.values()))
    return Loaded("regions.csv", len(found))


def region_code(row: Row, column: str, *, digits: int) -> str:
    """A statistical code of so many digits, filled up to twelve."""
    raw = row.text(column)
    if len(raw) != digits or not (raw.isascii() and raw.isdigit()):
        text = _("“%(raw)s”不是 %(digits)d 位代码") % {"raw": raw, "digits": digits}
        raise row.fault(column, text)
    return raw.ljust(12, "0")


def _region(row: Row, *, known: set[str]) -> Region:
    level = LEVELS[row.one_of("level", set(LEVELS))]
    code = region_code(row, "code", digits=6)
    return Region(
        code=code,
        level=level,
        parent_id=_parent(row, level=level, code=code, known=known),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en", required=False) or place_in_latin(row.text("name_zh")),
        pinyin=row.text("pinyin", required=False),
        latitude=row.decimal("seat_lat", low=LATITUDES[0], high=LATITUDES[1]),
        longitude=row.decimal("seat_lon", low=LONGITUDES[0], high=LONGITUDES[1]),
        altitude_m=_altitude(row),
    )


def _altitude(row: Row) -> int | None:
    altitude_m = row.optional_whole("seat_elev_m", low=ALTITUDES_M[0], high=ALTITUDES_M[1])
    row.one_of("elev_confidence", CONFIDENCES, required=altitude_m is not None)
    return altitude_m


def _parent(row: Row, *, level: RegionLevel, code: str, known: set[str]) -> str | None:
    if level == RegionLevel.CITY:
        row.one_of("parent_code", {PROVINCE})
        return None
    parent = region_code(row, "parent_code", digits=6)
    if parent not in known or parent[:4] != code[:4]:
        raise row.fault("parent_code", _("前面的行里没有这个上级"))
    return parent


def save_regions(found: list[Region]) -> None:
    """Insert regions or bring them up to date, parents before children."""
    kept = ["level", "parent", "name_zh", "name_en", "pinyin", "latitude", "longitude"]
    Region.objects.bulk_create(
        found,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*kept, "altitude_m"],
    )


@transaction.atomic
def load_poverty_lines(*, folder: Path) -> Loaded:
    """The yuan line by year."""
    columns = {"year", "cny_per_person_year", "note", "source_ids", "confidence"}
    count = 0
    for row in rows(folder / "poverty_line.csv", columns=columns, unique=("year",)):
        facts = {
            "yuan_per_person": yuan(row.decimal("cny_per_person_year", low=500, high=100_000)),
            "note": row.text("note", required=False),
            "source": row.text("source_ids"),
            "confidence": row.one_of("confidence", CONFIDENCES),
        }
        _keep(PovertyLine, {"year": row.whole("year", low=1986, high=2100)}, facts)
        count += 1
    return Loaded("poverty_line.csv", count)


@transaction.atomic
def load_tier_rules(*, folder: Path) -> Loaded:
    """Which category of which scheme is served in which tier; spans never overlap."""
    columns = {"scheme", "category", "tier", "valid_from", "valid_to", "source", "confidence"}
    unique = ("scheme", "category", "valid_from")
    spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
    count = 0
    for row in rows(folder / "tier_rules.csv", columns=columns, unique=unique):
        scheme = row.one_of("scheme", set(StatusScheme.values))
        category = row.one_of("category", set(StatusCategory.values))
        start, end = _span(row)
        _refuse_overlap(row, spans.setdefault((scheme, category), []), start, end)
        row.one_of("confidence", CONFIDENCES)
        facts = {
            "tier": row.whole("tier", low=1, high=3),
            "valid_to": end,
            "source": row.text("source"),
        }
        _keep(TierRule, {"scheme": scheme, "category": category, "valid_from": start}, facts)
        count += 1
    return Loaded("tier_rules.csv", count)


def _span(row: Row) -> tuple[date, date | None]:
    start = row.day("valid_from")
    end = row.day("valid_to") if row.text("valid_to", required=False) else None
    if end is not None and end < start:
        raise row.fault("valid_to", _("结束比开始还早"))
    return start, end


def _refuse_overlap(
    row: Row, spans: list[tuple[date, date]], start: date, end: date | None
) -> None:
    last = end or date.max
    if any(start <= other_end and other_start <= last for other_start, other_end in spans):
        raise row.fault("valid_from", _("和同一类的另一段日子重叠"))
    spans.append((start, last))


@transaction.atomic
def load_registry_codes(*, folder: Path) -> Loaded:
    """Words of the register's lists, in the order of the form."""
    columns = {"list", "key", "zh", "en", "source_ids", "confidence"}
    path = folder / "registry_codes.csv"
    found = [
        RegistryCode(
            list_key=row.text("list"),
            key=row.text("key"),
            name_zh=row.text("zh"),
            name_en=row.text("en"),
            place=row.number,
            source=row.text("source_ids"),
            confidence=row.one_of("confidence", CONFIDENCES),
        )
        for row in rows(path, columns=columns, unique=("list", "key"))
    ]
    RegistryCode.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["list_key", "key"],
        update_fields=["name_zh", "name_en", "place", "source", "confidence"],
    )
    return Loaded("registry_codes.csv", len(found))


def _keep(model: type[M], key: dict[str, Any], facts: dict[str, Any]) -> None:
    """Write a row of a model with history only when it is new or says something else."""
    row = model._default_manager.filter(**key).first() or model(**key)
    if row.pk and all(getattr(row, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
