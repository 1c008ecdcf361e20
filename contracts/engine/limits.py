"""What is full in a plan: for each lot group the station weeks or hub weeks that stop it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from contracts.engine.bundles import SHOP_WEEK, Bundles
from contracts.engine.flow import Bools, Ints
from contracts.engine.instance import Instance
from contracts.engine.network import Network, spread, total
from contracts.engine.routing import Rows

NO_ROUTE, STATION, DEMAND, OPEN, SHOP = range(5)


@dataclass(frozen=True, eq=False)
class Gauge:
    """Limits of one kind (lanes or cells), what the plan's rows use of each, and by whom."""

    left_kg: Ints
    used_kg: Ints
    rows: Ints
    of_row: Ints

    @classmethod
    def of(cls, known: Ints, left_kg: Ints, keys: Ints, kg: Ints) -> Gauge:
        """Measure rows with ``keys`` and ``kg`` against limits with the sorted keys ``known``."""
        place = np.searchsorted(known, keys)
        size = len(known)
        return cls(left_kg, total(place, kg, size), np.bincount(place, minlength=size), place)

    @cached_property
    def full(self) -> Bools:
        """Limits used up to one kilogram a row."""
        return self.used_kg >= self.left_kg - self.rows

    def latest(self, stage: Ints) -> Ints:
        """The last stage that has a row through each limit; -1 where there is none."""
        last = np.full(len(self.left_kg), -1, np.int64)
        np.maximum.at(last, self.of_row, stage)
        return last


@dataclass(frozen=True, eq=False)
class LaneGauge:
    """Lanes measured: by lane the limit that counts, whether it is full, whether it is a shop's."""

    limits: Gauge
    limit: Ints
    full: Bools
    of_shop: Bools
    row: Ints

    @classmethod
    def of(cls, lanes: Gauge, bundles: Bundles | None) -> LaneGauge:
        """Of the limits of each lane the first that is full; without ``bundles`` its own."""
        size = len(lanes.left_kg)
        if bundles is None:
            nobody = np.zeros(size, bool)
            own = np.arange(size)
            return cls(lanes, own, lanes.full, nobody, np.arange(len(lanes.of_row)))
        order = np.argsort(bundles.lane, kind="stable")
        start = np.searchsorted(bundles.lane[order], lanes.of_row)
        stop = np.searchsorted(bundles.lane[order], lanes.of_row, side="right")
        row, pair = spread(start, stop)
        place = bundles.bundle[order][pair]
        used = bundles.used(lanes.used_kg).astype(np.int64)
        rows = np.bincount(place, minlength=len(used))
        limits = Gauge(bundles.left_kg, used, rows, place)
        full = limits.full[bundles.bundle]
        first = np.full(size, len(used))
        np.minimum.at(first, bundles.lane[full], bundles.bundle[full])
        known = first < len(used)
        kind = np.append(bundles.kind, -1)[first]
        return cls(limits, np.where(known, first, 0), known, kind == SHOP_WEEK, row)

    @property
    def left_kg(self) -> Ints:
        return np.append(self.limits.left_kg, 0)[self.limit]

    def latest(self, stage: Ints) -> Ints:
        """The last stage that has a row through each lane's limit."""
        last = self.limits.latest(stage[self.row])
        return np.append(last, -1)[self.limit]


@dataclass(frozen=True, eq=False)
class Limits:
    """By group: the kind of limit, the weeks, the hub (place of link, or -1), what it takes.

    ``latest_stage`` is the last stage that sells through the named limit.
    """

    kind: Ints
    first_week: Ints
    last_week: Ints
    hub: Ints
    limit_kg: Ints
    latest_stage: Ints


@dataclass(frozen=True, eq=False)
class Gauges:
    """The lanes and the cells of an instance, measured."""

    lanes: LaneGauge
    cells: Gauge

    @classmethod
    def of(cls, instance: Instance, rows: Rows, bundles: Bundles | None) -> Gauges:
        product, station = instance.lot_product[rows.lot], instance.lot_station[rows.lot]
        lanes = instance.key_of_lane(
            instance.lane_station, instance.lane_product, instance.lane_week
        )
        cells = instance.key_of_cell(instance.cell_product, instance.cell_week, instance.cell_hub)
        lane = instance.key_of_lane(station, product, rows.week)
        cell = instance.key_of_cell(product, rows.week, rows.hub)
        return cls(
            LaneGauge.of(Gauge.of(lanes, instance.lane_left_kg, lane, rows.kg), bundles),
            Gauge.of(cells, instance.cell_left_kg, cell, rows.kg),
        )


@dataclass(frozen=True, eq=False)
class _Weeks:
    """Every week of every group's window with its lane, and its cells by link (-1: none)."""

    group: Ints
    week: Ints
    lane: Ints
    link_of: Ints
    link: Ints
    cell: Ints

    @classmethod
    def of(cls, network: Network) -> _Weeks:
        instance = network.instance
        group, week = spread(network.group_first_week, network.group_last_week + 1)
        station, product = network.group_station[group], network.group_product[group]
        lanes = instance.key_of_lane(
            instance.lane_station, instance.lane_product, instance.lane_week
        )
        cells = instance.key_of_cell(instance.cell_product, instance.cell_week, instance.cell_hub)
        first = np.searchsorted(instance.link_station, station)
        link_of, link = spread(first, np.searchsorted(instance.link_station, station, side="right"))
        wanted = instance.key_of_cell(product[link_of], week[link_of], instance.link_hub[link])
        cell = _places(cells, wanted)
        cell[(cell >= 0) & (np.append(instance.cell_kg, 0)[cell] == 0)] = -1
        lane = _places(lanes, instance.key_of_lane(station, product, week))
        lane[(lane >= 0) & (np.append(instance.lane_kg, 0)[lane] == 0)] = -1
        return cls(group, week, lane, link_of, link, cell)


