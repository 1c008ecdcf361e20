"""What a forecast is worth, each score written once.

Quantile scores follow Gneiting and Raftery 2007 and Bracher, Ray, Gneiting and Reich 2021: the
weighted interval score is twice the mean pinball loss over the levels. Divided by mean demand it
compares across crops; divided by a series' usual weekly change it is the scaled pinball loss of the
M5 competition (Makridakis, Spiliotis and Assimakopoulos 2022). Lower is better everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasting.engine.quantiles import Floats

REPEATS = 1000
"""Resamples behind a skill's interval."""


def pinball(truth: Floats, quantiles: Floats, levels: Floats) -> Floats:
    """Loss of each row at each level, in the unit of the truth.

    Parameters
    ----------
    truth : float array of shape (n_rows,)
    quantiles : float array of shape (n_rows, n_levels)
    levels : float array of shape (n_levels,), each in (0, 1)

    Returns
    -------
    float array of shape (n_rows, n_levels)

    Examples
    --------
    >>> pinball(np.array([2.0]), np.array([[1.0, 4.0]]), np.array([0.1, 0.9])).round(3)
    array([[0.1, 0.2]])
    """
    miss = truth[:, None] - quantiles
    loss: Floats = np.maximum(levels * miss, (levels - 1) * miss)
    return loss


def interval_score(truth: Floats, quantiles: Floats, levels: Floats) -> Floats:
    """Weighted interval score of each row: twice the mean pinball loss, in the unit of the truth.

    Examples
    --------
    >>> interval_score(np.array([2.0]), np.array([[1.0, 1.0, 1.0]]), np.array([0.1, 0.5, 0.9]))
    array([1.])
    """
    score: Floats = 2 * pinball(truth, quantiles, levels).mean(axis=1)
    return score


def wis(truth: Floats, quantiles: Floats, levels: Floats) -> float:
    """Weighted interval score over mean demand, one number for all rows.

    Examples
    --------
    >>> wis(np.array([2.0, 6.0]), np.array([[1.0], [5.0]]), np.array([0.5]))
    0.25
    """
    return float(interval_score(truth, quantiles, levels).mean() / max(truth.mean(), 1e-9))


def coverage(truth: Floats, low: Floats, high: Floats) -> float:
    """Share of the truths within their band, edges included.

    Examples
    --------
    >>> coverage(np.array([1.0, 5.0]), np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    0.5
    """
    held = (truth >= low - 1e-9) & (truth <= high + 1e-9)
    return float(held.mean())


def wape(truth: Floats, middle: Floats) -> float:
    """Absolute error over demand, both summed.

    Examples
    --------
    >>> wape(np.array([2.0, 6.0]), np.array([1.0, 5.0]))
    0.25
    """
    return float(np.abs(truth - middle).sum() / max(truth.sum(), 1e-9))


def mase(truth: Floats, middle: Floats, scale: Floats) -> float:
    """Mean absolute error over each series' usual weekly change (Hyndman and Koehler 2006).

    Examples
    --------
    >>> mase(np.array([4.0]), np.array([1.0]), np.array([2.0]))
    1.5
    """
    return float((np.abs(truth - middle) / scale).mean())


def scaled_pinball(truth: Floats, quantiles: Floats, levels: Floats, scale: Floats) -> float:
    """Weighted interval score over each series' usual weekly change (SPL).

    Parameters
    ----------
    scale : float array of shape (n_rows,), positive: see ``weekly_change``

    Examples
    --------
    >>> scaled_pinball(np.array([4.0]), np.array([[1.0]]), np.array([0.5]), np.array([2.0]))
    1.5
    """
    return float((interval_score(truth, quantiles, levels) / scale).mean())


@dataclass(frozen=True)
class Skill:
    """How much lower the mean score is than a baseline's, as a share of it.

    0.2 is a fifth better, below 0 is worse; ``low`` and ``high`` hold the middle 90 % of
    resamples. A win is claimed only where ``low`` is above 0.
    """

    share: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """The whole interval is on the better side."""
        return self.low > 0


def skill(ours: Floats, baseline: Floats, groups: Floats | None = None, *, seed: int = 0) -> Skill:
    """Compare two forecasts of the same rows by a paired bootstrap.

    Parameters
    ----------
    ours, baseline : float arrays of shape (n_rows,)
        Scores of the same rows, lower is better.
    groups : array of shape (n_rows,), optional
        Rows of one group (a series, a campaign) are drawn together, for they err together.
    seed : int

    Raises
    ------
    ValueError
        The two are not of the same rows, there is none, or the baseline never missed.

    Examples
    --------
    >>> skill(np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    Skill(share=0.5, low=0.5, high=0.5)
    """
    if ours.shape != baseline.shape or not len(ours):
        raise ValueError("both scores must be of the same rows, at least one")
    if baseline.sum() <= 0:
        raise ValueError("the baseline never missed: nothing can be better")
    _, group = np.unique(np.arange(len(ours)) if groups is None else groups, return_inverse=True)
    mine, theirs = np.bincount(group, ours), np.bincount(group, baseline)
    draws = np.random.default_rng(seed).integers(0, len(mine), (REPEATS, len(mine)))
    resampled = 1 - mine[draws].sum(axis=1) / np.maximum(theirs[draws].sum(axis=1), 1e-12)
    low, high = np.quantile(resampled, [0.05, 0.95])
    return Skill(float(1 - ours.sum() / baseline.sum()), float(low), float(high))
