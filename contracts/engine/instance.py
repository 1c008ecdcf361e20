"""One planning problem: harvests on one side, stations, hubs and demand on the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contracts.engine.checks import all_rising, check_tables, checked_meta
from contracts.engine.schema import SHEETS, Stage

Ints = NDArray[np.int64]
Sheets = dict[str, dict[str, Any]]
Words = NDArray[np.str_]

WEEKS = 64  # more than a year has, so that keys of weeks do not meet
HUBS = 2**31


@dataclass(frozen=True, eq=False)
class Instance:
    """Arrays sorted by id; ``*_station``, ``*_product`` and the like are places in those arrays.

    Mass is whole kg, money whole fen, weeks 1..52 counted from the run's first Monday. ``whole_*``
    are limits of a station over all its products, ``shop_cap_kg`` limits of a shop in a week (-1:
    none); a lane without a row of its own (``lane_named`` 0) takes what such a limit takes.
    Build it with ``from_tables`` (arrays or lists by file and column, as in the file format),
    never by hand: that is where ranges, keys and references are checked.
    """

    name: str
    seed: str
    stages: tuple[Stage, ...]
    product_id: Ints
    crop: Words
    grade: Words
    price_fen: Ints
    floor_fen: Ints
    min_lot_kg: Ints
    station_id: Ints
    link_station: Ints
    link_hub: Ints
    link_cost_fen: Ints
    lane_station: Ints
    lane_product: Ints
    lane_week: Ints
    lane_kg: Ints
    lane_named: Ints
    whole_station: Ints
    whole_week: Ints
    whole_kg: Ints
    shop_station: Ints
    shop_cap_kg: Ints
    household_id: Ints
    tier: Ints
    need_fen: Ints
    credit_fen: Ints
    household_shop: Ints
    household_station: Ints
    lot_id: Ints
    lot_household: Ints
    lot_product: Ints
    lot_first_week: Ints
    lot_last_week: Ints
    lot_kg: Ints
    cell_product: Ints
    cell_week: Ints
    cell_hub: Ints
    cell_kg: Ints
    signed_lot: Ints
    signed_week: Ints
    signed_hub: Ints
    signed_kg: Ints

    @classmethod
    def from_tables(
        cls, meta: Mapping[str, Any], tables: Mapping[str, Mapping[str, Sequence[Any] | Ints]]
    ) -> Instance:
        """Check ``tables`` (file name without ``.csv`` → column → values) and sort them by key.

        Raises
        ------
        InstanceError
            With file, line, column and reason of the first row that cannot be used.
        """
        settings = checked_meta(meta)
        sheets = check_tables(tables, settings)
        sheets = {name: _sorted(sheet, SHEETS[name].key) for name, sheet in sheets.items()}
        return cls(
            name=settings.name,
            seed=settings.seed,
            stages=settings.stages,
            **_places(sheets, demand_column=settings.demand_column),
        )

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides the plan; row order of the input does not matter."""
        sha = hashlib.sha256()
        for field in fields(self):
            if field.name == "name":
                continue
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) and value.dtype.kind == "i":
                sha.update(f"{field.name}={len(value)}\n".encode())
                sha.update(np.ascontiguousarray(value, "<i8").tobytes())
                continue
            plain = value.tolist() if isinstance(value, np.ndarray) else value
            sha.update(f"{field.name}={plain!r}\n".encode())
        return sha.hexdigest()

    @cached_property
    def lot_station(self) -> Ints:
        """The station each lot is delivered to."""
        return self.household_station[self.lot_household]

    @cached_property
    def stage(self) -> Ints:
        """The last stage in which each household is served, 0 first."""
        place = np.zeros(len(self.tier), np.int64)
        for number, stage in enumerate(self.stages):
            place[np.isin(self.tier, stage.tiers)] = number
        return place

    @cached_property
    def signed_income_fen(self) -> Ints:
        """What each household already earns by signed contracts."""
        income = np.zeros(len(self.household_id), np.int64)
        worth = self.signed_kg * self.price_fen[self.lot_product[self.signed_lot]]
        np.add.at(income, self.lot_household[self.signed_lot], worth)
        return income

    @cached_property
    def shift(self) -> int:
        """Whole levels by which all are raised so that nobody begins below nought.

        Who lost a draw before counts with less than it has; the order of levels is what matters.
        """
        return -int((-self.credit_fen // self.need_fen).min(initial=0))

    @cached_property
    def standing_fen(self) -> Ints:
        """What each household counts with: signed income less credit, raised by the shift."""
        return self.signed_income_fen - self.credit_fen + self.shift * self.need_fen

    @cached_property
    def lot_left_kg(self) -> Ints:
        """Harvest of each lot not yet signed away, never below 0."""
        left = self.lot_kg.copy()
        np.subtract.at(left, self.signed_lot, self.signed_kg)
        return np.maximum(left, 0)

    @cached_property
    def lot_has_signed(self) -> NDArray[np.bool_]:
        """Lots with a signed contract: the minimum lot no longer binds them."""
        return np.isin(np.arange(len(self.lot_id)), self.signed_lot)

    @cached_property
    def lot_usable_kg(self) -> Ints:
        """What of each lot can be contracted now: 0 where less than the minimum lot is left."""
        left = self.lot_left_kg
        too_small = (left < self.min_lot_kg[self.lot_product]) & ~self.lot_has_signed
        return np.where(too_small, 0, left)

    @cached_property
    def lane_signed_kg(self) -> Ints:
        """What signed contracts use of each lane."""
        product, station = self.lot_product[self.signed_lot], self.lot_station[self.signed_lot]
        return _sums(
            self.key_of_lane(self.lane_station, self.lane_product, self.lane_week),
            self.key_of_lane(station, product, self.signed_week),
            self.signed_kg,
        )

    @cached_property
    def lane_left_kg(self) -> Ints:
        """What each station can still take of a product in a week."""
        left: Ints = np.maximum(self.lane_kg - self.lane_signed_kg, 0)
        return left

    @cached_property
    def lot_shop(self) -> Ints:
        """The shop each lot goes through."""
        return self.household_shop[self.lot_household]

    @cached_property
    def whole_left_kg(self) -> Ints:
        """What each station can still take in a week over all products."""
        used = _sums(
            self.whole_station * WEEKS + self.whole_week,
            self.lot_station[self.signed_lot] * WEEKS + self.signed_week,
            self.signed_kg,
        )
        left: Ints = np.maximum(self.whole_kg - used, 0)
        return left

    @property
    def is_shared(self) -> bool:
        """Whether some limit holds over several products, so that lanes must be proposed first."""
        return bool(len(self.whole_kg)) or bool((self.shop_cap_kg >= 0).any())

    @cached_property
    def cell_left_kg(self) -> Ints:
        """Demand of each cell not yet signed for."""
        product = self.lot_product[self.signed_lot]
        used = _sums(
            self.key_of_cell(self.cell_product, self.cell_week, self.cell_hub),
            self.key_of_cell(product, self.signed_week, self.signed_hub),
            self.signed_kg,
        )
        left: Ints = np.maximum(self.cell_kg - used, 0)
        return left

    def key_of_lane(self, station: Ints, product: Ints, week: Ints) -> Ints:
        """One number for a station, product and week; lanes are sorted by it."""
        return (station * WEEKS + week) * max(len(self.product_id), 1) + product

    def key_of_cell(self, product: Ints, week: Ints, hub_id: Ints) -> Ints:
        """One number for a product, week and hub; cells are sorted by it."""
        return (product * WEEKS + week) * HUBS + hub_id


def _sorted(sheet: dict[str, Any], key: tuple[str, ...]) -> dict[str, Any]:
    columns = [sheet[column] for column in key]
    if all_rising(columns):
        return sheet
    order = np.lexsort(columns[::-1])
    return {column: values[order] for column, values in sheet.items()}


def _sums(known: Ints, keys: Ints, amount: Ints) -> Ints:
    """Sum ``amount`` by key onto the sorted rows ``known``; keys without a row are left out."""
    if not len(known):
        return np.zeros(0, np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[place] == keys
    return np.bincount(place[found], amount[found], minlength=len(known)).astype(np.int64)


def _places(sheets: Sheets, *, demand_column: str) -> dict[str, Any]:
    """The fields of ``Instance`` from checked and sorted sheets, ids turned into places."""
    return {
        **{name: sheets["products"][name] for name in SHEETS["products"].columns},
        **_stations(sheets),
        **_homes(sheets),
        **_cells(sheets, demand_column),
    }


def _product(sheets: Sheets, ids: Ints) -> Ints:
    return np.searchsorted(sheets["products"]["product_id"], ids)


def _station(sheets: Sheets, ids: Ints) -> Ints:
    return np.searchsorted(sheets["stations"]["station_id"], ids)


def _stations(sheets: Sheets) -> dict[str, Any]:
    links, rows, shops = sheets["station_hubs"], sheets["station_capacity"], sheets["shops"]
    whole = rows["product_id"] < 0
    station = _station(sheets, rows["station_id"])
    named = station[~whole], rows["week"][~whole], _product(sheets, rows["product_id"][~whole])
    over = station[whole], rows["week"][whole], rows["capacity_kg"][whole]
    return {
        "station_id": sheets["stations"]["station_id"],
        "link_station": _station(sheets, links["station_id"]),
        "link_hub": links["hub_id"],
        "link_cost_fen": links["cost_fen_per_kg"],
        **_lanes(sheets, named, rows["capacity_kg"][~whole], over),
        "whole_station": over[0],
        "whole_week": over[1],
        "whole_kg": over[2],
        "shop_station": _station(sheets, shops["station_id"]),
        "shop_cap_kg": shops["weekly_cap_kg"],
    }


def _lanes(
    sheets: Sheets, named: tuple[Ints, Ints, Ints], kg: Ints, over: tuple[Ints, Ints, Ints]
) -> dict[str, Any]:
    """Lanes with a row of their own, and those that a limit over all products implies.

    A product that has rows of its own at a station is closed there in weeks without one.
    """
    homes = _homes(sheets)
    products = max(len(sheets["products"]["product_id"]), 1)
    grown = homes["household_station"][homes["lot_household"]] * products + homes["lot_product"]
    grown = np.setdiff1d(grown, named[0] * products + named[2])
    first = np.searchsorted(grown // products, over[0])
    count = np.searchsorted(grown // products, over[0], side="right") - first
    row = np.repeat(np.arange(len(over[0])), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
    implied = over[0][row], over[1][row], grown[place] % products
    station, week, product = (np.concatenate(pair) for pair in zip(named, implied, strict=True))
    order = np.lexsort([product, week, station])
    return {
        "lane_station": station[order],
        "lane_product": product[order],
        "lane_week": week[order],
        "lane_kg": np.concatenate([kg, over[2][row]])[order],
        "lane_named": (order < len(kg)).astype(np.int64),
    }


def _homes(sheets: Sheets) -> dict[str, Any]:
    homes, lots, shops = sheets["households"], sheets["lots"], sheets["shops"]
    shop_of = np.searchsorted(shops["shop_id"], homes["shop_id"])
    return {
        "household_id": homes["household_id"],
        "tier": homes["tier"],
        "need_fen": homes["need_fen"],
        "credit_fen": _credit(sheets),
        "household_shop": shop_of,
        "household_station": _station(sheets, shops["station_id"])[shop_of],
        "lot_id": lots["lot_id"],
        "lot_household": np.searchsorted(homes["household_id"], lots["household_id"]),
        "lot_product": _product(sheets, lots["product_id"]),
        "lot_first_week": lots["first_week"],
        "lot_last_week": lots["last_week"],
        "lot_kg": lots["avail_kg"],
    }


def _credit(sheets: Sheets) -> Ints:
    """What each household missed by draws that it lost in rounds before."""
    homes, credits_ = sheets["households"]["household_id"], sheets["credits"]
    credit = np.zeros(len(homes), np.int64)
    credit[np.searchsorted(homes, credits_["household_id"])] = credits_["credit_fen"]
    return credit


def _cells(sheets: Sheets, demand_column: str) -> dict[str, Any]:
    cells, signed = sheets["demand"], sheets["signed"]
    return {
        "cell_product": _product(sheets, cells["product_id"]),
        "cell_week": cells["week"],
        "cell_hub": cells["hub_id"],
        "cell_kg": cells[demand_column],
        "signed_lot": np.searchsorted(sheets["lots"]["lot_id"], signed["lot_id"]),
        "signed_week": signed["week"],
        "signed_hub": signed["hub_id"],
        "signed_kg": signed["kg"],
    }
