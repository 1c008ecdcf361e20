"""What the planner answers: volumes by lot, week and hub, and the reason of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from contracts.engine.instance import Ints

ENGINE_VERSION = "1"


class ReasonKind(StrEnum):
    """What limits a lot."""

    OWN_HARVEST = "own_harvest"
    STATION_FULL = "station_full"
    DEMAND_FULL = "demand_full"
    EARLIER_STAGE = "earlier_stage"
    DRAW = "draw"
    BELOW_MINIMUM = "below_minimum"
    NO_ROUTE = "no_route"
    NEED_MET = "need_met"


@dataclass(frozen=True)
class Draw:
    """A lot's place in the public draw of its group, and what came of it."""

    place: int
    of: int
    winners: int
    won: bool


@dataclass(frozen=True)
class Reason:
    """Why a lot gets no more, with the numbers behind it.

    ``weeks`` and ``hubs`` are those whose limit is full; ``level`` is the household's income over
    need, signed and new, before rounding to kg; ``limit_kg`` is what the full stations or cells
    can take together.
    """

    lot_id: int
    household_id: int
    kind: ReasonKind
    station_id: int
    product_id: int
    level: float
    weeks: tuple[int, ...] = ()
    hubs: tuple[int, ...] = ()
    limit_kg: int = 0
    draw: Draw | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """The whole answer. Households and rows are sorted by id; ids are those of the instance.

    ``fair_income_fen`` and ``level`` are before rounding to kg and before the draw;
    ``income_fen`` is what the rows are worth.
    """

    household_id: Ints
    fair_income_fen: Ints
    level: NDArray[np.float64]
    income_fen: Ints
    lot_id: Ints
    week: Ints
    hub_id: Ints
    kg: Ints
    reasons: tuple[Reason, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the rows and the fair incomes; equal plans have equal digests."""
        sha = hashlib.sha256(f"{ENGINE_VERSION}\n".encode())
        for values in (self.household_id, self.fair_income_fen, self.lot_id, self.week):
            sha.update(np.ascontiguousarray(values, "<i8").tobytes())
        for values in (self.hub_id, self.kg):
            sha.update(np.ascontiguousarray(values, "<i8").tobytes())
        return sha.hexdigest()
