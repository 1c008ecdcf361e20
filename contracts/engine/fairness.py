"""Stage by stage, the lexicographic max-min of income over need, by cuts of a parametric flow.

Incomes that households can draw from one network form a polymatroid, so the fair vector is unique
and is found by dividing at minimum cuts (Megiddo 1974; Fujishige 1980; Gallo, Grigoriadis and
Tarjan 1989). All open parts are cut in one maximum flow a round: arcs inside a part stay, arcs from
a poorer part to a richer one are full and become constants, arcs back are empty and fall away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import max_flow
from contracts.engine.instance import Ints
from contracts.engine.network import Network

Floats = NDArray[np.float64]

HALVINGS = 100
NEARLY = 1e-6


@dataclass(frozen=True)
class FairIncome:
    """New income per household in whole fen, and the level its part of the network stands at.

    The level is income over need at which the shared limit binds; infinite where only the
    household's own harvest does.
    """

    income_fen: Ints
    level: Floats


@dataclass
class _Parts:
    """A partition of the nodes into parts, ordered from the poorest level to the richest."""

    label: Ints
    done: NDArray[np.bool_]
    level: Floats

    def split(self, upper: NDArray[np.bool_]) -> None:
        """Divide every open part: its ``upper`` nodes become a part of their own above the rest."""
        settled = ~np.isin(np.arange(len(self.done)), self.label[~upper])
        old, self.label = np.unique(2 * self.label + upper, return_inverse=True)
        parent = old // 2
        level, done = self.level[parent], self.done[parent] | settled[parent]
        self.level, self.done = level, done


def fair_income(network: Network) -> FairIncome:
    """The fair new income of every household, lots taken as divisible.

    Differences to the real-number optimum are at most a fen a household, by rounding down.
    """
    instance = network.instance
    income = np.zeros(len(instance.household_id), np.int64)
    level = np.full(len(income), np.inf)
    stage = instance.stage
    for place in range(len(instance.stages)):
        now = (stage == place) & (network.household_fen > 0)
        if not now.any():
            continue
        income, part_level = _raise_stage(network, income, now)
        level[now] = part_level[now]
    return FairIncome(income, level)


def _raise_stage(network: Network, held: Ints, now: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Incomes after serving the households ``now``, everyone else held at ``held``."""
    nodes, homes = network.first["end"], len(held)
    parts = _Parts(np.zeros(nodes, np.int64), np.zeros(1, bool), np.full(1, np.inf))
    income = held.copy()
    while not parts.done.all():
        inward, outward = _constants(network, parts.label)
        room = _per_part(parts, outward - inward)
        _set_levels(network, parts, room, held, now)
        income[now] = _asks(network, parts.level[parts.label[:homes]])[now]
        reached = _shortfall(network, parts, inward, outward, income)
        parts.split(~reached & ~parts.done[parts.label])
    return income, parts.level[parts.label[:homes]]


def _constants(network: Network, label: Ints) -> tuple[Ints, Ints]:
    """What enters each node from poorer parts, and what leaves it to richer ones or to demand."""
    upward = label[network.tail] < label[network.head]
    inward, outward = np.zeros(len(label), np.int64), network.drain.copy()
    np.add.at(inward, network.head[upward], network.capacity[upward])
    np.add.at(outward, network.tail[upward], network.capacity[upward])
    return inward, outward


def _per_part(parts: _Parts, amount: Ints) -> Ints:
    total = np.zeros(len(parts.done), np.int64)
    np.add.at(total, parts.label, amount)
    return total


def _asks(network: Network, level: Floats) -> Ints:
    """Whole fen each household asks for at a level of income over need."""
    return np.floor(_real_asks(network, level) + NEARLY).astype(np.int64)


def _real_asks(network: Network, level: Floats) -> Floats:
    instance = network.instance
    with np.errstate(invalid="ignore"):
        wish = level * instance.need_fen - instance.signed_income_fen
    asks: Floats = np.clip(wish, 0.0, network.household_fen.astype(np.float64))
    return asks


def _set_levels(
    network: Network, parts: _Parts, room: Ints, held: Ints, now: NDArray[np.bool_]
) -> None:
    """Give each open part the level at which its households' asks just fill its room."""
    label = parts.label[: len(held)]
    fixed = np.bincount(label, np.where(now, 0, held), minlength=len(parts.done))
    own, size = label[now], len(parts.done)

    def asked(level: Floats) -> Floats:
        asks = _real_asks(network, level[label])[now]
        return (fixed + np.bincount(own, asks, minlength=size)).astype(np.float64)

    instance = network.instance
    top = (network.household_fen + instance.signed_income_fen) / instance.need_fen
    low, high = np.zeros(size), np.full(size, float(top[now].max()) + 1)
    plenty = asked(high) <= room
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fits = asked(middle) <= room
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    found = np.where(plenty, np.inf, low)
    parts.level = np.where(parts.done, parts.level, found)


def _shortfall(
    network: Network, parts: _Parts, inward: Ints, outward: Ints, income: Ints
) -> NDArray[np.bool_]:
    """Nodes of open parts behind which the asks do not fit: their level is lower."""
    label, alive = parts.label, ~parts.done[parts.label]
    tail, head = network.tail, network.head
    inside = (label[tail] == label[head]) & alive[tail]
    supply = inward.copy()
    supply[: len(income)] += income
    flow = max_flow(
        tail=tail[inside],
        head=head[inside],
        capacity=network.capacity[inside],
        supply=np.where(alive, supply, 0),
        drain=np.where(alive, outward, 0),
    )
    return flow.reached
