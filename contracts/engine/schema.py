"""What an instance file may hold: columns, ranges, keys and references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = "allocation-1"
MOST = 2_000_000_000
LINK_KINDS = frozenset({"many_households", "one_village", "many_villages"})


class InstanceError(ValueError):
    """A row that cannot be used. Says file, line (the header is line 1), column and reason."""

    def __init__(self, *, file: str, row: int | None, column: str | None, reason: str) -> None:
        place = [file]
        if row is not None:
            place.append(f"line {row}")
        if column is not None:
            place.append(f"column {column}")
        super().__init__(f"{', '.join(place)}: {reason}")
        self.file = file
        self.row = row
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Stage:
    """Tiers that are served together; with ``up_to``, only to this share of their need for now."""

    tiers: tuple[int, ...]
    up_to: float | None = None


@dataclass(frozen=True)
class Whole:
    """A whole number from ``low`` to ``high``, both allowed."""

    low: int = 0
    high: int = MOST


@dataclass(frozen=True)
class Word:
    """A text that is not empty; one of ``allowed`` when that is given."""

    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """One file: its columns, the columns that name a row, and the files its columns point at."""

    columns: Mapping[str, Whole | Word]
    key: tuple[str, ...]
    points_at: Mapping[str, str]


WEEK = Whole(1, 52)
ID = Whole()
KG = Whole()
POSITIVE = Whole(1)

SHEETS: Mapping[str, Sheet] = {
    "products": Sheet(
        {
            "product_id": ID,
            "crop": Word(),
            "grade": Word(),
            "price_fen": POSITIVE,
            "floor_fen": Whole(),
            "min_lot_kg": Whole(),
        },
        ("product_id",),
        {},
    ),
    "stations": Sheet({"station_id": ID, "county": ID}, ("station_id",), {}),
    "station_hubs": Sheet(
        {"station_id": ID, "hub_id": ID, "cost_fen_per_kg": Whole()},
        ("station_id", "hub_id"),
        {"station_id": "stations"},
    ),
    "station_capacity": Sheet(
        {"station_id": ID, "week": WEEK, "product_id": Whole(-1), "capacity_kg": KG},
        ("station_id", "week", "product_id"),
        {"station_id": "stations", "product_id": "products"},
    ),
    "shops": Sheet(
        {
            "shop_id": ID,
            "station_id": ID,
            "link_kind": Word(LINK_KINDS),
            "weekly_cap_kg": Whole(-1),
        },
        ("shop_id",),
        {"station_id": "stations"},
    ),
    "households": Sheet(
        {"household_id": ID, "tier": Whole(1, 99), "need_fen": POSITIVE, "shop_id": ID},
        ("household_id",),
        {"shop_id": "shops"},
    ),
    "lots": Sheet(
        {
            "lot_id": ID,
            "household_id": ID,
            "product_id": ID,
            "first_week": WEEK,
            "last_week": WEEK,
            "avail_kg": KG,
        },
        ("lot_id",),
        {"household_id": "households", "product_id": "products"},
    ),
    "demand": Sheet(
        {
            "product_id": ID,
            "week": WEEK,
            "hub_id": ID,
            "p20_kg": KG,
            "p50_kg": KG,
            "p80_kg": KG,
        },
        ("product_id", "week", "hub_id"),
        {"product_id": "products"},
    ),
    "signed": Sheet(
        {"lot_id": ID, "week": WEEK, "hub_id": ID, "kg": POSITIVE},
        ("lot_id", "week", "hub_id"),
        {"lot_id": "lots"},
    ),
    "credits": Sheet(
        {"household_id": ID, "credit_fen": POSITIVE},
        ("household_id",),
        {"household_id": "households"},
    ),
}

# Files that may be missing: then nobody has anything there.
OPTIONAL = frozenset({"credits"})

# (file, column, at most column): rows where the first is larger than the second are refused.
ORDERED: tuple[tuple[str, str, str], ...] = (
    ("products", "floor_fen", "price_fen"),
    ("lots", "first_week", "last_week"),
    ("demand", "p20_kg", "p50_kg"),
    ("demand", "p50_kg", "p80_kg"),
)
DEMAND_COLUMNS = frozenset({"p20_kg", "p50_kg", "p80_kg"})
