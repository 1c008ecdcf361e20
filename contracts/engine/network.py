"""An instance as a network that carries money: household → lot group → lane → hub cell.

A group holds the lots that are alike in station, product and window; a slot is what one household
has in one group. A lane is what a station can take of a product in a week and is two nodes, so that
its limit is an arc. With one price per product every limit is a capacity in money, so a household
with several crops stays one. Money is counted in hundredths of a fen (``PARTS``), so that rounding
a share down never takes a fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from contracts.engine.instance import WEEKS, Instance, Ints

PARTS = 100
MOST_PARTS = 2**52


class CapacityTooLarge(ValueError):
    """The harvests of an instance are worth more than can be counted exactly."""

    def __init__(self, fen: int) -> None:
        super().__init__(f"harvests worth {fen} fen are above {MOST_PARTS // PARTS}")
        self.fen = fen


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes are numbered groups, lane entries, lane exits, cells; amounts are ``PARTS`` of a fen.

    ``lot`` says which lots of the instance can be used and ``slot`` where each belongs; slots are
    sorted by household and group. ``lane`` and ``cell`` point into the instance's lanes and cells,
    of which only open ones are nodes.
    """

    instance: Instance
    lot: Ints
    slot: Ints
    slot_home: Ints
    slot_group: Ints
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
            "group": len(self.group_station),
            "entry": len(self.lane),
            "exit": len(self.lane),
            "cell": len(self.cell),
        }
        starts = np.concatenate([[0], np.cumsum(list(counts.values()))]).tolist()
        return dict(zip([*counts, "end"], starts, strict=True))

    @cached_property
    def tail(self) -> Ints:
        first = self.first
        lanes = first["entry"] + np.arange(len(self.lane))
        return np.concatenate([self.use_group, lanes, first["exit"] + self.link_lane])

    @cached_property
    def head(self) -> Ints:
        first = self.first
        lanes = first["exit"] + np.arange(len(self.lane))
        return np.concatenate(
            [first["entry"] + self.use_lane, lanes, first["cell"] + self.link_cell]
        )

    @cached_property
    def capacity(self) -> Ints:
        """What each arc carries; arcs without a limit get what can reach or leave them at most."""
        lane, cell = self.lane_parts, self.cell_parts
        use = np.minimum(self.group_parts[self.use_group], lane[self.use_lane])
        link = np.minimum(lane[self.link_lane], cell[self.link_cell])
        return np.concatenate([use, lane, link])

    @cached_property
    def drain(self) -> Ints:
        """What may leave at each node: the open demand of the cells."""
        drain = np.zeros(self.first["end"], np.int64)
        drain[self.first["cell"] :] = self.cell_parts
        return drain

    @cached_property
    def group_price(self) -> Ints:
        """Parts a kilogram is worth in each group."""
        return self.instance.price_fen[self.group_product] * PARTS

    @cached_property
    def lot_parts(self) -> Ints:
        """What each usable lot is worth."""
        return self.instance.lot_usable_kg[self.lot] * self.group_price[self.slot_group[self.slot]]

    @cached_property
    def slot_parts(self) -> Ints:
        """What the usable lots of each slot are worth together."""
        return total(self.slot, self.lot_parts, len(self.slot_home))

    @cached_property
    def group_parts(self) -> Ints:
        """What the usable lots of each group are worth together."""
        return total(self.slot_group, self.slot_parts, len(self.group_station))

    @cached_property
    def lane_parts(self) -> Ints:
        """What each lane can take, never more than can come to it."""
        coming = total(self.use_lane, self.group_parts[self.use_group], len(self.lane))
        return _worth(self.instance, self.instance.lane_left_kg, self.lane, "lane", coming)

    @cached_property
    def cell_parts(self) -> Ints:
        """What each cell still wants, never more than can come to it."""
        coming = total(self.link_cell, self.lane_parts[self.link_lane], len(self.cell))
        return _worth(self.instance, self.instance.cell_left_kg, self.cell, "cell", coming)

    @cached_property
    def home_parts(self) -> Ints:
        """What each household could sell if nothing limited it."""
        return total(self.slot_home, self.slot_parts, len(self.instance.household_id))


