"""Whether what is wanted will be there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecasting.engine.quantiles import Floats

POINTS: Floats = (np.arange(200) + 0.5) / 200


def chance_short(
    demand: Sequence[float],
    demand_levels: Sequence[float],
    supply: Sequence[float],
    supply_levels: Sequence[float],
) -> float:
    """Probability that demand exceeds supply, each known by a few quantiles and independent.

    Between two quantiles the value is taken to lie evenly; beyond the last one it stays there.

    Parameters
    ----------
    demand, supply : ascending quantiles, one unit
    demand_levels, supply_levels : their levels, ascending, each in (0, 1)

    Raises
    ------
    ValueError
        Quantiles and levels differ in length or do not ascend.

    Examples
    --------
    >>> chance_short([4, 5, 6], [0.1, 0.5, 0.9], [1, 2, 3], [0.1, 0.5, 0.9])
    1.0
    >>> chance_short([4, 5, 6], [0.1, 0.5, 0.9], [4, 5, 6], [0.1, 0.5, 0.9])
    0.49
    """
    wanted, there = _spread(demand, demand_levels), _spread(supply, supply_levels)
    return round(float((wanted[:, None] > there[None, :]).mean()), 2)


def _spread(quantiles: Sequence[float], levels: Sequence[float]) -> Floats:
    if len(quantiles) != len(levels) or not len(levels):
        raise ValueError("every level needs its quantile")
    if (np.diff(quantiles) < 0).any() or (np.diff(levels) <= 0).any():
        raise ValueError("quantiles and levels must ascend")
    return np.interp(POINTS, levels, quantiles)
