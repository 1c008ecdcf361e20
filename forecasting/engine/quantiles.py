"""Quantiles from weighted draws, and what is read off them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS: Floats = np.array([0.025, *np.arange(1, 20) / 20, 0.975])
"""Levels every distribution is carried at inside the engine."""

SHOWN: dict[str, float] = {"p10": 0.1, "p20": 0.2, "p50": 0.5, "p80": 0.8, "p90": 0.9}
"""Levels that are stored and shown, by column name."""


def weighted_quantiles(draws: Floats, weights: Floats, levels: Floats = STEPS) -> Floats:
    """Quantiles of each row of draws, honest about small samples.

    The k-th of n equal draws stands at level k / (n + 1), so a band of few draws is not too narrow;
    with weights, n is the effective number of draws.

    Parameters
    ----------
    draws : float array of shape (n_rows, n_draws)
    weights : float array of the same shape, not negative, every row with a positive sum
    levels : float array of shape (n_levels,), each in (0, 1)

    Returns
    -------
    float array of shape (n_rows, n_levels), ascending along each row.

    Examples
    --------
    >>> weighted_quantiles(np.array([[3.0, 1.0, 2.0]]), np.ones((1, 3)), np.array([0.25, 0.5]))
    array([[1., 2.]])
    """
    order = np.argsort(draws, axis=1, kind="stable")
    values = np.take_along_axis(draws, order, axis=1)
    shares = np.take_along_axis(weights, order, axis=1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    effective = 1 / (shares**2).sum(axis=1, keepdims=True)
    # A draw's mass is spread around its place: half of it lies on each side.
    middle = np.cumsum(shares, axis=1) - shares / 2
    places = (middle * effective + 0.5) / (effective + 1)
    rows = [np.interp(levels, place, value) for place, value in zip(places, values, strict=True)]
    return np.array(rows).reshape(len(draws), len(levels))


def at(quantiles: Floats, level: float, levels: Floats = STEPS) -> Floats:
    """One level of each row of quantiles, between two carried levels by straight line.

    Examples
    --------
    >>> at(np.arange(21.0)[None, :], 0.5).tolist()
    [10.0]
    """
    right = int(np.clip(np.searchsorted(levels, level - 1e-12), 1, len(levels) - 1))
    low, high = levels[right - 1], levels[right]
    share = float(np.clip((level - low) / (high - low), 0, 1))
    value: Floats = quantiles[:, right - 1] * (1 - share) + quantiles[:, right] * share
    return value


def chance_above(quantiles: Floats, bound: Floats, levels: Floats = STEPS) -> Floats:
    """Probability that each row's value reaches its bound, read off its quantiles.

    Examples
    --------
    >>> chance_above(np.arange(21.0)[None, :], np.array([10.0])).round(3).tolist()
    [0.5]
    """
    below = [
        _share_below(row, float(edge), levels) for row, edge in zip(quantiles, bound, strict=True)
    ]
    return 1 - np.array(below, dtype=np.float64)


def _share_below(row: Floats, edge: float, levels: Floats) -> float:
    left = int(np.searchsorted(row, edge, side="left"))
    if left == 0:
        return 0.0 if row[-1] == row[0] else float(levels[0]) / 2
    if left == len(row):
        return 1.0 if row[-1] == row[0] else float(1 + levels[-1]) / 2
    low, high = row[left - 1], row[left]
    share = (edge - low) / (high - low)
    return float(levels[left - 1] + share * (levels[left] - levels[left - 1]))