def total(place: Ints, amount: Ints, size: int) -> Ints:
    """Sum whole amounts by place; exact up to 2⁵³."""
    return np.bincount(place, amount, minlength=size).astype(np.int64)


def _worth(instance: Instance, left_kg: Ints, rows: Ints, kind: str, coming: Ints) -> Ints:
    product = instance.lane_product if kind == "lane" else instance.cell_product
    price = instance.price_fen[product[rows]] * PARTS
    kg = np.minimum(left_kg[rows], -(-coming // price))
    worth: Ints = np.minimum(kg * price, coming)
    return worth


def build_network(instance: Instance) -> Network:
    """The nodes and arcs of ``instance``: usable lots, open lanes, open demand.

    Raises
    ------
    CapacityTooLarge
        When all harvests together are worth more than 45 trillion fen.
    """
    usable = instance.lot_usable_kg
    worth = float(usable @ instance.price_fen[instance.lot_product].astype(np.float64))
    if worth * PARTS > MOST_PARTS:
        raise CapacityTooLarge(int(worth))
    lot = np.flatnonzero(usable > 0)
    groups, group = _groups(instance, lot)
    slots, slot = np.unique(
        instance.lot_household[lot] * max(len(groups), 1) + group, return_inverse=True
    )
    lane = np.flatnonzero(instance.lane_left_kg > 0)
    cell = np.flatnonzero(instance.cell_left_kg > 0)
    use_group, use_lane = _uses(instance, groups, lane)
    link_lane, link_cell, cost = _links(instance, lane, cell)
    return Network(
        instance,
        lot,
        slot,
        slots // max(len(groups), 1),
        slots % max(len(groups), 1),
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


def _groups(instance: Instance, lot: Ints) -> tuple[Ints, Ints]:
    """Station, product, first and last week of each group, and the group of each lot."""
    products = max(len(instance.product_id), 1)
    key = instance.lot_station[lot] * products + instance.lot_product[lot]
    key = (key * WEEKS + instance.lot_first_week[lot]) * WEEKS + instance.lot_last_week[lot]
    known, group = np.unique(key, return_inverse=True)
    place = known // WEEKS // WEEKS
    columns = (place // products, place % products, known // WEEKS % WEEKS, known % WEEKS)
    return np.column_stack(columns), group


def _uses(instance: Instance, groups: Ints, lane: Ints) -> tuple[Ints, Ints]:
    """Pairs of a group and a lane of its station and product inside its window."""
    products = max(len(instance.product_id), 1)
    lane_key = instance.lane_station[lane] * products + instance.lane_product[lane]
    lane_key = lane_key * WEEKS + instance.lane_week[lane]
    order = np.argsort(lane_key)
    key = (groups[:, 0] * products + groups[:, 1]) * WEEKS
    start = np.searchsorted(lane_key[order], key + groups[:, 2])
    stop = np.searchsorted(lane_key[order], key + groups[:, 3], side="right")
    owner, place = spread(start, stop)
    return owner, order[place]


def _links(instance: Instance, lane: Ints, cell: Ints) -> tuple[Ints, Ints, Ints]:
    """Triples of a lane, an open cell of its product and week at a served hub, and the cost."""
    start = np.searchsorted(instance.link_station, instance.lane_station[lane])
    stop = np.searchsorted(instance.link_station, instance.lane_station[lane], side="right")
    owner, link = spread(start, stop)
    known = instance.key_of_cell(
        instance.cell_product[cell], instance.cell_week[cell], instance.cell_hub[cell]
    )
    wanted = instance.key_of_cell(
        instance.lane_product[lane][owner],
        instance.lane_week[lane][owner],
        instance.link_hub[link],
    )
    found = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    open_ = known[found] == wanted if len(known) else np.zeros(len(wanted), bool)
    return owner[open_], found[open_], instance.link_cost_fen[link][open_]


def spread(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """For each i the places ``start[i]..stop[i]-1``, as two flat arrays (i, place)."""
    count = np.maximum(stop - start, 0)
    owner = np.repeat(np.arange(len(start)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return owner, start[owner] + np.arange(len(owner)) - before
