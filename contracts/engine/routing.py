"""Who delivers in which week to which hub: the cheapest way with all volumes held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.engine.flow import Ints
from contracts.engine.network import Network, total


@dataclass(frozen=True)
class Rows:
    """Deliveries, sorted: place of the lot in the instance, week, hub, whole kg > 0."""

    lot: Ints
    week: Ints
    hub: Ints
    kg: Ints


def cheapest_rows(network: Network, lot_kg: Ints) -> Rows:
    """Route whole kg of every usable lot at the least total cost per kg.

    Raises
    ------
    ValueError
        When the volumes do not fit lanes and demand.
    """
    group_kg = total(network.slot_group[network.slot], lot_kg, len(network.group_station))
    use_kg, link_kg = _cheapest(network, group_kg)
    return _rows(network, lot_kg, use_kg, link_kg)


def _cheapest(network: Network, group_kg: Ints) -> tuple[Ints, Ints]:
    """Kg on every use and link: one flow of least cost over lot groups, lanes and cells."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    sent = int(group_kg.sum())
    uses = np.flatnonzero(group_kg[network.use_group] > 0)
    limit = kg_limits(network)
    solver = SimpleMinCostFlow()
    first, end = network.first, network.first["end"]
    tail, head, lanes = network.tail, network.head, len(network.lane)
    inner = np.concatenate([uses, np.arange(len(network.use_group), len(tail))])
    cost = np.zeros(len(tail), np.int64)
    cost[len(network.use_group) + lanes :] = network.link_cost_fen
    cells = first["cell"] + np.arange(len(network.cell))
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([tail[inner], cells]).astype(np.int32),
        np.concatenate([head[inner], np.full(len(cells), end)]).astype(np.int32),
        np.concatenate([limit[inner], kg_drain(network)[cells]]),
        np.concatenate([cost[inner], np.zeros(len(cells), np.int64)]),
    )
    solver.set_nodes_supplies(np.arange(len(group_kg), dtype=np.int32), group_kg)
    solver.set_node_supply(end, -sent)
    if sent and solver.solve() != solver.OPTIMAL:
        raise ValueError("volumes cannot be routed")
    on_arc = np.zeros(len(tail), np.int64)
    if sent:
        on_arc[inner] = solver.flows(arcs[: len(inner)])
    return on_arc[: len(network.use_group)], on_arc[len(network.use_group) + lanes :]


def kg_limits(network: Network) -> Ints:
    """Kg each arc of the network can carry."""
    lane = network.instance.lane_left_kg[network.lane]
    cell = network.instance.cell_left_kg[network.cell]
    return np.concatenate(
        [
            lane[network.use_lane],
            lane,
            np.minimum(lane[network.link_lane], cell[network.link_cell]),
        ]
    )


def kg_drain(network: Network) -> Ints:
    """Kg that may leave at each node."""
    drain = np.zeros(network.first["end"], np.int64)
    drain[network.first["cell"] :] = network.instance.cell_left_kg[network.cell]
    return drain


def _rows(network: Network, lot_kg: Ints, use_kg: Ints, link_kg: Ints) -> Rows:
    """Split the groups' routes over their lots, always in sorted order."""
    instance = network.instance
    hub = instance.cell_hub[network.cell[network.link_cell]]
    uses = np.lexsort([network.use_group, network.use_lane])
    links = np.lexsort([hub, network.link_lane])
    use, link, kg = _matched(use_kg[uses], link_kg[links])
    group = network.use_group[uses][use]
    week = instance.lane_week[network.lane[network.use_lane[uses][use]]]
    route_hub = hub[links][link]
    routes = np.lexsort([route_hub, week, group])
    lots = np.argsort(network.slot_group[network.slot], kind="stable")
    place, route, kg = _matched(lot_kg[lots], kg[routes])
    lot = network.lot[lots][place]
    week, route_hub = week[routes][route], route_hub[routes][route]
    order = np.lexsort([route_hub, week, lot])
    return Rows(lot[order], week[order], route_hub[order], kg[order])


def _matched(left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Fill ``left`` from ``right`` in order: triples of place, place and amount > 0.

    >>> [part.tolist() for part in _matched(np.array([3, 2]), np.array([1, 4]))]
    [[0, 0, 1], [0, 1, 1], [1, 2, 2]]
    """
    ends_left, ends_right = np.cumsum(left), np.cumsum(right)
    ends = np.unique(np.concatenate([ends_left, ends_right]))
    ends = ends[ends > 0]
    amount = np.diff(ends, prepend=0)
    return np.searchsorted(ends_left, ends), np.searchsorted(ends_right, ends), amount
