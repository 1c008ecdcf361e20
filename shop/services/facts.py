"""Loading zones, provinces and rate cards; one wrong row and nothing is saved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from core.loading import Row, rows
from core.units import yuan
from shop.models import Rate, RateCard, Zone, ZoneProvince

# First two digits of GB/T 2260 for the provinces that a carrier here serves.
PROVINCES = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33"}
    | {"34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50"}
    | {"51", "52", "53", "54", "61", "62", "63", "64", "65"}
)
ZONE_COLUMNS = {"key", "name_zh"}
PROVINCE_COLUMNS = {"province_code", "name_zh", "zone"}
RATE_COLUMNS = {
    "card",
    "name_zh",
    "valid_from",
    "zone",
    "first_kg",
    "further_kg",
    "step_g",
    "days_min",
    "days_max",
    "confidence",
}
CONFIDENCES = {"high", "medium", "low", "estimate"}
MOST_YUAN = 1000


@dataclass(frozen=True)
class Loaded:
    """How many rows of a file were read."""

    file: str
    rows: int


@transaction.atomic
def load_shop_facts(*, folder: Path) -> list[Loaded]:
    """Read zones.csv, provinces.csv and rates.csv; loading again changes nothing.

    Raises
    ------
    BadRow
        Naming file, row, column and reason.
    """
    zones = _zones(folder / "zones.csv")
    return [
        Loaded("zones.csv", len(zones)),
        Loaded("provinces.csv", _provinces(folder / "provinces.csv", zones)),
        Loaded("rates.csv", _rates(folder / "rates.csv", zones)),
    ]


def _zones(path: Path) -> dict[str, Zone]:
    found = {}
    for row in rows(path, columns=ZONE_COLUMNS, unique=("key",)):
        facts = {"name_zh": row.text("name_zh")}
        key = row.text("key")
        found[key], _made = Zone.objects.update_or_create(key=key, defaults=facts)
    return found


def _provinces(path: Path, zones: dict[str, Zone]) -> int:
    count = 0
    for row in rows(path, columns=PROVINCE_COLUMNS, unique=("province_code",)):
        code = row.text("province_code")
        if code not in PROVINCES:
            raise row.fault("province_code", _("“%s”不是国标里的省份代码") % code)
        facts = {"zone": _zone_of(row, zones), "name_zh": row.text("name_zh")}
        ZoneProvince.objects.update_or_create(province_code=code, defaults=facts)
        count += 1
    return count


def _zone_of(row: Row, zones: dict[str, Zone]) -> Zone:
    return zones[row.one_of("zone", set(zones))]


def _rates(path: Path, zones: dict[str, Zone]) -> int:
    cards: dict[tuple[str, date], RateCard] = {}
    count = 0
    for row in rows(path, columns=RATE_COLUMNS, unique=("card", "valid_from", "zone")):
        card = _card_of(row, cards)
        facts = _rate_facts(row)
        Rate.objects.update_or_create(card=card, zone=_zone_of(row, zones), defaults=facts)
        count += 1
    return count


def _card_of(row: Row, cards: dict[tuple[str, date], RateCard]) -> RateCard:
    key = (row.text("card"), row.day("valid_from"))
    name = row.text("name_zh")
    facts = {"name_zh": name, "confidence": row.one_of("confidence", CONFIDENCES)}
    if key not in cards:
        cards[key], _made = RateCard.objects.update_or_create(
            key=key[0], valid_from=key[1], defaults=facts
        )
    if cards[key].name_zh != name:
        raise row.fault("name_zh", _("同一张运价表有两个名字"))
    return cards[key]


def _rate_facts(row: Row) -> dict[str, object]:
    least = row.whole("days_min", low=0, high=60)
    if row.whole("days_max", low=0, high=60) < least:
        raise row.fault("days_max", _("最多的天数小于最少的天数"))
    return {
        "first_kg": _money(row, "first_kg"),
        "further_kg": _money(row, "further_kg"),
        "step_g": row.whole("step_g", low=1, high=100_000),
        "days_min": least,
        "days_max": row.whole("days_max", low=0, high=60),
    }


def _money(row: Row, column: str) -> Decimal:
    value = row.decimal(column, low=0, high=MOST_YUAN)
    if value != yuan(value):
        raise row.fault(column, _("钱数最多两位小数"))
    return value
