"""Series that sell now and then: how likely a week sells, and how much it then sells.

Teunter, Syntetos and Babai 2011 (TSB): the chance of a sale fades in weeks without one, so a crop
that is no longer offered goes to zero by itself. The band mixes the zero with the series' own past
sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasting.engine.panel import HORIZON, draw_quantiles
from forecasting.engine.quantiles import Floats

CHANCE = 0.15
"""Smoothing of the chance of a sale."""
SIZE = 0.15
"""Smoothing of the size of a sale."""
MEMORY = 104


def chance_and_size(amounts: Floats) -> tuple[Floats, Floats]:
    """Chance that a week sells, and the usual size when it does; each of shape (n_series,).

    Examples
    --------
    >>> chance, size = chance_and_size(np.array([[0.0, 4.0] * 30]))
    >>> bool(0.4 < chance[0] < 0.6), size.tolist()
    (True, [4.0])
    """
    sold = np.where(np.isnan(amounts), np.nan, amounts > 0)
    lived = np.maximum((~np.isnan(amounts)).sum(axis=1), 1)
    chance = np.nansum(sold, axis=1) / lived
    size = np.nansum(amounts, axis=1) / np.maximum(np.nansum(sold, axis=1), 1)
    for week in range(amounts.shape[1]):
        now, did = amounts[:, week], sold[:, week]
        chance = np.where(np.isnan(did), chance, chance + CHANCE * (did - chance))
        size = np.where(did == 1, size + SIZE * (now - size), size)
    return chance, size


def now_and_then(amounts: Floats, at: Sequence[float] | Floats) -> Floats:
    """Quantiles of the next weeks, the same for each of them.

    Parameters
    ----------
    amounts : float array of shape (n_series, n_weeks), nan before a series begins
    at : levels, each in (0, 1)

    Returns
    -------
    float array of shape (n_series, ``HORIZON``, n_levels), not negative
    """
    chance, size = chance_and_size(amounts)
    sizes = np.where(amounts > 0, amounts, np.nan)[:, -MEMORY:]
    grid = np.arange(1, 40) / 40
    drawn = np.nan_to_num(draw_quantiles(sizes, grid))
    drawn *= (size / np.maximum(drawn[:, 19], 1e-12))[:, None] ** 0.5
    # Level l of the mixture is level (l - zero) / chance of the sizes.
    inner = (np.asarray(at)[None, :] - (1 - chance)[:, None]) / np.maximum(chance, 1e-9)[:, None]
    place = np.clip(inner * 40 - 1, 0, 38)
    left = np.floor(place).astype(np.int64)
    low = np.take_along_axis(drawn, left, axis=1)
    high = np.take_along_axis(drawn, np.minimum(left + 1, 38), axis=1)
    band = np.where(inner > 0, low + (place - left) * (high - low), 0.0)
    return np.repeat(band[:, None, :], HORIZON, axis=1)
