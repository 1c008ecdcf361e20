"""Whole kilograms: fair shares rounded inside their group, small ones pooled and drawn.

The draw is systematic sampling in the order of a hash over the public seed and the household, so
anyone can repeat it. A group's total never rises, so what was feasible stays feasible.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from contracts.engine.instance import Instance, Ints
from contracts.engine.network import Network
from contracts.engine.plan import Draw

HASH_SPAN = 2**256


@dataclass(frozen=True)
class WholeShares:
    """Whole kg for each lot node of the network, and the draws that were held (by lot node)."""

    kg: Ints
    draws: dict[int, Draw]


def whole_shares(network: Network, lot_fen: Ints, *, minimum_lots: bool) -> WholeShares:
    """Round the fair fen of every lot node to whole kg, group by group and tier by tier."""
    instance = network.instance
    kg = np.zeros(len(network.lot), np.int64)
    draws: dict[int, Draw] = {}
    for members in _group_tiers(network):
        product = int(instance.lot_product[network.lot[members[0]]])
        price = int(instance.price_fen[product])
        minimum = int(instance.min_lot_kg[product]) if minimum_lots else 0
        exempt = instance.lot_has_signed[network.lot[members]]
        small = (lot_fen[members] < minimum * price) & ~exempt & (lot_fen[members] > 0)
        kg[members[~small]] = _rounded(network, members[~small], lot_fen, price)
        held = _draw(network, members[small], lot_fen, minimum * price)
        draws.update(held)
        kg[[node for node, draw in held.items() if draw.won]] = minimum
    return WholeShares(kg, draws)


def _group_tiers(network: Network) -> list[Ints]:
    """Lot nodes that are alike in group and tier, as lists of nodes."""
    tier = network.instance.tier[network.instance.lot_household[network.lot]]
    order = np.lexsort([network.instance.lot_id[network.lot], tier, network.group])
    if not len(order):
        return []
    group, tier = network.group[order], tier[order]
    cuts = np.flatnonzero((np.diff(group) != 0) | (np.diff(tier) != 0)) + 1
    return np.split(order, cuts)


def _rounded(network: Network, members: Ints, lot_fen: Ints, price: int) -> Ints:
    """Whole kg that sum to the members' whole total: the largest rests are rounded up."""
    kg, rest = lot_fen[members] // price, lot_fen[members] % price
    spare = int(rest.sum()) // price
    order = sorted(
        range(len(members)), key=lambda i: (-int(rest[i]), _rank(network, int(members[i])))
    )
    kg[order[:spare]] += 1
    return kg


def _draw(network: Network, members: Ints, lot_fen: Ints, prize: int) -> dict[int, Draw]:
    """Hold the draw among lots below the minimum; ``prize`` is the minimum lot in fen."""
    if not len(members):
        return {}
    order = sorted(members.tolist(), key=lambda node: _rank(network, node))
    total = int(lot_fen[order].sum())
    winners = total // prize
    start = _hash(f"{network.instance.seed}/{_group_name(network, order[0])}")
    won = set()
    upto = 0
    for node in order:
        before, upto = upto, upto + int(lot_fen[node])
        if _ticks(upto, winners, total, start) > _ticks(before, winners, total, start):
            won.add(node)
    return {
        node: Draw(place + 1, len(order), winners, node in won) for place, node in enumerate(order)
    }


def _ticks(upto: int, winners: int, total: int, start: int) -> int:
    """How many of the evenly spaced ticks lie below ``upto``; the first is moved by ``start``."""
    return max(0, -((start * total - upto * winners * HASH_SPAN) // (total * HASH_SPAN)))


def _rank(network: Network, node: int) -> tuple[int, int]:
    instance = network.instance
    lot = int(network.lot[node])
    household = int(instance.household_id[instance.lot_household[lot]])
    return _hash(f"{instance.seed}/{household}"), int(instance.lot_id[lot])


def _group_name(network: Network, node: int) -> str:
    instance, group = network.instance, int(network.group[node])
    parts = (
        instance.station_id[network.group_station[group]],
        instance.product_id[network.group_product[group]],
        network.group_first_week[group],
        network.group_last_week[group],
        instance.tier[instance.lot_household[network.lot[node]]],
    )
    return "/".join(str(int(part)) for part in parts)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def income_of(instance: Instance, lots: Ints, kg: Ints) -> Ints:
    """What kilograms of lots (places in the instance) are worth to each household, in fen."""
    income = np.zeros(len(instance.household_id), np.int64)
    np.add.at(
        income, instance.lot_household[lots], kg * instance.price_fen[instance.lot_product[lots]]
    )
    return income
