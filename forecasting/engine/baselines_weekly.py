"""What any weekly forecast must beat: last year, last week, the mean of the last four weeks.

Each is a number anyone can compute, with its own past misses at the same distance as its band.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from forecasting.engine.panel import HORIZON, YEAR, draw_quantiles
from forecasting.engine.quantiles import Floats

MEMORY = 104
Baseline = Callable[[Floats, Sequence[float] | Floats], Floats]


def last_value(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """The last week again.

    Parameters
    ----------
    amounts : float array of shape (n_series, n_weeks), nan before a series begins
    at : levels, each in (0, 1)

    Returns
    -------
    float array of shape (n_series, ``HORIZON``, n_levels), not negative

    Examples
    --------
    >>> last_value(np.arange(20.0)[None, :], [0.5])[0, :2, 0].tolist()
    [20.0, 21.0]
    """
    return _with_misses(amounts, amounts, at)


def mean_of_four(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """The mean of the last four weeks."""
    width = min(4, amounts.shape[1])
    rolled = np.stack([np.roll(amounts, shift, axis=1) for shift in range(width)])
    rolled[:, :, : width - 1] = amounts[:, : width - 1]
    lived = np.maximum((~np.isnan(rolled)).sum(axis=0), 1)
    means = np.where(np.isnan(amounts), np.nan, np.nansum(rolled, axis=0) / lived)
    return _with_misses(amounts, means, at)


def seasonal_naive(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """The same week of last year; the mean of the last four weeks where there is none."""
    weeks = amounts.shape[1]
    if weeks < YEAR:
        return mean_of_four(amounts, at)
    out = mean_of_four(amounts, at)
    miss = (amounts[:, YEAR:] - amounts[:, :-YEAR])[:, -MEMORY:]
    spread = draw_quantiles(np.hstack([miss, np.full((len(amounts), 1), np.nan)]), at)
    for step in range(HORIZON):
        same = amounts[:, weeks - YEAR + step]
        band = np.maximum(same[:, None] + np.nan_to_num(spread), 0)
        known = ~np.isnan(same)
        out[known, step] = band[known]
    return out


def _with_misses(amounts: Floats, middle: Floats, at: Sequence[float] | Floats) -> Floats:
    """Today's middle plus what it missed as many weeks ahead before."""
    out = np.empty((len(amounts), HORIZON, len(at)))
    for step in range(1, HORIZON + 1):
        miss = np.zeros((len(amounts), 1))
        if amounts.shape[1] > step:
            miss = (amounts[:, step:] - middle[:, :-step])[:, -MEMORY:]
        spread = np.nan_to_num(draw_quantiles(miss, at))
        out[:, step - 1] = np.maximum(middle[:, -1:] + spread, 0)
    return out


BASELINES: dict[str, Baseline] = {
    "seasonal naive": seasonal_naive,
    "last value": last_value,
    "mean of 4": mean_of_four,
}
