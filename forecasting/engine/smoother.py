"""Exponential smoothing of the level, every series at once.

Each series takes the smoothing value that missed least in its own past (Gardner 2006); its bands
are its own past misses at the same distance, added to today's level. Nothing is assumed about
their shape, so an upper band cannot explode when a crop goes out of season.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasting.engine.panel import HORIZON, draw_quantiles, usual_change
from forecasting.engine.quantiles import Floats

ALPHAS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.0)
MEMORY = 104
"""Weeks of misses that are remembered."""
FEW = 12
"""With fewer misses than this, half the level counts as one miss either way."""
MIDDLE = 4
"""Weeks ahead at which smoothing values are judged."""


def levels(amounts: Floats, alpha: Floats) -> Floats:
    """Smoothed level after each week.

    Parameters
    ----------
    amounts : float array of shape (n_series, n_weeks), nan before a series begins
    alpha : float array of shape (n_series,), in (0, 1]

    Returns
    -------
    float array of the same shape as ``amounts``

    Examples
    --------
    >>> levels(np.array([[np.nan, 4.0, 8.0]]), np.array([0.5]))
    array([[nan,  4.,  6.]])
    """
    found = np.empty_like(amounts)
    level = np.full(len(amounts), np.nan)
    for week in range(amounts.shape[1]):
        now = amounts[:, week]
        level = np.where(np.isnan(level), now, level + alpha * (now - level))
        found[:, week] = level
    return found


def best_alpha(amounts: Floats) -> Floats:
    """The smoothing value of each series that missed least, ``MIDDLE`` weeks ahead."""
    best, least = np.full(len(amounts), 0.3), np.full(len(amounts), np.inf)
    for alpha in ALPHAS:
        level = levels(amounts, np.full(len(amounts), alpha))
        miss = np.abs(amounts[:, MIDDLE:] - level[:, :-MIDDLE])[:, -MEMORY:]
        total = np.nansum(miss, axis=1)
        better = total < least * 0.999
        best[better], least[better] = alpha, total[better]
    return best


def smooth(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """Quantiles of the next weeks.

    Parameters
    ----------
    amounts : float array of shape (n_series, n_weeks), nan before a series begins
    at : levels, each in (0, 1)

    Returns
    -------
    float array of shape (n_series, ``HORIZON``, n_levels), not negative

    Examples
    --------
    >>> smooth(np.full((1, 40), 7.0), [0.1, 0.5, 0.9])[0, 0].tolist()
    [7.0, 7.0, 7.0]
    """
    level = levels(amounts, best_alpha(amounts))
    today = level[:, -1:]
    wide = usual_change(amounts)[:, None] + today / 2
    out = np.empty((len(amounts), HORIZON, len(at)))
    for step in range(1, HORIZON + 1):
        miss = np.full((len(amounts), 2), np.nan)
        if amounts.shape[1] > step:
            miss = np.hstack([miss, (amounts[:, step:] - level[:, :-step])[:, -MEMORY:]])
        few = (~np.isnan(miss)).sum(axis=1) < FEW
        miss[few, :2] = np.hstack([-wide, wide])[few]
        out[:, step - 1] = np.maximum(today + draw_quantiles(miss, at), 0)
    return out
