"""What kind of series it is, and which plain member answers for that kind."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.intermittent import now_and_then
from forecasting.engine.last_year import same_week
from forecasting.engine.panel import YEAR
from forecasting.engine.quantiles import Floats
from forecasting.engine.smoother import smooth

SHORT_SEASON = 30
"""Weeks sold in a year below which a crop has a season."""
STARTS = 3.0
"""Times a year a crop with a season begins to be sold at most; more often is now and then."""


class Family(StrEnum):
    """How a series lives."""

    STEADY = "steady"
    NOW_AND_THEN = "now_and_then"
    SHORT_SEASON = "short_season"


FAMILIES = tuple(Family)


def families(amounts: Floats) -> NDArray[np.int64]:
    """The place in ``FAMILIES`` of each series, by its last two years.

    Examples
    --------
    >>> year = np.r_[np.zeros(40), np.full(12, 5.0)]
    >>> kinds = families(np.array([np.tile(year, 2), np.tile([0.0, 0, 3, 0], 26), np.ones(104)]))
    >>> [FAMILIES[kind].value for kind in kinds]
    ['short_season', 'now_and_then', 'steady']
    """
    recent = amounts[:, -2 * YEAR :]
    lived = np.maximum((~np.isnan(recent)).sum(axis=1), 1)
    sold = np.nan_to_num(recent) > 0
    a_year = YEAR / lived
    weeks = sold.sum(axis=1) * a_year
    starts = (sold[:, 1:] & ~sold[:, :-1]).sum(axis=1) * a_year
    season = (weeks < SHORT_SEASON) & (starts <= STARTS) & (lived >= YEAR + 4)
    kind = np.where(season, 2, np.where(weeks < YEAR / 2, 1, 0))
    return kind.astype(np.int64)


def plain(amounts: Floats, kinds: NDArray[np.int64], at: Sequence[float] | Floats) -> Floats:
    """Every series' own plain member, shape (n_series, ``HORIZON``, n_levels)."""
    out = smooth(amounts, at)
    for kind, member in ((1, now_and_then), (2, same_week)):
        places = np.flatnonzero(kinds == kind)
        if len(places):
            said = member(amounts[places], at)
            known = ~np.isnan(said).any(axis=(1, 2))
            out[places[known]] = said[known]
    return out
