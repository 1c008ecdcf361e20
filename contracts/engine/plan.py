"""What the planner answers: volumes by lot, week and hub, and the reason of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contracts.engine.instance import Ints

ENGINE_VERSION = "3"


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
    SHOP_FULL = "shop_full"


KINDS = tuple(ReasonKind)


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
class ReasonTable:
    """One row a lot, sorted by lot id. ``kind`` is a place in ``KINDS``; -1 where not named.

    ``hub_id`` is named for demand that is full; ``place``, ``of``, ``winners`` and ``won`` for lots
    that were drawn.
    """

    lot_id: Ints
    household_id: Ints
    kind: Ints
    station_id: Ints
    product_id: Ints
    first_week: Ints
    last_week: Ints
    hub_id: Ints
    limit_kg: Ints
    place: Ints
    of: Ints
    winners: Ints
    won: NDArray[np.bool_]

    def rows(self, level: NDArray[np.float64]) -> Iterator[Reason]:
        """The rows one by one; ``level`` is by lot."""
        columns = (self.lot_id, self.household_id, self.kind, self.station_id, self.product_id)
        weeks = zip(self.first_week.tolist(), self.last_week.tolist(), strict=True)
        draws = zip(
            *(c.tolist() for c in (self.place, self.of, self.winners, self.won)), strict=True
        )
        numbers = zip(*(column.tolist() for column in columns), strict=True)
        rest = zip(weeks, self.hub_id.tolist(), self.limit_kg.tolist(), draws, strict=True)
        for (lot, home, kind, station, product), (span, hub, limit, draw), at in zip(
            numbers, rest, level.tolist(), strict=True
        ):
            yield Reason(
                lot_id=lot,
                household_id=home,
                kind=KINDS[kind],
                station_id=station,
                product_id=product,
                level=round(at, 6),
                weeks=tuple(range(span[0], span[1] + 1)) if span[0] >= 0 else (),
                hubs=(hub,) if hub >= 0 else (),
                limit_kg=limit,
                draw=Draw(*draw) if draw[0] > 0 else None,
            )


@dataclass(frozen=True)
class Gap:
    """How far a stage's households can be from what is fair for them, together, in fen.

    ``fair_fen`` is their fair income at least, ``short_fen`` what the plan's rows can lack of it at
    most: by rounding, minimum lots, and, where levels were not all found, by that.
    """

    stage: int
    fair_fen: int
    short_fen: int
    all_levels: bool

    @property
    def share(self) -> float:
        """The part of the fair income that can be lacking at most; 1 where nothing is known."""
        if self.short_fen == 0:
            return 0.0
        return min(self.short_fen / self.fair_fen, 1.0) if self.fair_fen else 1.0


@dataclass(frozen=True, eq=False)
class Plan:
    """The whole answer. Households and rows are sorted by id; ids are those of the instance.

    ``fair_income_fen`` and ``level`` are before rounding to kg and before the draw;
    ``income_fen`` is what the rows are worth; ``credit_fen`` is what a household missed by losing
    a draw, to be counted off its income in the next round.
    """

    household_id: Ints
    fair_income_fen: Ints
    level: NDArray[np.float64]
    income_fen: Ints
    credit_fen: Ints
    lot_id: Ints
    week: Ints
    hub_id: Ints
    kg: Ints
    reason_table: ReasonTable
    gaps: tuple[Gap, ...]

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """One reason for every lot, sorted by lot id."""
        home = np.searchsorted(self.household_id, self.reason_table.household_id)
        return tuple(self.reason_table.rows(self.level[home]))

    @property
    def digest(self) -> str:
        """SHA-256 of the rows and the fair incomes; equal plans have equal digests."""
        sha = hashlib.sha256(f"{ENGINE_VERSION}\n".encode())
        for values in (self.household_id, self.fair_income_fen, self.lot_id, self.week):
            sha.update(np.ascontiguousarray(values, "<i8").tobytes())
        for values in (self.hub_id, self.kg):
            sha.update(np.ascontiguousarray(values, "<i8").tobytes())
        return sha.hexdigest()
