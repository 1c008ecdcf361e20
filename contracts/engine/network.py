"""An instance as a network that carries fen: household → lot → group → lane → hub cell.

A group holds the lots that are alike in station, product and window. A lane is what a station can
take of a product in a week and is two nodes, so that its limit is an arc. With one price per
product every limit is a capacity in fen, so a household with several crops stays one node.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from contracts.engine.instance import Instance, Ints

WEEKS = 64


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs as arrays. Nodes are numbered households, lots, groups, lane entries, lane exits, cells.

    ``lot`` says which lot of the instance stands at each lot node, ``group`` its group; ``lane``
    and ``cell`` point into the instance's lanes and cells, of which only open ones are nodes.
    """

    instance: Instance
    lot: Ints
    group: Ints
    group_station: Ints
    group_product: Ints
    group_first_week: Ints
    group_last_week: Ints
    lane: Ints
    cell: Ints
    use_group: Ints
    use_lane: Ints
    link_lane: Ints
    link_cell: Ints
    link_cost_fen: Ints

    @cached_property
    def first(self) -> dict[str, int]:
        """The number of the first node of each kind, and of all nodes under ``end``."""
        counts = {
            "household": len(self.instance.household_id),
            "lot": len(self.lot),
            "group": len(self.group_station),
            "entry": len(self.lane),
            "exit": len(self.lane),
            "cell": len(self.cell),
        }
        starts = np.concatenate([[0], np.cumsum(list(counts.values()))]).tolist()
        return dict(zip([*counts, "end"], starts, strict=True))

    @cached_property
    def tail(self) -> Ints:
        first, home = self.first, self.instance.lot_household[self.lot]
        return np.concatenate(
            [
                home,
                first["lot"] + np.arange(len(self.lot)),
                first["group"] + self.use_group,
                first["entry"] + np.arange(len(self.lane)),
                first["exit"] + self.link_lane,
            ]
        )

    @cached_property
    def head(self) -> Ints:
        first = self.first
        return np.concatenate(
            [
                first["lot"] + np.arange(len(self.lot)),
                first["group"] + self.group,
                first["entry"] + self.use_lane,
                first["exit"] + np.arange(len(self.lane)),
                first["cell"] + self.link_cell,
            ]
        )

    @cached_property
    def capacity(self) -> Ints:
        """Fen each arc can carry; arcs without a limit get what can reach or leave them at most."""
        lot, lane, cell = self.lot_fen, self.lane_fen, self.cell_fen
        use = np.minimum(self.group_fen[self.use_group], lane[self.use_lane])
        link = np.minimum(lane[self.link_lane], cell[self.link_cell])
        return np.concatenate([lot, lot, use, lane, link])

    @cached_property
    def drain(self) -> Ints:
        """Fen that may leave at each node: the open demand of the cells."""
        drain = np.zeros(self.first["end"], np.int64)
        drain[self.first["cell"] :] = self.cell_fen
        return drain

    @cached_property
    def lot_fen(self) -> Ints:
        """What each usable lot is worth."""
        instance = self.instance
        return (instance.lot_usable_kg * instance.price_fen[instance.lot_product])[self.lot]

    @cached_property
    def group_fen(self) -> Ints:
        """What the usable lots of each group are worth together."""
        worth = np.zeros(len(self.group_station), np.int64)
        np.add.at(worth, self.group, self.lot_fen)
        return worth

    @cached_property
    def lane_fen(self) -> Ints:
        """What each lane can take, never more than can come to it."""
        instance = self.instance
        fen = instance.lane_left_kg * instance.price_fen[instance.lane_product]
        coming = np.zeros(len(self.lane), np.int64)
        np.add.at(coming, self.use_lane, self.group_fen[self.use_group])
        room: Ints = np.minimum(fen[self.lane], coming)
        return room

    @cached_property
    def cell_fen(self) -> Ints:
        """What each cell still wants, never more than can come to it."""
        instance = self.instance
        fen = instance.cell_left_kg * instance.price_fen[instance.cell_product]
        coming = np.zeros(len(self.cell), np.int64)
        np.add.at(coming, self.link_cell, self.lane_fen[self.link_lane])
        room: Ints = np.minimum(fen[self.cell], coming)
        return room

    @cached_property
    def household_fen(self) -> Ints:
        """What each household could sell if nothing limited it."""
        worth = np.zeros(len(self.instance.household_id), np.int64)
        np.add.at(worth, self.instance.lot_household[self.lot], self.lot_fen)
        return worth


def build_network(instance: Instance) -> Network:
    """The nodes and arcs of ``instance``: usable lots, open lanes, open demand."""
    lot = np.flatnonzero(instance.lot_usable_kg > 0)
    keys = np.column_stack(
        [
            instance.lot_station[lot],
            instance.lot_product[lot],
            instance.lot_first_week[lot],
            instance.lot_last_week[lot],
        ]
    ).reshape(-1, 4)
    groups, group = np.unique(keys, axis=0, return_inverse=True)
    lane = np.flatnonzero(instance.lane_left_kg > 0)
    cell = np.flatnonzero(instance.cell_left_kg > 0)
    use_group, use_lane = _uses(instance, groups, lane)
    link_lane, link_cell, cost = _links(instance, lane, cell)
    return Network(
        instance,
        lot,
        group.ravel(),
        groups[:, 0],
        groups[:, 1],
        groups[:, 2],
        groups[:, 3],
        lane,
        cell,
        use_group,
        use_lane,
        link_lane,
        link_cell,
        cost,
    )


def _uses(instance: Instance, groups: Ints, lane: Ints) -> tuple[Ints, Ints]:
    """Pairs of a group and a lane of its station and product inside its window."""
    products = max(len(instance.product_id), 1)
    lane_key = instance.lane_station[lane] * products + instance.lane_product[lane]
    lane_key = lane_key * WEEKS + instance.lane_week[lane]
    order = np.argsort(lane_key)
    key = (groups[:, 0] * products + groups[:, 1]) * WEEKS
    start = np.searchsorted(lane_key[order], key + groups[:, 2])
    stop = np.searchsorted(lane_key[order], key + groups[:, 3], side="right")
    owner, place = _spread(start, stop)
    return owner, order[place]


def _links(instance: Instance, lane: Ints, cell: Ints) -> tuple[Ints, Ints, Ints]:
    """Triples of a lane, an open cell of its product and week at a served hub, and the cost."""
    start = np.searchsorted(instance.link_station, instance.lane_station[lane])
    stop = np.searchsorted(instance.link_station, instance.lane_station[lane], side="right")
    owner, link = _spread(start, stop)
    wanted = zip(
        instance.lane_product[lane][owner].tolist(),
        instance.lane_week[lane][owner].tolist(),
        instance.link_hub[link].tolist(),
        strict=True,
    )
    columns = (instance.cell_product, instance.cell_week, instance.cell_hub)
    rows = zip(*(column[cell].tolist() for column in columns), strict=True)
    place = {key: i for i, key in enumerate(rows)}
    found = np.array([place.get(key, -1) for key in wanted], np.int64)
    open_ = found >= 0
    return owner[open_], found[open_], instance.link_cost_fen[link][open_]


def _spread(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """For each i the places ``start[i]..stop[i]-1``, as two flat arrays (i, place)."""
    count = np.maximum(stop - start, 0)
    owner = np.repeat(np.arange(len(start)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return owner, start[owner] + np.arange(len(owner)) - before
