"""The level of income over need at which households just fill what their part can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import Bools, Ints

Floats = NDArray[np.float64]

STEPS = 200
NEARLY = 1e-3
CLOSE = 1e-12
FEWER = 0.7  # rows are copied when fewer than this share still count


@dataclass(frozen=True, eq=False)
class Curves:
    """Asks that grow with the level: ``clip(level * need - above, low, high)`` of some parts."""

    part: Ints
    need: Ints
    above: Ints
    low: Ints
    high: Ints

    def at(self, level: Floats) -> Floats:
        """The real asks when each part stands at its level."""
        return np.clip(level[self.part] * self.need - self.above, self.low, self.high)


def levels_that_fill(
    curves: Sequence[Curves], room: Ints, low: Floats, high: Floats, known: Floats
) -> Floats:
    """For each part the level at which its asks fill its ``room``; infinite with room to spare.

    ``low`` and ``high`` bracket the answer; parts that have a ``known`` level (else nan) keep it.
    Newton's method on a growing function of straight pieces, kept inside the bracket.
    """
    size = len(room)
    open_ = np.isnan(known)
    left = room.astype(np.float64)
    for one in curves:
        fixed = one.low == one.high
        left -= np.bincount(one.part[fixed], one.low[fixed], minlength=size)
    rows = _Rows.of(curves)
    most = np.bincount(rows.part, rows.high, minlength=size)
    level = np.where(open_, np.inf, known)
    todo = open_ & (most > left)
    top = np.zeros(size)
    np.maximum.at(top, rows.part, (rows.high + rows.above) / rows.need)
    search = _Search(np.where(todo, low, 0.0), np.where(todo, np.minimum(high, top), 0.0), left)
    found = search.run(rows, todo)
    return np.where(todo, found, level)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rising asks of all curves together, as floats so that nothing is converted twice."""

    part: Ints
    need: Floats
    above: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, curves: Sequence[Curves]) -> _Rows:
        rising = [np.flatnonzero(one.low < one.high) for one in curves]

        def joined(name: str) -> Ints:
            columns = [getattr(one, name)[rows] for one, rows in zip(curves, rising, strict=True)]
            return np.concatenate([np.zeros(0, np.int64), *columns])

        need, above, low, high = (
            joined(name).astype(np.float64) for name in ("need", "above", "low", "high")
        )
        return cls(joined("part"), need, above, low, high)

    def only(self, rows: Bools) -> _Rows:
        columns = (column[rows] for column in (self.need, self.above, self.low, self.high))
        need, above, low, high = columns
        return _Rows(self.part[rows], need, above, low, high)


class _Search:
    """A bracketed Newton search for every part at once."""

    def __init__(self, low: Floats, high: Floats, target: Floats) -> None:
        self.low, self.high, self.target = low, high, target
        self.near = np.maximum(np.abs(target) * CLOSE, NEARLY)

    def run(self, rows: _Rows, todo: Bools) -> Floats:
        level = self._guess(rows)
        todo = todo.copy()
        count = np.bincount(rows.part, minlength=len(todo))
        for _ in range(STEPS):
            if not todo.any():
                break
            if count[todo].sum() < FEWER * len(rows.part):
                rows = rows.only(todo[rows.part])
            value, slope = self._measured(rows, level)
            over = value > self.target
            self.high = np.where(todo & over, level, self.high)
            self.low = np.where(todo & ~over, level, self.low)
            todo &= np.abs(value - self.target) > self.near
            todo &= self.high - self.low > CLOSE * 1e-3 * self.high
            level = np.where(todo, self._next(level, value, slope), level)
        return level

    def _guess(self, rows: _Rows) -> Floats:
        """The level if nobody's ask were cut off, kept inside the bracket."""
        size = len(self.target)
        above = np.bincount(rows.part, rows.above, minlength=size)
        need = np.bincount(rows.part, rows.need, minlength=size)
        level = (self.target + above) / np.maximum(need, 1)
        return np.asarray(np.clip(level, self.low, np.maximum(self.high, self.low)))

    def _measured(self, rows: _Rows, level: Floats) -> tuple[Floats, Floats]:
        wish = level[rows.part]
        wish *= rows.need
        wish -= rows.above
        rising = rows.need * ((wish >= rows.low) & (wish <= rows.high))
        np.clip(wish, rows.low, rows.high, out=wish)
        size = len(self.target)
        value, slope = (np.bincount(rows.part, one, minlength=size) for one in (wish, rising))
        return value.astype(np.float64), slope.astype(np.float64)

    def _next(self, level: Floats, value: Floats, slope: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            step = level + (self.target - value) / slope
        middle = (self.low + self.high) / 2
        return np.where((step > self.low) & (step < self.high), step, middle)


def asks_at(curves: Sequence[Curves], level: Floats, room: Ints) -> list[Ints]:
    """The asks in whole parts of a fen, never more in a part than it has room for."""
    asks = [_whole(one, level, NEARLY) for one in curves]
    sums = np.zeros(len(room))
    for one, ask in zip(curves, asks, strict=True):
        sums += np.bincount(one.part, ask, minlength=len(room))
    over = (sums > room) & np.isfinite(level)
    if over.any():
        for place, one in enumerate(curves):
            lower = np.maximum(_whole(one, level, -1.0), one.low)
            asks[place] = np.where(over[one.part], lower, asks[place])
    return asks


def _whole(one: Curves, level: Floats, by: float) -> Ints:
    return np.minimum(np.floor(one.at(level) + by).astype(np.int64), one.high)
