"""What households ask of the parts of a network, summed so that the graph stays small.

A household with an ask ``r`` and lots worth ``a_i`` can draw any amounts with
``x(S) <= min(r, a(S))`` for each set S of its lots. Sums of such sets over households are exact
again: for one lot it is one number, for two lots a node with one capacity, and for three lots two
nodes more, because every function of this kind on three elements is a sum of matroid ranks (single,
pair, 1 of 3, 2 of 3).
Households with four lots or more keep a node of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from contracts.engine.flow import Bools, Ints
from contracts.engine.network import Network

SUMMED = 3


@dataclass(frozen=True, eq=False)
class Class:
    """Households with the same number of slots; one array a column of slots."""

    home: Ints
    slot: tuple[Ints, ...]
    group: tuple[Ints, ...]
    cap: tuple[Ints, ...]

    def taken(self, rows: Ints | Bools) -> Class:
        """The class with only some of its rows."""
        columns = (tuple(c[rows] for c in part) for part in (self.slot, self.group, self.cap))
        return Class(self.home[rows], *columns)


@dataclass(frozen=True, eq=False)
class Block:
    """Households that have exactly these slots in one part of the network.

    ``above`` is what they already sell in richer parts; ``total`` what the slots here are worth.
    """

    home: Ints
    part: Ints
    above: Ints
    total: Ints
    slot: tuple[Ints, ...]
    group: tuple[Ints, ...]
    cap: tuple[Ints, ...]


def classes_of(network: Network, cap: Ints, wanted: Bools) -> list[Class]:
    """The households ``wanted`` by their number of slots; slots with ``cap`` 0 are left out."""
    open_ = np.flatnonzero((cap > 0) & wanted[network.slot_home])
    home = network.slot_home[open_]
    start = np.flatnonzero(np.diff(home, prepend=-1))
    count = np.diff(np.append(start, len(home)))
    found = []
    for size in np.unique(count).tolist():
        rows = start[count == size]
        slots = tuple(open_[rows + column] for column in range(size))
        groups = tuple(network.slot_group[slot] for slot in slots)
        found.append(Class(home[rows], slots, groups, tuple(cap[slot] for slot in slots)))
    return found


def blocks_of(classes: list[Class], label: Ints, alive: Bools) -> Iterator[Block]:
    """Each household once for every living part it has slots in, by the slots it has there."""
    for every in classes:
        one = every
        size = len(one.slot)
        parts = [label[group] for group in one.group]
        if size == 1:
            rows = np.flatnonzero(alive[parts[0]])
            yield _block(one, parts, rows, (0,))
            continue
        near = np.flatnonzero(np.logical_or.reduce([alive[part] for part in parts]))
        if len(near) < len(one.home):
            one, parts = one.taken(near), [part[near] for part in parts]
        for chosen in _subsets(size) if size <= SUMMED else _patterns(parts):
            rows = _rows_with(parts, alive, chosen)
            if len(rows):
                yield _block(one, parts, rows, chosen)


def _subsets(size: int) -> Iterator[tuple[int, ...]]:
    for many in range(1, size + 1):
        yield from combinations(range(size), many)


def _patterns(parts: list[Ints]) -> set[tuple[int, ...]]:
    """The sets of columns that stand in one part somewhere: few, where all sets would be many."""
    found: set[tuple[int, ...]] = set()
    for lead in parts:
        same = np.unique(np.column_stack([part == lead for part in parts]), axis=0)
        found.update(tuple(np.flatnonzero(row).tolist()) for row in same)
    return found


def _rows_with(parts: list[Ints], alive: Bools, chosen: tuple[int, ...]) -> Ints:
    """Rows whose slots in one living part are exactly the ``chosen`` columns."""
    lead = parts[chosen[0]]
    fits = alive[lead]
    for column, part in enumerate(parts):
        if column != chosen[0]:
            fits = fits & ((part == lead) == (column in chosen))
    return np.flatnonzero(fits)


def _block(one: Class, parts: list[Ints], found: Ints, chosen: tuple[int, ...]) -> Block:
    rows = slice(None) if len(found) == len(one.home) else found  # all rows need no copy
    lead = parts[chosen[0]][rows]
    above = np.zeros(len(lead), np.int64)
    for column, part in enumerate(parts):
        if column not in chosen:
            above += np.where(part[rows] > lead, one.cap[column][rows], 0)
    caps = tuple(one.cap[column][rows] for column in chosen)
    return Block(
        home=one.home[rows],
        part=lead,
        above=above,
        total=sum(caps, np.zeros(len(lead), np.int64)),
        slot=tuple(one.slot[column][rows] for column in chosen),
        group=tuple(one.group[column][rows] for column in chosen),
        cap=caps,
    )


@dataclass(frozen=True, eq=False)
class Share:
    """One component of what a block's households draw: a rank of some of their slots.

    ``rank`` is how many of the slots may each take ``amount``; one slot takes it alone.
    """

    slot: tuple[Ints, ...]
    group: tuple[Ints, ...]
    rank: int
    amount: Ints
    cap: tuple[Ints, ...]


def shares_of(block: Block, ask: Ints) -> list[Share]:
    """The components that add up to what these households can draw with these asks."""
    if len(block.cap) == 1:
        return [Share(block.slot, block.group, 1, ask, block.cap)]
    if len(block.cap) > SUMMED:
        return [Share(block.slot, block.group, 0, ask, block.cap)]
    rank = {
        chosen: np.minimum(ask, sum(block.cap[i] for i in chosen))
        for chosen in _subsets(len(block.cap))
    }
    if len(block.cap) == 2:
        return [
            _component(block, (0,), 1, ask - rank[1,]),
            _component(block, (1,), 1, ask - rank[0,]),
            _component(block, (0, 1), 1, rank[0,] + rank[1,] - ask),
        ]
    ones = rank[0,] + rank[1,] + rank[2,]
    twice = ones - rank[0, 1] - rank[0, 2] - rank[1, 2] + ask
    either, both = np.maximum(twice, 0), np.maximum(-twice, 0)
    found = [
        _component(block, (0, 1, 2), 1, either),
        _component(block, (0, 1, 2), 2, both),
    ]
    for i, j in combinations(range(3), 2):
        found.append(_component(block, (i, j), 1, rank[i,] + rank[j,] - rank[i, j] - either))
        found.append(_component(block, (3 - i - j,), 1, ask - rank[i, j]))
    return found


def _component(block: Block, chosen: tuple[int, ...], rank: int, amount: Ints) -> Share:
    rows = np.flatnonzero(amount)
    return Share(
        slot=tuple(block.slot[i][rows] for i in chosen),
        group=tuple(block.group[i][rows] for i in chosen),
        rank=rank,
        amount=amount[rows],
        cap=(amount[rows],) * len(chosen),
    )
