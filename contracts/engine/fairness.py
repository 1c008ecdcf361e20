"""Stage by stage, the lexicographic max-min of income over need, by cuts of a parametric flow.

Incomes that households can draw from one network form a polymatroid, so the fair vector is unique
and is found by dividing at minimum cuts (Megiddo 1974; Fujishige 1980; Gallo, Grigoriadis and
Tarjan 1989). All open parts are cut in one maximum flow a round: arcs inside a part stay, arcs from
a poorer part to a richer one are full and become constants, arcs back are empty and fall away. A
household with lots in several parts sells in the richest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from contracts.engine.asks import Block, Class, Share, blocks_of, classes_of, shares_of
from contracts.engine.flow import Bools, Ints
from contracts.engine.graph import SharedFlow, send
from contracts.engine.levels import Curves, asks_at, levels_that_fill
from contracts.engine.network import PARTS, Network, total
from contracts.engine.schema import Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Division:
    """What is divided: what each slot may sell, what the households have, what is settled already.

    ``cap`` is by slot, ``settled`` what every group sells whatever comes (by group), ``have`` the
    income each household counts with before this division, ``most`` what it may sell at most; all
    in parts of a fen.
    """

    network: Network
    cap: Ints
    settled: Ints
    have: Ints
    most: Ints

    @classmethod
    def whole(cls, network: Network) -> Division:
        """Everything usable is open, nothing settled; signed income counts, credit is taken off."""
        signed = network.instance.standing_fen * PARTS
        return cls(
            network,
            network.slot_parts,
            np.zeros_like(network.group_station),
            signed,
            network.home_parts,
        )


@dataclass
class _Parts:
    """A partition of the nodes into parts, ordered from the poorest level to the richest."""

    label: Ints
    done: Bools = field(default_factory=lambda: np.zeros(1, bool))
    level: Floats = field(default_factory=lambda: np.zeros(1))
    low: Floats = field(default_factory=lambda: np.zeros(1))
    high: Floats = field(default_factory=lambda: np.full(1, np.inf))

    def split(self, reached: Bools) -> Bools:
        """Divide open parts into ``reached`` nodes and a part above them; says who is whole."""
        cut = np.zeros(len(self.done), bool)
        cut[self.label[reached]] = True
        whole = ~self.done & ~cut
        self.done = self.done | whole
        upper = ~reached & cut[self.label]
        old, self.label = np.unique(2 * self.label + upper, return_inverse=True)
        parent, is_upper = old // 2, old % 2 == 1
        poorer = cut[parent] & ~is_upper
        self.low = np.where(is_upper, self.level[parent], self.low[parent])
        self.high = np.where(poorer, self.level[parent], self.high[parent])
        self.level, self.done = self.level[parent], self.done[parent]
        return whole


def fair_income(division: Division) -> Ints:
    """The fair new income of every household in parts of a fen, lots taken as divisible.

    Differences to the real-number optimum are at most a few parts a household, by rounding down.
    """
    income = np.zeros(len(division.have), np.int64)
    for stage in division.network.instance.stages:
        limit = _limits(division, stage, income)
        if (limit > income).any():
            income = _raise_stage(division, income, limit)
    return income


def _limits(division: Division, stage: Stage, held: Ints) -> Ints:
    """The most each household may have after this stage: all it can sell, or the stage's cap."""
    instance = division.network.instance
    could = total(division.network.slot_home, division.cap, len(held))
    could = np.minimum(could, division.most)
    if stage.up_to is not None:
        goal = np.floor((stage.up_to + instance.shift) * instance.need_fen * PARTS).astype(np.int64)
        could = np.minimum(could, goal - division.have)
    now = np.isin(instance.tier, stage.tiers)
    return np.where(now, np.maximum(held, could), held)


def _raise_stage(division: Division, held: Ints, limit: Ints) -> Ints:
    """Incomes after this stage; households whose ``limit`` is what they hold only make room."""
    network = division.network
    classes = classes_of(network, division.cap, limit > 0)
    parts = _Parts(np.zeros(network.first["end"], np.int64))
    income = np.zeros_like(held)
    while not parts.done.all():
        blocks = list(blocks_of(classes, parts.label, ~parts.done))
        asks = _Round(division, parts, blocks, held, limit)
        shares = [share for i, block in enumerate(blocks) for share in shares_of(block, asks.of[i])]
        reached = _shortfall(division, parts, asks, shares)
        label = [block.part for block in blocks]
        whole = parts.split(reached)
        for block, ask, part in zip(blocks, asks.of, label, strict=True):
            final = whole[part]
            income[block.home[final]] += ask[final]  # a household stands once in a block
    return income


class _Round:
    """Levels and whole asks of the open parts in one round."""

    def __init__(
        self, division: Division, parts: _Parts, blocks: list[Block], held: Ints, limit: Ints
    ) -> None:
        network = division.network
        label, size = parts.label, len(parts.done)
        upward = label[network.tail] < label[network.head]
        nodes = network.first["end"]
        self.entering = total(network.head[upward], network.capacity[upward], nodes)
        self.entering[: len(division.settled)] += division.settled
        self.leaving = network.drain + total(network.tail[upward], network.capacity[upward], nodes)
        room = total(label, self.leaving, size) - total(label, self.entering, size)
        need = network.instance.need_fen * PARTS
        curves = [
            Curves(
                part=block.part,
                need=need[block.home],
                above=division.have[block.home] + block.above,
                low=np.clip(held[block.home] - block.above, 0, block.total),
                high=np.clip(limit[block.home] - block.above, 0, block.total),
            )
            for block in blocks
        ]
        parts.level = levels_that_fill(
            curves, room, parts.low, parts.high, np.where(parts.done, parts.level, np.nan)
        )
        self.of = asks_at(curves, parts.level, room)


def _shortfall(division: Division, parts: _Parts, asks: _Round, shares: list[Share]) -> Bools:
    """Nodes of open parts behind which the asks do not fit: their level is lower."""
    network, alive = division.network, ~parts.done[parts.label]
    inside = (parts.label[network.tail] == parts.label[network.head]) & alive[network.tail]
    sent = send(
        network,
        shares,
        inside=inside,
        extra=np.where(alive, asks.entering, 0),
        drain=np.where(alive, asks.leaving, 0),
    )
    return sent.flow.reached[: network.first["end"]] & alive


def routed(division: Division, income: Ints) -> tuple[Ints, SharedFlow]:
    """One flow that gives every household its income: what each slot sells, and the flow.

    Raises
    ------
    ValueError
        When the incomes do not fit the network.
    """
    network = division.network
    blocks = list(_everything(classes_of(network, division.cap, income > 0), network))
    shares = [share for block in blocks for share in shares_of(block, income[block.home])]
    extra = np.zeros(network.first["end"], np.int64)
    extra[: len(division.settled)] = division.settled
    inside = np.ones(len(network.tail), bool)
    sent = send(network, shares, inside=inside, extra=extra, drain=network.drain, split=True)
    sold = np.zeros(len(division.cap), np.int64)
    for share in shares:
        if len(share.slot) == 1:
            sold[share.slot[0]] += share.amount  # a slot stands once in a share
    for share, columns in sent.on_share:
        for slot, column in zip(share.slot, columns, strict=True):
            sold[slot] += column
    if int(sold.sum()) != int(income.sum()):
        raise ValueError("the fair incomes do not fit the network")
    return sold, sent


def _everything(classes: list[Class], network: Network) -> list[Block]:
    return list(blocks_of(classes, np.zeros_like(network.group_station), np.ones(1, bool)))
