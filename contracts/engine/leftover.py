"""What limits still hold when lanes have been shared out: kilogram by kilogram, poorest first.

Lanes are a guess at how a shared limit is used. What draws and rounding leave of it is offered to
whoever sells already, stage by stage, until every way is full.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush

import numpy as np

from contracts.engine.bundles import Bundles
from contracts.engine.draws import Draws, class_of
from contracts.engine.flow import Bools, Ints
from contracts.engine.network import Network, total
from contracts.engine.routing import Rows

Way = tuple[int, int, int]
"""Cost, lane and cell (places in the instance)."""


def filled(
    network: Network, bundles: Bundles, rows: Rows, draws: Draws, *, minimum_lots: bool
) -> Rows:
    """``rows`` and every further kilogram the limits ``bundles`` and the demand still take."""
    instance = network.instance
    offer = _Offer(network, bundles, rows)
    lots = _open_lots(network, rows, draws, minimum_lots=minimum_lots)
    stage = instance.stage[instance.lot_household[network.lot]]
    for number in range(len(instance.stages)):
        offer.to_poorest(np.flatnonzero(lots & (stage == number)))
    return offer.rows(rows)


def _open_lots(network: Network, rows: Rows, draws: Draws, *, minimum_lots: bool) -> Bools:
    """Lots (of the network) that may get more: not drawn, nor alone beside alike that were."""
    instance = network.instance
    sold = total(rows.lot, rows.kg, len(instance.lot_id))[network.lot]
    room: Bools = instance.lot_usable_kg[network.lot] > sold
    room[draws.lot] = False
    if minimum_lots:
        needs = instance.min_lot_kg[instance.lot_product[network.lot]] > 1
        room &= (sold > 0) | instance.lot_has_signed[network.lot] | ~needs
    many = np.bincount(network.slot_home[network.slot], minlength=len(instance.household_id))
    alike = np.isin(class_of(network), class_of(network)[draws.lot])
    room &= ~(alike & (many[network.slot_home[network.slot]] == 1))
    return room


class _Offer:
    def __init__(self, network: Network, bundles: Bundles, rows: Rows) -> None:
        instance = network.instance
        self.network = network
        self.lane_kg = np.zeros(len(instance.lane_kg), np.int64)
        product, station = instance.lot_product[rows.lot], instance.lot_station[rows.lot]
        lanes = instance.key_of_lane(
            instance.lane_station, instance.lane_product, instance.lane_week
        )
        cells = instance.key_of_cell(instance.cell_product, instance.cell_week, instance.cell_hub)
        lane = np.searchsorted(lanes, instance.key_of_lane(station, product, rows.week))
        cell = np.searchsorted(cells, instance.key_of_cell(product, rows.week, rows.hub))
        np.add.at(self.lane_kg, lane, rows.kg)
        used = total(cell, rows.kg, len(cells))
        self.cell_left = (instance.cell_left_kg - used).tolist()
        self.limit_left = (bundles.left_kg - bundles.used(self.lane_kg)).astype(int).tolist()
        self.over: list[list[int]] = [[] for _ in instance.lane_kg]
        for one, bundle in zip(bundles.lane.tolist(), bundles.bundle.tolist(), strict=True):
            self.over[one].append(bundle)
        sold = total(rows.lot, rows.kg, len(instance.lot_id))
        self.room = (instance.lot_usable_kg - sold).tolist()
        worth = sold * instance.price_fen[instance.lot_product]
        income = total(instance.lot_household, worth, len(instance.household_id))
        self.income = (income + instance.standing_fen).tolist()
        self.ways = self._ways()
        self.taken: dict[tuple[int, int, int], int] = defaultdict(int)

    def _ways(self) -> list[list[Way]]:
        """By group its ways, the cheapest first."""
        network = self.network
        links: list[list[Way]] = [[] for _ in network.lane]
        rows = (network.link_lane, network.link_cell, network.link_cost_fen)
        for lane, cell, cost in zip(*(one.tolist() for one in rows), strict=True):
            place = int(network.lane[lane])
            links[lane].append((cost, place, int(network.cell[cell])))
        found: list[list[Way]] = [[] for _ in network.group_station]
        for group, lane in zip(network.use_group.tolist(), network.use_lane.tolist(), strict=True):
            found[group] += links[lane]
        return [sorted(ways) for ways in found]

    def to_poorest(self, lots: Ints) -> None:
        """Kilogram by kilogram to the lot whose household stands lowest; ties by lot."""
        network, instance = self.network, self.network.instance
        place = network.lot[lots]
        group = dict(
            zip(place.tolist(), network.slot_group[network.slot[lots]].tolist(), strict=True)
        )
        home = dict(zip(place.tolist(), instance.lot_household[place].tolist(), strict=True))
        need = instance.need_fen.tolist()
        price = instance.price_fen[instance.lot_product].tolist()
        heap = [(self.income[home[lot]] / need[home[lot]], lot) for lot in place.tolist()]
        heapify(heap)
        while heap:
            level, lot = heappop(heap)
            now = self.income[home[lot]] / need[home[lot]]
            if now > level:
                heappush(heap, (now, lot))
            elif self.room[lot] > 0 and self._sent(lot, self.ways[group[lot]]):
                self.income[home[lot]] += price[lot]
                heappush(heap, (self.income[home[lot]] / need[home[lot]], lot))

    def _sent(self, lot: int, ways: list[Way]) -> bool:
        while ways:
            _cost, lane, cell = ways[0]
            limits = self.over[lane]
            if self.cell_left[cell] > 0 and all(self.limit_left[one] > 0 for one in limits):
                self.cell_left[cell] -= 1
                for one in limits:
                    self.limit_left[one] -= 1
                self.room[lot] -= 1
                self.taken[lot, lane, cell] += 1
                return True
            ways.pop(0)  # full for good: nothing is ever given back
        return False

    def rows(self, rows: Rows) -> Rows:
        """The rows with what was taken on top."""
        instance = self.network.instance
        kg: dict[tuple[int, int, int], int] = defaultdict(int)
        old = (rows.lot, rows.week, rows.hub, rows.kg)
        for lot, week, hub, amount in zip(*(one.tolist() for one in old), strict=True):
            kg[lot, week, hub] += amount
        for (lot, lane, cell), amount in self.taken.items():
            kg[lot, int(instance.lane_week[lane]), int(instance.cell_hub[cell])] += amount
        keys = np.array(sorted(kg), np.int64).reshape(-1, 3)
        amounts = np.array([kg[key] for key in sorted(kg)], np.int64)
        return Rows(keys[:, 0], keys[:, 1], keys[:, 2], amounts)
