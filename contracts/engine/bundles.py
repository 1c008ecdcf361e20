"""Limits over several products: a station's week, a product at a station, a shop's week.

Each is a sum over lanes. A shop with a limit becomes a station of its own beside the true one, so
that what it delivers is told apart; ``station_of`` leads back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from contracts.engine.flow import Bools, Ints
from contracts.engine.instance import WEEKS, Instance
from contracts.engine.network import spread, total

STATION_WEEK, STATION_PRODUCT, SHOP_WEEK = range(3)


@dataclass(frozen=True, eq=False)
class Bundles:
    """Which lanes each limit holds (pairs, sorted by limit), its kind and what is left of it."""

    lane: Ints
    bundle: Ints
    kind: Ints
    left_kg: Ints

    def used(self, lane_kg: Ints) -> Ints:
        """What lanes with these amounts take of each limit."""
        return np.bincount(
            self.bundle, lane_kg[self.lane], minlength=len(self.left_kg)
        )  # floats of whole kg or of shares

    def room(self, lane_kg: Ints, lanes: int) -> Ints:
        """What each lane could still take before the first of its limits is full."""
        left = self.left_kg - self.used(lane_kg)
        room = np.full(lanes, np.iinfo(np.int64).max)
        np.minimum.at(room, self.lane, left[self.bundle].astype(np.int64))
        return room


@dataclass(frozen=True, eq=False)
class Split:
    """An instance whose limited shops are stations of their own, and the limits over its lanes."""

    instance: Instance
    bundles: Bundles
    station_of: Ints
    shop_of: Ints

    def with_lanes(self, left_kg: Ints) -> Instance:
        """The instance with these amounts left on its lanes."""
        used = self.instance.lane_signed_kg
        return replace(self.instance, lane_kg=left_kg + used)


def split(instance: Instance) -> Split:
    """Tell limited shops apart and gather every limit over more than one lane."""
    shops = np.flatnonzero(instance.shop_cap_kg >= 0)
    count = len(instance.station_id)
    station_of = np.concatenate([np.arange(count), instance.shop_station[shops]])
    shop_of = np.concatenate([np.full(count, -1, np.int64), shops])
    apart = _apart(instance, shops, station_of)
    return Split(apart, _bundles(instance, apart, station_of, shop_of), station_of, shop_of)


def _apart(instance: Instance, shops: Ints, station_of: Ints) -> Instance:
    count = len(instance.station_id)
    own = np.full(len(instance.shop_cap_kg), -1, np.int64)
    own[shops] = count + np.arange(len(shops))
    mine = own[instance.household_shop]
    home = np.where(mine >= 0, mine, instance.household_station)
    links = _copied(instance.link_station, station_of)
    lanes = _copied(instance.lane_station, station_of)
    lanes = _grown(instance, home, lanes)
    top = int(instance.station_id.max(initial=-1)) + 1
    return replace(
        instance,
        station_id=np.concatenate([instance.station_id, top + np.arange(len(shops))]),
        household_station=home,
        link_station=links[0],
        link_hub=instance.link_hub[links[1]],
        link_cost_fen=instance.link_cost_fen[links[1]],
        lane_station=lanes[0],
        lane_product=instance.lane_product[lanes[1]],
        lane_week=instance.lane_week[lanes[1]],
        lane_kg=instance.lane_kg[lanes[1]],
        lane_named=instance.lane_named[lanes[1]],
    )


def _copied(station: Ints, station_of: Ints) -> tuple[Ints, Ints]:
    """For each station, true ones and shops', the rows of its true station (sorted by station)."""
    start = np.searchsorted(station, station_of)
    return spread(start, np.searchsorted(station, station_of, side="right"))


def _grown(instance: Instance, home: Ints, lanes: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Only lanes of products that somebody of the station grows."""
    products = max(len(instance.product_id), 1)
    grown = home[instance.lot_household] * products + instance.lot_product
    known = np.isin(lanes[0] * products + instance.lane_product[lanes[1]], grown)
    return lanes[0][known], lanes[1][known]


def _bundles(instance: Instance, apart: Instance, station_of: Ints, shop_of: Ints) -> Bundles:
    true = station_of[apart.lane_station]
    week = true * WEEKS + apart.lane_week
    whole = instance.whole_station * WEEKS + instance.whole_week
    lane = instance.key_of_lane(true, apart.lane_product, apart.lane_week)
    known = instance.key_of_lane(instance.lane_station, instance.lane_product, instance.lane_week)
    shop = shop_of[apart.lane_station]
    by_shop = np.where(shop >= 0, shop * WEEKS + apart.lane_week, -1)
    weeks = np.unique(by_shop[by_shop >= 0])
    parts = [
        _part(STATION_WEEK, whole, instance.whole_left_kg, week, np.ones(len(week), bool)),
        _part(STATION_PRODUCT, known, instance.lane_left_kg, lane, apart.lane_named > 0),
        _part(SHOP_WEEK, weeks, _shop_left(instance, weeks), by_shop, shop >= 0),
    ]
    lanes, bundles, kinds, lefts, base = [], [], [], [], 0
    for kind, left, member, row in parts:
        lanes.append(member)
        bundles.append(row + base)
        kinds.append(np.full(len(left), kind, np.int64))
        lefts.append(left)
        base += len(left)
    return Bundles(*(np.concatenate(one) for one in (lanes, bundles, kinds, lefts)))


def _part(
    kind: int, known: Ints, left: Ints, key: Ints, asked: Bools
) -> tuple[int, Ints, Ints, Ints]:
    """Lanes (place) and limits (row) of one kind; lanes without such a limit are left out."""
    member = np.flatnonzero(asked & np.isin(key, known))
    return kind, left, member, np.searchsorted(known, key[member])


def _shop_left(instance: Instance, weeks: Ints) -> Ints:
    """What each limited shop can still deliver in each of ``weeks`` (shop and week in one)."""
    key = instance.lot_shop[instance.signed_lot] * WEEKS + instance.signed_week
    mine = np.isin(key, weeks)
    used = total(np.searchsorted(weeks, key[mine]), instance.signed_kg[mine], len(weeks))
    left: Ints = np.maximum(instance.shop_cap_kg[weeks // WEEKS] - used, 0)
    return left
