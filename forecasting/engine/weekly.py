"""Weekly sales one to eight weeks ahead, thousands of series at once.

Two members: boosted trees over all series, and the plain member of each family (smoothed level;
chance and size; last year's week). How much each counts, and how much wider the band must be, is
learnt per family on the last weeks of the history, which the trees for it have not seen. What was
learnt is kept in ``Fitted`` and read off ``Fitted.report``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.booster import Booster, fit_booster, lessons
from forecasting.engine.families import families, plain
from forecasting.engine.features import ACTIVE, Past, Rows, rows_at
from forecasting.engine.mixing import Learnt, Trial, learn, mix, untried, widened
from forecasting.engine.panel import HORIZON, Panel
from forecasting.engine.quantiles import Floats

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
LEAST_TRIED, MOST_TRIED = 16, 52
"""Weeks before the end at which the trees for the trials stop learning: a fifth of the history, at
most a year of seasons."""
TRIALS = 8
"""Weeks, evenly apart, from which trial forecasts are made."""
SHORTEST = 52
"""Weeks of history below which nothing is tried and nothing boosted."""
GROWN = 40
"""Weeks of life a series must have to be tried: a young one's usual change is a guess."""
AT_ONCE = 5_000
"""Series whose features are held in memory together."""


@dataclass(frozen=True)
class Fitted:
    """All that scoring needs: plain values, so that it travels between processes.

    ``last`` is the Monday of the last week learnt from; ``market`` how all series together stood
    in each week up to it.
    """

    last: date
    levels: tuple[float, ...]
    booster: Booster | None
    market: Floats
    learnt: Learnt


def fit(panel: Panel, levels: Sequence[float] = LEVELS) -> Fitted:
    """Learn from a panel, or a sample of its rows.

    Parameters
    ----------
    panel : Panel
    levels : ascending, each in (0, 1), with 0.5 among them

    Raises
    ------
    ValueError
        The levels are not ascending, or the middle one is missing.
    """
    levels = tuple(float(level) for level in levels)
    if 0.5 not in levels or list(levels) != sorted(set(levels)) or not 0 < levels[0] < 1:
        raise ValueError("levels must ascend within (0, 1) and hold 0.5")
    past = Past(panel)
    if panel.weeks < SHORTEST or not len(panel):
        return Fitted(panel.last, levels, None, past.market, untried(levels))
    taught = lessons(past)
    tried = min(max(panel.weeks // 5, LEAST_TRIED), MOST_TRIED)
    unaware = fit_booster(taught, levels, until=panel.weeks - tried)
    columns = range(panel.weeks - tried - 1, panel.weeks - 1, tried // TRIALS)
    learnt = learn([_tried(past, column, unaware, levels) for column in columns], levels)
    booster = fit_booster(taught, levels, until=panel.weeks)
    return Fitted(panel.last, levels, booster, past.market, learnt)


def _tried(past: Past, column: int, booster: Booster | None, levels: Sequence[float]) -> Trial:
    """One trial: every grown series that is on sale, as far ahead as outcomes are known."""
    seen = past.panel.amounts[:, : column + 1]
    on_sale = (past.filled[:, max(column - 7, 0) : column + 1] > 0).sum(axis=1) >= ACTIVE
    places = np.flatnonzero(on_sale & (past.lived(column) >= GROWN))
    rows = rows_at(past, column, places)
    reach = min(HORIZON, past.panel.weeks - 1 - column)
    said = _members(seen[places], rows, booster, levels)
    count = len(places) * reach
    ahead = np.tile(np.arange(1, reach + 1), len(places))
    return Trial(
        past.panel.amounts[places, column + 1 : column + 1 + reach].ravel(),
        np.repeat(rows.scale, reach),
        said.smart[:, :reach].reshape(count, -1),
        said.dull[:, :reach].reshape(count, -1),
        np.repeat(said.kind, reach),
        np.repeat(said.active, reach),
        column + ahead,
        ahead,
    )


@dataclass(frozen=True)
class _Said:
    """What the members say: quantiles of shape (n_series, HORIZON, n_levels) each."""

    smart: Floats
    dull: Floats
    kind: NDArray[np.int64]
    active: NDArray[np.bool_]


def _members(seen: Floats, rows: Rows, booster: Booster | None, levels: Sequence[float]) -> _Said:
    kind = families(seen)
    dull = plain(seen, kind, levels)
    smart = dull.copy()
    active = rows.active if booster else np.zeros(len(seen), dtype=bool)
    if booster is not None and active.any():
        x = rows.x[active]
        told = booster.predict(x.reshape(-1, x.shape[-1])).reshape(len(x), HORIZON, -1)
        level, scale = rows.level[active, None, None], rows.scale[active, None, None]
        smart[active] = np.maximum(level + scale * told, 0)
    return _Said(smart, dull, kind, active)


def score(fitted: Fitted, panel: Panel) -> Floats:
    """Quantiles of the weeks after the panel's last, each series by itself.

    Any split of the panel's rows gives the same bytes as the whole.

    Parameters
    ----------
    fitted : Fitted
    panel : Panel that ends with the week ``fitted`` was learnt to

    Returns
    -------
    float array of shape (n_series, ``HORIZON``, n_levels), ascending, not negative

    Raises
    ------
    ValueError
        The panel ends with another week.
    """
    if panel.last != fitted.last:
        raise ValueError(f"learnt up to {fitted.last}, but the sales end with {panel.last}")
    out = np.zeros((len(panel), HORIZON, len(fitted.levels)))
    for start in range(0, len(panel), AT_ONCE):
        places = np.arange(start, min(start + AT_ONCE, len(panel)))
        out[places] = _scored(fitted, _as_wide(panel.take(places), len(fitted.market)))
    return out


def _as_wide(panel: Panel, weeks: int) -> Panel:
    """The panel with exactly as many weeks as the market: older ones go, missing ones are empty."""
    gap = weeks - panel.weeks
    empty = np.full((len(panel), max(gap, 0)), np.nan)
    return replace(panel, amounts=np.hstack([empty, panel.amounts[:, max(-gap, 0) :]]))


def _scored(fitted: Fitted, panel: Panel) -> Floats:
    if not panel.weeks:
        return np.zeros((len(panel), HORIZON, len(fitted.levels)))
    past = Past(panel, fitted.market)
    rows = rows_at(past, panel.weeks - 1)
    said = _members(panel.amounts, rows, fitted.booster, fitted.levels)
    weight = np.where(said.active, fitted.learnt.weight[said.kind], 0.0)
    mixed = mix(said.smart, said.dull, weight)
    return widened(mixed, fitted.learnt.width[said.kind], fitted.levels)
