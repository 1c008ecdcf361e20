"""The members of the campaign forecast for one target, and their mean.

Each member forecasts the logarithm of the final. One reads it as growth over what is pledged, one
as distance from an anchor (the goal, or the pace so far), both by pooled boosting, the first with
splits by chance; the third is the quantile regression of the nearest cutoff. They err differently,
so their mean errs less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.calibration import nearest
from forecasting.engine.crowd_features import Seen, Whole
from forecasting.engine.files import LEVELS
from forecasting.engine.pooled import Boosted, fit_quantiles
from forecasting.engine.quantiles import Floats
from forecasting.engine.quantreg import Hinged, fit_hinged

if TYPE_CHECKING:
    import pandas as pd

SHARES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85)
"""Cutoffs at which finished campaigns teach."""
HINGED_AT = np.array([0.1, 0.25, 0.5, 0.75])
FEWEST_HINGED = 200
"""Rows with a pledge that a quantile regression needs at its cutoff."""
GROWTH_ROUNDS = 300
LOG_GOAL = (-3.0, -2.0, -1.2, -0.7, -0.35, -0.1, 0.0, 0.15, 0.5, 1.0)
"""Knots over the goal, in logarithms: closest where a campaign nears it."""
KNOTS: Mapping[str, tuple[float, ...]] = {
    "progress": LOG_GOAL,
    "half_pace": (-3.0, -2.0, -1.0, -0.5, -0.2, 0.0, 0.2, 0.5, 1.0),
    "quarter_pace": (-2.0, -1.0, -0.5, 0.0, 0.5),
    "log_backers": (1.0, 2.0, 3.0, 4.0, 5.0),
    "active": (0.2, 0.4, 0.6, 0.8),
}
NOT_HINGED = ("cut", "left", "launch_weekday", "close_weekday", "month", "quiet_days", "share")


@dataclass(frozen=True)
class Rows:
    """Campaigns at cutoffs, ready for the members; row i of everything is the same one.

    ``table`` holds the features, ``kind`` the number of the category; ``so_far`` and ``anchor`` are
    logarithms (log1p) of the target pledged and of where the second member starts from.
    """

    table: pd.DataFrame
    kind: Whole
    so_far: Floats
    anchor: Floats

    def take(self, rows: NDArray[np.bool_]) -> Rows:
        """The rows where the mask is true."""
        return Rows(self.table[rows], self.kind[rows], self.so_far[rows], self.anchor[rows])

    def boosted(self) -> Floats:
        """Features with the category as last column."""
        return np.column_stack([self.table.to_numpy(dtype=np.float64), self.kind])

    def hinged(self) -> pd.DataFrame:
        """Features a straight line can use, with each common category as a column."""
        marks = {f"kind_{one}": (self.kind == one).astype(np.float64) for one in range(10)}
        return self.table.drop(columns=list(NOT_HINGED)).assign(**marks)


def rows_of(seen: Seen, table: pd.DataFrame, kind: Whole, target: str) -> Rows:
    """Lay a target's rows out: amounts are anchored at the goal, backers at their pace."""
    so_far = seen.so_far(target)
    anchor = seen.goal if target == "amount" else so_far / seen.share
    return Rows(table, kind, np.log1p(so_far), np.log1p(anchor))


@dataclass(frozen=True)
class Members:
    """The fitted members of one target."""

    growth: Boosted
    distance: Boosted
    hinged: Mapping[int, Hinged]

    def predict(self, rows: Rows) -> Floats:
        """Logarithm of the final at ``LEVELS``, before calibration; never below what is pledged."""
        return np.asarray(sum(self.each(rows)) / 3, dtype=np.float64)

    def each(self, rows: Rows) -> list[Floats]:
        """The three opinions, each of shape (n_rows, n_levels) and ascending along its rows."""
        table, so_far = rows.boosted(), rows.so_far[:, None]
        growth = so_far + self.growth.predict(table)
        distance = rows.anchor[:, None] + self.distance.predict(table)
        hinged = growth.copy()
        place = nearest(HINGED_AT, rows.table["share"].to_numpy(dtype=np.float64))
        for bucket, model in self.hinged.items():
            # Without a pledge there is no curve to read: the pooled model answers alone.
            own = (place == bucket) & (rows.so_far > 0)
            if own.any():
                part = rows.take(own)
                hinged[own] = part.so_far[:, None] + model.predict(part.hinged())
        return [np.maximum(np.sort(one, axis=1), so_far) for one in (growth, distance, hinged)]


def fit_members(rows: Rows, finals: Floats, nominal: Floats, weights: Floats) -> Members:
    """Fit all members.

    Parameters
    ----------
    rows : one a campaign and cutoff
    finals : float array of shape (n_rows,), log1p of the final
    nominal : the cutoff each row stands for, one of ``SHARES``
    weights : float array of shape (n_rows,)
    """
    table, kinds = rows.boosted(), [rows.table.shape[1]]
    growth = fit_quantiles(
        table,
        finals - rows.so_far,
        LEVELS,
        kinds=kinds,
        weights=weights,
        rounds=GROWTH_ROUNDS,
        by_chance=True,
    )
    distance = fit_quantiles(table, finals - rows.anchor, LEVELS, kinds=kinds, weights=weights)
    hinged = {}
    for bucket, share in enumerate(HINGED_AT):
        own = np.isclose(nominal, share) & (rows.so_far > 0)
        if own.sum() >= FEWEST_HINGED:
            part = rows.take(own)
            answers = finals[own] - part.so_far
            hinged[bucket] = fit_hinged(part.hinged(), answers, LEVELS, knots=KNOTS)
    return Members(growth, distance, hinged)
