"""The public draw: lots whose fair share is below the minimum lot win it with a fair chance.

Systematic sampling in the order of a hash over the public seed and the household, so anyone can
repeat it. A household with a share f below the minimum m wins m with a chance of at most f / m;
what a group wins is never more than it had, so what was feasible stays feasible.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import Bools, Ints
from contracts.engine.instance import Instance
from contracts.engine.network import Network, total


@dataclass(frozen=True, eq=False)
class Draws:
    """Lots that were drawn (places among the network's lots, sorted), and what came of it."""

    lot: Ints
    place: Ints
    of: Ints
    winners: Ints
    won: Bools

    @classmethod
    def none(cls) -> Draws:
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty, empty, np.zeros(0, bool))

    def joined(self, other: Draws) -> Draws:
        """Both draws as one; no lot is in both."""
        order = np.argsort(np.concatenate([self.lot, other.lot]), kind="stable")
        names = ("lot", "place", "of", "winners", "won")
        return Draws(*(np.concatenate([getattr(self, n), getattr(other, n)])[order] for n in names))


def class_of(network: Network) -> Ints:
    """A number for each usable lot, the same for lots alike in group and tier."""
    tier = network.instance.tier[network.instance.lot_household[network.lot]]
    return network.slot_group[network.slot] * 100 + tier


def hold_draw(network: Network, share: Ints, small: Bools, *, turn: int) -> Draws:
    """Draw among the lots ``small``; ``share`` is what each lot sells in parts of a fen."""
    lots = np.flatnonzero(small)
    if not len(lots):
        return Draws.none()
    alike = class_of(network)[lots]
    lots = lots[np.lexsort([*_rank(network, lots)[::-1], alike])]
    classes, start, of = np.unique(class_of(network)[lots], return_index=True, return_counts=True)
    mine = np.repeat(np.arange(len(classes)), of)
    worth = total(mine, share[lots], len(classes))
    group = classes // 100
    product = network.group_product[group]
    prize = network.instance.min_lot_kg[product] * network.group_price[group]
    winners = worth // prize
    first = np.array(
        [
            _start(network, one, turn) % whole
            for one, whole in zip(classes.tolist(), worth.tolist(), strict=True)
        ],
        np.int64,
    )
    won = np.zeros(len(lots), bool)
    won[_ticked(np.cumsum(share[lots]), worth, winners, first)] = True
    order = np.argsort(lots)
    place = np.arange(len(lots)) - start[mine] + 1
    return Draws(lots[order], place[order], of[mine][order], winners[mine][order], won[order])


def _ticked(upto: Ints, worth: Ints, winners: Ints, first: Ints) -> Ints:
    """The members on whose share one of the evenly spaced ticks of their class falls."""
    one = np.repeat(np.arange(len(winners)), winners)
    number = np.arange(len(one)) - np.repeat(np.cumsum(winners) - winners, winners)
    step, rest = worth[one] // winners[one], worth[one] % winners[one]
    tick = number * step + (number * rest + first[one]) // winners[one]
    before = (np.cumsum(worth) - worth)[one]
    hit: Ints = np.searchsorted(upto, before + tick, side="right")
    return hit


def _rank(network: Network, lots: Ints) -> tuple[NDArray[np.uint64], Ints, Ints]:
    """Sort keys of lots in a draw: hash of seed and household, household, lot."""
    instance = network.instance
    home = instance.lot_household[network.lot[lots]]
    homes, place = np.unique(home, return_inverse=True)
    rank = np.array(
        [household_rank(instance, number) for number in instance.household_id[homes].tolist()],
        np.uint64,
    )
    return rank[place], home, lots


def household_rank(instance: Instance, household_id: int) -> int:
    """A household's number in every draw: the first 8 bytes of SHA-256 of ``seed/household``."""
    return _hash(f"{instance.seed}/{household_id}")


def _start(network: Network, alike: int, turn: int) -> int:
    """Where the first tick of a class lies, from a hash over the seed, the class and the turn."""
    instance, group = network.instance, alike // 100
    parts = (
        instance.station_id[network.group_station[group]],
        instance.product_id[network.group_product[group]],
        network.group_first_week[group],
        network.group_last_week[group],
        alike % 100,
        turn,
    )
    return _hash("/".join([instance.seed, *(str(int(part)) for part in parts)]))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