def _places(known: Ints, keys: Ints) -> Ints:
    if not len(known):
        return np.full(len(keys), -1, np.int64)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, place, -1)


def full_limits(network: Network, rows: Rows, bundles: Bundles | None = None) -> Limits:
    """The limit that stops each group in the plan ``rows``: the kind with more weeks.

    With ``bundles`` the limits of the lanes are those, not the lanes' own.
    """
    instance, weeks = network.instance, _Weeks.of(network)
    gauges = Gauges.of(instance, rows, bundles)
    at_lane, at_hubs, routed = _stopped(gauges, weeks)
    of_shop = np.append(gauges.lanes.of_shop, False)[weeks.lane]
    by_kind = {STATION: at_lane & ~of_shop, SHOP: at_lane & of_shop, DEMAND: at_hubs}
    kind = _kind(len(network.group_station), weeks, by_kind, routed)
    hub, cell = _busiest_hub(network, weeks, at_hubs & (kind[weeks.group] == DEMAND))
    at_station = by_kind[STATION] & (kind[weeks.group] == STATION)
    at_station |= by_kind[SHOP] & (kind[weeks.group] == SHOP)
    stage = instance.stage[instance.lot_household[rows.lot]]
    left, last = (
        _picked(lanes, weeks.lane, cells, cell, at_station)
        for lanes, cells in (
            (gauges.lanes.left_kg, gauges.cells.left_kg),
            (gauges.lanes.latest(stage), gauges.cells.latest(stage)),
        )
    )
    none = np.full(len(kind), -1, np.int64)
    found = Limits(kind, none, none.copy(), hub, np.zeros_like(none), none.copy())
    return _over_runs(found, weeks, at_station | (cell >= 0), left, last)


def _stopped(gauges: Gauges, weeks: _Weeks) -> tuple[Bools, Bools, Bools]:
    """By week whether the lane is full; else all its cells; and whether there is a way at all."""
    size = len(weeks.group)
    linked = weeks.cell >= 0
    routed = np.bincount(weeks.link_of[linked], minlength=size) > 0
    routed &= weeks.lane >= 0
    at_station = routed & np.append(gauges.lanes.full, False)[weeks.lane]
    roomy = np.zeros(size, bool)
    roomy[weeks.link_of[linked & ~np.append(gauges.cells.full, False)[weeks.cell]]] = True
    return at_station, routed & ~at_station & ~roomy, routed


def _kind(groups: int, weeks: _Weeks, by_kind: dict[int, Bools], routed: Bools) -> Ints:
    """By group the kind that stops it in most weeks; the first of equals."""
    count = np.array([np.bincount(weeks.group[one], minlength=groups) for one in by_kind.values()])
    kind = np.array(list(by_kind))[count.argmax(axis=0)]
    kind[count.sum(axis=0) == 0] = OPEN
    kind[np.bincount(weeks.group[routed], minlength=groups) == 0] = NO_ROUTE
    return np.asarray(kind, np.int64)


def _picked(lanes: Ints, lane: Ints, cells: Ints, cell: Ints, at_station: Bools) -> Ints:
    """By week the value of its lane or of its named cell."""
    lanes, cells = np.append(lanes, 0), np.append(cells, 0)
    return np.where(at_station, lanes[lane], cells[cell])


def _busiest_hub(network: Network, weeks: _Weeks, at_hubs: Bools) -> tuple[Ints, Ints]:
    """By group the link of the hub that takes most in those weeks; by week its cell, or -1."""
    groups, links = len(network.group_station), len(network.instance.link_hub)
    rows = np.flatnonzero((weeks.cell >= 0) & at_hubs[weeks.link_of])
    key = weeks.group[weeks.link_of[rows]] * max(links, 1) + weeks.link[rows]
    known, of = np.unique(key, return_inverse=True)
    kg = total(of, network.instance.cell_left_kg[weeks.cell[rows]], len(known))
    order = np.lexsort([known, -kg, known // max(links, 1)])
    group, first = np.unique(known[order] // max(links, 1), return_index=True)
    hub = np.full(groups, -1, np.int64)
    hub[group] = known[order][first] % max(links, 1)
    named = np.full(len(weeks.group), -1, np.int64)
    mine = rows[weeks.link[rows] == hub[weeks.group[weeks.link_of[rows]]]]
    named[weeks.link_of[mine]] = weeks.cell[mine]
    return hub, named


def _over_runs(found: Limits, weeks: _Weeks, stops: Bools, left: Ints, last: Ints) -> Limits:
    """Name the longest run of weeks that stop each group, the first of equals."""
    rows = np.flatnonzero(stops)
    group, week = weeks.group[rows], weeks.week[rows]
    new = (np.diff(group, prepend=-1) != 0) | (np.diff(week, prepend=-1) != 1)
    start = np.flatnonzero(new)
    size = np.diff(np.append(start, len(rows)))
    order = np.lexsort([start, -size, group[start]])
    owner, best = np.unique(group[start][order], return_index=True)
    best = order[best]
    if len(rows):
        found.first_week[owner] = week[start[best]]
        found.last_week[owner] = week[start[best]] + size[best] - 1
        found.limit_kg[owner] = np.add.reduceat(left[rows], start)[best]
        found.latest_stage[owner] = np.maximum.reduceat(last[rows], start)[best]
    return found
