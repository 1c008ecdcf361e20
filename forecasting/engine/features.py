"""What a weekly series looked like at the end of a week, for each of the weeks to come.

Every feature is free of scale: a distance from the mean of the last four weeks, in usual weekly
changes. So one model serves a stall and a market hall, and the loss it learns is the score it is
judged by. Nothing after the week it stands at is looked at.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.almanac import Festival, days_from, sun_longitude
from forecasting.engine.panel import HORIZON, WEEK, YEAR, Panel, usual_change
from forecasting.engine.quantiles import Floats

MEMORY = 104
"""Weeks over which the usual change is taken."""
ACTIVE = 2
"""Weeks with a sale, of the last eight, that make a series active."""
YEARS_BACK = (1, 2, 3)
YEARS_MEAN = 8
NEAR_FESTIVAL = 35.0
"""Days around the spring festival in which last year is read by the festival, not by the week."""


@dataclass(frozen=True)
class Rows:
    """Features of every series at the end of one week.

    ``x``: shape (n_series, ``HORIZON``, n_features); ``level`` and ``scale`` of shape (n_series,):
    a forecast is level + scale x what the model says. ``active``: whether the model may speak.
    """

    x: NDArray[np.float32]
    level: Floats
    scale: Floats
    active: NDArray[np.bool_]


class Past:
    """A panel prepared once: running sums, so that any mean is two look-ups.

    Parameters
    ----------
    panel : Panel
    market : float array of shape (n_weeks,), optional
        Mean of all series over their own mean, week by week; taken from the panel if not given.
    """

    def __init__(self, panel: Panel, market: Floats | None = None) -> None:
        self.panel = panel
        amounts = panel.amounts
        self.filled = np.nan_to_num(amounts)
        self.life = (~np.isnan(amounts)).astype(np.float64)
        self._sums = _running(self.filled)
        self._lives = _running(self.life)
        self.market = market_index(amounts) if market is None else market
        self._market_sums = _running(self.market[None, :])
        self.calendar = _Calendar(panel)

    def take(self, places: NDArray[np.int64]) -> Past:
        """Only these series, in the same market."""
        found = copy(self)
        found.panel = self.panel.take(places)
        for name in ("filled", "life", "_sums", "_lives"):
            setattr(found, name, getattr(self, name)[places])
        return found

    def mean(self, start: int, end: int) -> Floats:
        """Mean of columns [start, end) of each series' life; nan where it has none there."""
        low, high = max(start, 0), max(end, 0)
        lived = self._lives[:, high] - self._lives[:, low]
        total = self._sums[:, high] - self._sums[:, low]
        return np.where(lived > 0, total / np.maximum(lived, 1), np.nan)

    def lived(self, column: int) -> Floats:
        """Weeks of life up to and with a column."""
        return self._lives[:, column + 1]

    def market_mean(self, start: int, end: int) -> float:
        """Mean of the market over columns [start, end); nan before it begins."""
        if start < 0:
            return float("nan")
        return float(self._market_sums[0, end] - self._market_sums[0, start]) / (end - start)


def market_index(amounts: Floats) -> Floats:
    """How all series together stood in each week, 1 being usual; shape (n_weeks,)."""
    lived = ~np.isnan(amounts)
    own = np.nansum(amounts, axis=1) / np.maximum(lived.sum(axis=1), 1)
    sold = own > 0
    share = amounts[sold] / own[sold, None]
    count = np.maximum(lived[sold].sum(axis=0), 1)
    return np.nansum(share, axis=0) / count if sold.any() else np.ones(amounts.shape[1])


def _running(values: Floats) -> Floats:
    return np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])


def rows_at(past: Past, column: int, places: NDArray[np.int64] | None = None) -> Rows:
    """Features at the end of the week of a column, for 1 to ``HORIZON`` weeks after it.

    Only of the series at ``places``, when given.
    """
    if places is not None:
        past = past.take(places)
    level = np.nan_to_num(past.mean(column - 3, column + 1))
    scale = usual_change(past.panel.amounts[:, max(0, column + 1 - MEMORY) : column + 1])
    now = _now(past, column, level, scale)
    ahead = [
        np.hstack([now, _ahead(past, column, step, level, scale)]) for step in range(1, HORIZON + 1)
    ]
    sold = past.filled[:, max(0, column - 7) : column + 1] > 0
    x = np.stack(ahead, axis=1).astype(np.float32)
    return Rows(x, level, scale, sold.sum(axis=1) >= ACTIVE)


def _now(past: Past, column: int, level: Floats, scale: Floats) -> Floats:
    """Features that are the same for every week ahead."""
    weeks = [past.filled[:, max(column - back, 0)] for back in range(4)]
    means = [past.mean(column + 1 - width, column + 1) for width in (2, 8, 13, 26, YEAR)]
    recent = past.filled[:, max(0, column - 7) : column + 1]
    half = past.filled[:, max(0, column - 25) : column + 1]
    stand = past.market_mean(max(column - 7, 0), column + 1)
    trend = past.market_mean(max(column - 1, 0), column + 1) / max(stand, 1e-9)
    parts = [
        *[(value - level) / scale for value in (*weeks, *means)],
        level / scale,
        level / np.maximum(np.nan_to_num(means[-1]), 1e-9 * scale + 1e-12),
        (half == 0).mean(axis=1),
        (recent == 0).mean(axis=1),
        recent.std(axis=1) / scale,
        np.minimum(past.lived(column), 2 * YEAR),
        np.full(len(level), trend),
    ]
    return np.column_stack(parts)


