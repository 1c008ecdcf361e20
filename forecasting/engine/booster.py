"""One model for all weekly series: boosted trees, a quantile each, straight to every week ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.features import Past, rows_at
from forecasting.engine.panel import HORIZON
from forecasting.engine.quantiles import Floats

YOUNGEST = 12
"""Weeks of life a series must have to teach."""
EARLIEST = 26
"""First week of a panel that teaches."""
MOST_ROWS = 40_000
TREES = 120
SETTINGS: dict[str, Any] = {
    "objective": "quantile",
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 1,
    "verbose": -1,
}


@dataclass(frozen=True)
class Booster:
    """Fitted trees as text, one for each level."""

    texts: tuple[str, ...]

    @cached_property
    def _models(self) -> list[Any]:
        import lightgbm

        return [lightgbm.Booster(model_str=text) for text in self.texts]

    def predict(self, x: NDArray[np.float32]) -> Floats:
        """Shape (n_rows, n_levels), in usual changes from the level, ascending along each row."""
        if not len(x):
            return np.zeros((0, len(self.texts)))
        said = [model.predict(x, num_threads=1) for model in self._models]
        return np.sort(np.column_stack(said), axis=1)


@dataclass(frozen=True)
class Lessons:
    """What the past teaches: features ``x`` of shape (n_rows, n_features), outcome ``y`` in usual
    changes from the level, and ``week``, the column in which the outcome was known.
    """

    x: NDArray[np.float32]
    y: Floats
    week: NDArray[np.int64]


def lessons(past: Past) -> Lessons:
    """Every week of the past with the weeks that came after it, at most ``MOST_ROWS`` or so."""
    panel = past.panel
    columns = range(EARLIEST, panel.weeks - 1)
    kept = min(1.0, MOST_ROWS / max(len(columns) * len(panel) * HORIZON, 1))
    rng = np.random.default_rng(0)
    found = [_lesson(past, column, rng.random(len(panel)) < kept) for column in columns]
    if not found:
        return Lessons(np.zeros((0, 1), dtype=np.float32), np.zeros(0), np.zeros(0, dtype=np.int64))
    x, y, week = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Lessons(x, y, week)


def _lesson(
    past: Past, column: int, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], Floats, NDArray[np.int64]]:
    old = past.lived(column) >= YOUNGEST
    places = np.flatnonzero(chosen & old)
    rows = rows_at(past, column, places)
    awake = rows.active
    reach = min(HORIZON, past.panel.weeks - 1 - column)
    weeks = np.arange(column + 1, column + 1 + reach)
    after = past.panel.amounts[places[awake]][:, weeks]
    y = (after - rows.level[awake, None]) / rows.scale[awake, None]
    x = rows.x[awake, :reach].reshape(len(after) * reach, -1)
    return x, y.ravel(), np.tile(weeks, len(after))


def fit_booster(taught: Lessons, levels: Sequence[float] | Floats, *, until: int) -> Booster | None:
    """Learn from every outcome within the first ``until`` columns; None where there are too few."""
    import lightgbm

    known = taught.week < until
    if known.sum() < 4 * SETTINGS["min_data_in_leaf"]:
        return None
    table = lightgbm.Dataset(taught.x[known], taught.y[known], params=SETTINGS).construct()
    texts = [
        lightgbm.train({**SETTINGS, "alpha": float(level)}, table, TREES).model_to_string()
        for level in levels
    ]
    return Booster(tuple(texts))
