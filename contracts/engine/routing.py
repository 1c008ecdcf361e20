"""Who delivers in which week to which hub: the cheapest way with all volumes held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from contracts.engine.instance import Ints
from contracts.engine.network import Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
NEARLY = 1e-6


@dataclass(frozen=True)
class Rows:
    """Deliveries, sorted: place of the lot in the instance, week, hub, whole kg > 0."""

    lot: Ints
    week: Ints
    hub: Ints
    kg: Ints


def cheapest_rows(network: Network, lot_kg: Ints) -> Rows:
    """Route whole kg of every lot node at the least total cost per kg."""
    group_kg = np.zeros(len(network.group_station), np.int64)
    np.add.at(group_kg, network.group, lot_kg)
    use_kg = np.zeros(len(network.use_group), np.int64)
    link_kg = np.zeros(len(network.link_lane), np.int64)
    for product in np.unique(network.group_product[group_kg > 0]):
        _route_product(network, int(product), group_kg, use_kg, link_kg)
    return _rows(network, lot_kg, use_kg, link_kg)


def _route_product(
    network: Network, product: int, group_kg: Ints, use_kg: Ints, link_kg: Ints
) -> None:
    """Solve the transport of one product and write its arcs into ``use_kg`` and ``link_kg``."""
    instance = network.instance
    uses = np.flatnonzero(network.group_product[network.use_group] == product)
    uses = uses[group_kg[network.use_group[uses]] > 0]
    links = np.flatnonzero(np.isin(network.link_lane, network.use_lane[uses]))
    groups, group = np.unique(network.use_group[uses], return_inverse=True)
    lanes, lane = np.unique(network.use_lane[uses], return_inverse=True)
    cells, cell = np.unique(network.link_cell[links], return_inverse=True)
    use, link = np.arange(len(uses)), len(uses) + np.arange(len(links))
    width = len(uses) + len(links)
    out = len(groups) + np.searchsorted(lanes, network.link_lane[links])
    whole = _cheapest(
        cost=np.concatenate([np.zeros(len(uses)), network.link_cost_fen[links]]),
        exactly=(
            _incidence([(group, use, 1), (len(groups) + lane, use, 1), (out, link, -1)], width),
            np.concatenate([group_kg[groups], np.zeros(len(lanes))]),
        ),
        at_most=(
            _incidence([(lane, use, 1), (len(lanes) + cell, link, 1)], width),
            np.concatenate(
                [
                    instance.lane_left_kg[network.lane[lanes]],
                    instance.cell_left_kg[network.cell[cells]],
                ]
            ),
        ),
    )
    use_kg[uses], link_kg[links] = whole[: len(uses)], whole[len(uses) :]


def _incidence(entries: list[tuple[Ints, Ints, int]], width: int) -> csr_array:
    """A sparse matrix from triples of rows, columns and the sign that stands there."""
    from scipy.sparse import csr_array

    row = np.concatenate([rows for rows, _, _ in entries])
    column = np.concatenate([columns for _, columns, _ in entries])
    value = np.concatenate([np.full(len(rows), float(sign)) for rows, _, sign in entries])
    height = int(row.max()) + 1 if len(row) else 0
    return csr_array((value, (row, column)), shape=(height, width))


def _cheapest(
    *, cost: Floats, exactly: tuple[csr_array, Ints], at_most: tuple[csr_array, Ints]
) -> Ints:
    """Whole amounts of least cost; the corners of a transport problem are whole numbers."""
    from scipy.optimize import linprog

    answer = linprog(  # type: ignore[call-overload]  # takes sparse rows, its stubs do not say so
        cost,
        A_eq=exactly[0],
        b_eq=exactly[1],
        A_ub=at_most[0],
        b_ub=at_most[1],
        method="highs-ds",
    )
    if not answer.success:
        raise ValueError(f"volumes cannot be routed: {answer.message}")
    whole: Ints = np.rint(answer.x).astype(np.int64)
    if len(whole) and float(np.abs(whole - answer.x).max()) > NEARLY:
        raise ValueError("volumes have no whole routing")
    return whole


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
    nodes = np.lexsort([instance.lot_id[network.lot], network.group])
    node, route, kg = _matched(lot_kg[nodes], kg[routes])
    lot = network.lot[nodes][node]
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