def _ahead(past: Past, column: int, step: int, level: Floats, scale: Floats) -> Floats:
    """Features of the week ``step`` ahead: last years' shape, the sun, festivals, harvest."""
    week = column + step
    parts = [part for back in YEARS_BACK for part in _shape(past, column, week, back, level)]
    parts += [_usual_year(past, week) - level, by_festival(past, column, week, level)]
    parts = [part / scale for part in parts]
    market = past.market_mean(week - YEAR - 1, week - YEAR + 2) / max(
        past.market_mean(column - YEAR - 3, column - YEAR + 1), 1e-9
    )
    parts += [np.full(len(level), market), (market - 1) * level / scale]
    constant = [step, *past.calendar.facts(week), past.calendar.since_spring(column)]
    parts += [np.full(len(level), value) for value in constant]
    return np.column_stack([*parts, _harvest(past.panel, week)])


def _shape(past: Past, column: int, week: int, back: int, level: Floats) -> list[Floats]:
    """What the same weeks of a past year did: where they stood, and how they moved from now."""
    there, here = week - YEAR * back, column - YEAR * back
    if here < 3:
        return [np.full(len(level), np.nan)] * (3 if back > 1 else 4)
    later, then = past.mean(there - 1, there + 2), past.mean(here - 3, here + 1)
    floor = np.maximum(np.nan_to_num(then), 1e-9) * 0.05 + level * 0.02 + 1e-12
    grown = level * (np.clip((later + floor) / (then + floor), 0.1, 5) - 1)
    shape = [later - then, grown, later - level]
    if back == 1:
        shape.append(np.where(past.life[:, there] > 0, past.filled[:, there] - level, np.nan))
    return shape


def _usual_year(past: Past, week: int) -> Floats:
    """Mean of the same weeks of all past years."""
    backs = [week - YEAR * back for back in range(1, YEARS_MEAN + 1) if week - YEAR * back >= 1]
    if not backs:
        return np.full(len(past.panel), np.nan)
    years = np.stack([past.mean(place - 1, place + 2) for place in backs])
    known = ~np.isnan(years)
    count = known.sum(axis=0)
    return np.where(count > 0, np.nansum(years, axis=0) / np.maximum(count, 1), np.nan)


def by_festival(past: Past, column: int, week: int, level: Floats) -> Floats:
    """What the week as far from last year's spring festival did, against weeks before it."""
    moved = past.calendar.festival_last_year(week)
    there, here = week - moved, column - moved
    if moved == 0 or here < 3:
        return np.full(len(level), np.nan)
    return past.mean(there, there + 1) - past.mean(here - 3, here + 1)


class _Calendar:
    """Sun and festivals at the middle of every week of a panel, a year before and 8 weeks after."""

    def __init__(self, panel: Panel) -> None:
        self._before = YEAR + 4
        count = self._before + panel.weeks + HORIZON
        middles = panel.monday(-self._before) + np.timedelta64(3, "D") + np.arange(count) * WEEK
        sun = np.radians(sun_longitude(middles))
        feasts = [days_from(feast, middles) for feast in Festival]
        self._spring = feasts[list(Festival).index(Festival.SPRING)]
        self._facts = np.column_stack([np.sin(sun), np.cos(sun), *feasts])

    def facts(self, column: int) -> list[float]:
        """Sine and cosine of the sun's longitude, days from each festival."""
        found: list[float] = self._facts[column + self._before].tolist()
        return found

    def since_spring(self, column: int) -> float:
        """Days from the spring festival."""
        return float(self._spring[column + self._before])

    def festival_last_year(self, column: int) -> int:
        """Weeks back to the week as far from last year's spring festival; 0 when not near one."""
        since = self.since_spring(column)
        if abs(since) > NEAR_FESTIVAL:
            return 0
        backs = range(YEAR - 4, YEAR + 5)
        gaps = [abs(self.since_spring(column - back) - since) for back in backs]
        return backs[int(np.argmin(gaps))]


def _harvest(panel: Panel, week: int) -> Floats:
    """How far the week is through the harvest: 0 at its first day, 1 at its last."""
    if panel.windows is None:
        return np.full(len(panel), np.nan)
    monday = panel.monday(week)
    day = float((monday - monday.astype("datetime64[Y]")) / np.timedelta64(1, "D")) + 4
    first, last = panel.windows[:, 0], panel.windows[:, 1]
    length = np.maximum((last - first) % 365, 7)
    since = (day - first + 182) % 365 - 182
    return np.where(np.isnan(first), np.nan, np.clip(since / length, -4, 4))
