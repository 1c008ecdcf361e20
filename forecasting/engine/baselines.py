"""What anyone can compute from a curve so far: the baselines every pre-sale forecast must beat.

Pick-up methods after Weatherford and Kimes 2003. All take what each campaign (or due date) had at
the cutoff; ``past`` ones are over, seen at the same cutoff. The weekly baselines stand in
``baselines_weekly``.
"""

from __future__ import annotations

import numpy as np

from forecasting.engine.quantiles import Floats


def ratio(so_far: Floats, share: Floats) -> Floats:
    """Pledged so far over the share of the days gone.

    Examples
    --------
    >>> ratio(np.array([10.0]), np.array([0.25])).tolist()
    [40.0]
    """
    return so_far / share


def additive(so_far: Floats, past_so_far: Floats, past_final: Floats) -> Floats:
    """Pledged so far plus the mean rest of the past; no rest where there is no past.

    Examples
    --------
    >>> additive(np.array([10.0]), np.array([5.0, 5.0]), np.array([7.0, 9.0])).tolist()
    [13.0]
    """
    rest = float((past_final - past_so_far).mean()) if len(past_final) else 0.0
    return np.maximum(so_far + rest, 0)


def chain_ladder(so_far: Floats, past_so_far: Floats, past_final: Floats) -> Floats:
    """Pledged so far over the share the past had by then, sums over sums.

    Examples
    --------
    >>> chain_ladder(np.array([10.0]), np.array([2.0, 2.0]), np.array([3.0, 5.0])).tolist()
    [20.0]
    """
    pledged = float(past_so_far.sum())
    return so_far * (float(past_final.sum()) / pledged if pledged > 0 else 1.0)


def band(points: Floats, past_points: Floats, past_final: Floats, levels: Floats) -> Floats:
    """Quantiles about points, from what the same rule missed on the past; shape (n, n_levels).

    Examples
    --------
    >>> band(np.array([10.0]), np.zeros(3), np.array([1.0, 2.0, 3.0]), np.array([0.5])).tolist()
    [[12.0]]
    """
    missed = past_final - past_points
    moves = np.quantile(missed, levels) if len(missed) else np.zeros(len(levels))
    return np.maximum(points[:, None] + moves, 0)
