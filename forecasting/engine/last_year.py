"""Crops with a short season: the same week of past years answers.

A crop that is gone for half the year has no level to smooth. Past years' same weeks and their
neighbours are its draws; once this season has begun they are moved half way to this year's size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasting.engine.panel import HORIZON, YEAR, draw_quantiles
from forecasting.engine.quantiles import Floats

AROUND = (-2, -1, 0, 1, 2)
"""Weeks either side of the same week that also count."""
YEARS = 3
RUN = 4
"""Weeks over which this season is compared with past ones."""
MOST = 2.0
"""This year's size counts at most this many times (or this part of) past years'."""


def same_week(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """Quantiles of the next weeks; nan where a series has no such week in its past.

    Parameters
    ----------
    amounts : float array of shape (n_series, n_weeks), nan before a series begins
    at : levels, each in (0, 1)

    Returns
    -------
    float array of shape (n_series, ``HORIZON``, n_levels), not negative
    """
    size = _this_year(amounts)[:, None]
    out = np.empty((len(amounts), HORIZON, len(at)))
    for step in range(HORIZON):
        out[:, step] = size * draw_quantiles(_draws(amounts, step), at)
    return out


def _draws(amounts: Floats, step: int) -> Floats:
    weeks = amounts.shape[1]
    places = [weeks + step - YEAR * back + near for back in range(1, YEARS + 1) for near in AROUND]
    columns = [
        amounts[:, place] if 0 <= place < weeks else np.full(len(amounts), np.nan)
        for place in places
    ]
    return np.column_stack(columns)


def _this_year(amounts: Floats) -> Floats:
    """Square root of this year's last weeks over the same weeks of last year; 1 out of season."""
    weeks = amounts.shape[1]
    if weeks < YEAR + RUN:
        return np.ones(len(amounts))
    now = amounts[:, -RUN:].mean(axis=1)
    then = amounts[:, weeks - YEAR - RUN : weeks - YEAR].mean(axis=1)
    both = (now > 0) & (then > 0)
    ratio = np.where(both, now, 1.0) / np.where(both, then, 1.0)
    return np.sqrt(np.clip(ratio, 1 / MOST**2, MOST**2))
