"""Bands that hold what they promise: every quantile is moved by what it missed on unseen campaigns.

Conformalised quantile regression (Romano, Patterson and Candès 2019), each level by itself and by
cutoff, late errors counting more (Barber, Candès, Ramdas and Tibshirani 2023). Afterwards closed
campaigns move the quantiles on as they come in (adaptive conformal inference: Gibbs and Candès
2021). A move is capped: uncapped, one bad week has blown a band up eightfold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

CAP = 0.35
"""Farthest a quantile is moved, in widths of its own row's band."""
PACE = 0.01
"""How far one closed campaign moves a quantile that it proves wrong."""
NARROWEST = 0.02


@dataclass(frozen=True)
class Shifts:
    """``moves`` of shape (n_buckets, n_levels), in widths of the band; ``buckets`` are shares."""

    buckets: Floats
    levels: Floats
    moves: Floats

    def apply(self, quantiles: Floats, share: Floats) -> Floats:
        """Move the quantiles of each row as its nearest bucket says; ascending along each row."""
        moved = quantiles + self.moves[nearest(self.buckets, share)] * _width(quantiles)
        return np.sort(moved, axis=1)

    def after(self, truth: Floats, quantiles: Floats, share: Floats) -> Shifts:
        """Learn from campaigns that closed, in the order given; ``quantiles`` are not yet moved."""
        moves, bucket = self.moves.copy(), nearest(self.buckets, share)
        width = _width(quantiles)
        for row, place in enumerate(bucket):
            at = quantiles[row] + moves[place] * width[row]
            above = (truth[row] > at).astype(np.float64)
            step = PACE * (above - (1 - self.levels))
            # A truth right on the quantile (nothing more came) proves it neither high nor low.
            step[np.isclose(truth[row], at)] = 0
            moves[place] = np.clip(moves[place] + step, -CAP, CAP)
        return replace(self, moves=moves)


def fit_shifts(
    truth: Floats,
    quantiles: Floats,
    share: Floats,
    levels: Floats,
    *,
    buckets: Floats,
    weights: Floats,
) -> Shifts:
    """Learn the moves from out-of-fold quantiles.

    Parameters
    ----------
    truth, share, weights : float arrays of shape (n_rows,)
    quantiles : float array of shape (n_rows, n_levels), of models that had not seen these rows
    levels : float array of shape (n_levels,)
    buckets : float array, the shares at which moves are learned
    """
    place, missed = nearest(buckets, share), (truth[:, None] - quantiles) / _width(quantiles)
    moves = np.zeros((len(buckets), len(levels)))
    for bucket in range(len(buckets)):
        rows = place == bucket
        for column, level in enumerate(levels):
            moves[bucket, column] = _at_level(missed[rows, column], weights[rows], level)
    return Shifts(buckets, levels, np.clip(moves, -CAP, CAP))


def nearest(buckets: Floats, share: Floats) -> NDArray[np.int64]:
    """Place of the bucket nearest to each share, by ratio."""
    away = np.abs(np.log(np.maximum(share, 1e-6))[:, None] - np.log(buckets)[None, :])
    place: NDArray[np.int64] = np.argmin(away, axis=1).astype(np.int64)
    return place


def _width(quantiles: Floats) -> Floats:
    """Width of the band between the second and the last but one level, never nothing."""
    width: Floats = np.maximum(quantiles[:, -2] - quantiles[:, 1], NARROWEST)
    return width[:, None]


def _at_level(values: Floats, weights: Floats, level: float) -> float:
    """Weighted quantile with the finite-sample step outwards; no move where nothing is known."""
    if not len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order]) / weights.sum()
    effective = weights.sum() ** 2 / (weights**2).sum()
    outward = (level - 0.5) / effective
    place = np.searchsorted(mass, np.clip(level + outward, 0, 1), side="left")
    return float(values[order][min(int(place), len(values) - 1)])
