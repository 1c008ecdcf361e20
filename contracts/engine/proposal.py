"""Lanes for an instance with shared limits: what the linear program sends, in whole kilograms.

The fair plan lies inside its own lanes, so the exact division on them finds it again; only what
rounding to whole kilograms takes is lost, and that is carried from week to week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.engine.bundles import Bundles, Split, split
from contracts.engine.filling import FEN_A_YUAN, WORK, Filling, fill
from contracts.engine.flow import Ints
from contracts.engine.instance import Instance
from contracts.engine.network import build_network
from contracts.engine.program import Floats, Program, Sellers

TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Proposal:
    """An instance with lanes only, the limits it comes from, and what is fair under those."""

    split: Split
    lanes: Instance
    sellers: Sellers
    filling: Filling

    def fair_fen(self) -> tuple[Floats, Floats]:
        """Bounds on the fair income of every household, in fen."""
        homes = len(self.lanes.household_id)
        low, high = np.zeros(homes), np.zeros(homes)
        low[self.sellers.home] = self.filling.low * FEN_A_YUAN
        high[self.sellers.home] = self.filling.high * FEN_A_YUAN
        return low, high


def propose(instance: Instance, *, work: int = WORK) -> Proposal:
    """Share the limits of ``instance`` out over lanes as the fair plan uses them."""
    apart = split(instance)
    network = build_network(apart.instance)
    sellers = Sellers.of(network)
    program = Program(network, apart.bundles, sellers)
    filling = fill(program, work=work)
    left = whole_lanes(apart.instance, apart.bundles, program.lane_kg())
    return Proposal(apart, apart.with_lanes(left), sellers, filling)


def whole_lanes(instance: Instance, bundles: Bundles, sent: Floats) -> Ints:
    """Whole kg for each lane within every limit, near ``sent``; what is free is handed out after.

    What a week cannot give a product for rounding is owed to the product's next week.
    """
    kg = _Lanes(bundles, len(sent))
    products = max(len(instance.product_id), 1)
    owner = instance.lane_station * products + instance.lane_product
    owed = np.zeros(int(owner.max(initial=-1)) + 1)
    for week in np.unique(instance.lane_week).tolist():
        lanes = np.flatnonzero(instance.lane_week == week)
        wish = np.maximum(sent[lanes] + owed[owner[lanes]], 0.0)
        down = np.floor(wish + TINY).astype(np.int64)
        kg.add(lanes, np.minimum(down, np.floor(sent[lanes] + TINY).astype(np.int64)))
        rest = wish - kg.kg[lanes]
        order = np.lexsort([lanes, -np.round(rest, 6)])
        kg.add(lanes[order], np.where(rest > TINY, np.ceil(rest - TINY), 0)[order].astype(np.int64))
        owed[owner[lanes]] = wish - kg.kg[lanes]
    used = np.flatnonzero(sent > TINY)
    kg.add(used, _even(bundles, kg.kg, used))
    return kg.kg


class _Lanes:
    """Kg by lane, never more than the limits."""

    def __init__(self, bundles: Bundles, lanes: int) -> None:
        self.kg = np.zeros(lanes, np.int64)
        self.left = bundles.left_kg.tolist()
        self.over: list[list[int]] = [[] for _ in range(lanes)]
        for lane, bundle in zip(bundles.lane.tolist(), bundles.bundle.tolist(), strict=True):
            self.over[lane].append(bundle)

    def add(self, lanes: Ints, wish: Ints) -> None:
        """Add to lanes in their order as much of ``wish`` as the limits allow."""
        for lane, most in zip(lanes.tolist(), wish.tolist(), strict=True):
            step = min([most, *(self.left[bundle] for bundle in self.over[lane])])
            if step > 0:
                self.kg[lane] += step
                for bundle in self.over[lane]:
                    self.left[bundle] -= step


def _even(bundles: Bundles, kg: Ints, used: Ints) -> Ints:
    """For each used lane an equal part of what its limits have left."""
    count = np.zeros(len(bundles.left_kg), np.int64)
    mine = np.isin(bundles.lane, used)
    np.add.at(count, bundles.bundle[mine], 1)
    left = (bundles.left_kg - bundles.used(kg)).astype(np.int64) // np.maximum(count, 1)
    part = np.full(len(kg), np.iinfo(np.int64).max)
    np.minimum.at(part, bundles.lane[mine], left[bundles.bundle[mine]])
    return part[used]
