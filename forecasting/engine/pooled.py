"""Quantiles by gradient boosting, one model for every cutoff together (LightGBM).

Pooling lets a campaign seen for a tenth learn from campaigns seen for a seventh. One thread, a
fixed seed and a fixed order of sums: the same rows give the same trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import lightgbm

SAME_EVERY_TIME = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 1}
TREES: dict[str, Any] = {
    **SAME_EVERY_TIME,
    "verbose": -1,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
}
CHANCE: dict[str, Any] = {"learning_rate": 0.03, "num_leaves": 8}
"""A yes or no says less than a number: smaller trees."""
ROUNDS = 250
SORTED_BY = 3
FEWEST = 20
"""With fewer rows than this no tree is grown: the quantiles of the answers stand for everyone."""


@dataclass(frozen=True)
class Boosted:
    """One set of trees a level, or a constant where there was too little to learn from."""

    models: tuple[lightgbm.Booster | float, ...]

    def predict(self, table: Floats) -> Floats:
        """Float array of shape (n_rows, n_models), each row by itself."""
        order = self._alike(table)
        ordered = np.ascontiguousarray(table[order])
        found = np.empty((len(table), len(self.models)))
        for column, model in enumerate(self.models):
            found[order, column] = _predict(model, ordered)
        return found

    def _alike(self, table: Floats) -> NDArray[np.int64]:
        """An order that lets rows alike follow one another down the trees: half the time."""
        middle = self.models[len(self.models) // 2]
        if isinstance(middle, float):
            return np.arange(len(table))
        often = np.argsort(middle.feature_importance(), kind="stable")[-SORTED_BY:]
        return np.lexsort(table[:, often].T)


def _predict(model: lightgbm.Booster | float, table: Floats) -> Floats:
    if isinstance(model, float) or not len(table):
        return np.full(len(table), model if isinstance(model, float) else 0.0)
    return np.asarray(model.predict(table, num_threads=1), dtype=np.float64)


def fit_quantiles(
    table: Floats,
    answers: Floats,
    levels: Floats,
    *,
    kinds: list[int],
    weights: Floats | None = None,
    rounds: int = ROUNDS,
    by_chance: bool = False,
) -> Boosted:
    """Learn the quantiles of the answers.

    Parameters
    ----------
    table : float array of shape (n_rows, n_features)
    answers : float array of shape (n_rows,)
    levels : float array of shape (n_levels,)
    kinds : columns of the table that are numbers of a kind, not sizes
    weights : float array of shape (n_rows,), optional
    rounds : int, trees a level
    by_chance : bool
        Splits are drawn, not sought (extremely randomised trees: Geurts, Ernst and Wehenkel 2006).
    """
    if len(answers) < FEWEST:
        return Boosted(
            tuple(float(np.quantile(answers, v)) if len(answers) else 0.0 for v in levels)
        )
    shared = {**TREES, "objective": "quantile", "extra_trees": by_chance}
    settings = [{**shared, "alpha": float(level)} for level in levels]
    data = {"data": table, "label": answers, "weight": weights, "categorical_feature": kinds}
    return Boosted(tuple(_train(data, each, rounds) for each in settings))


def fit_chance(
    table: Floats,
    happened: Floats,
    *,
    kinds: list[int],
    rounds: int = ROUNDS,
    weights: Floats | None = None,
) -> Boosted:
    """Learn the chance that something happens; ``happened`` holds 0 and 1."""
    if len(happened) < FEWEST or happened.min() == happened.max():
        return Boosted((float(happened.mean()) if len(happened) else 0.5,))
    data = {"data": table, "label": happened, "weight": weights, "categorical_feature": kinds}
    return Boosted((_train(data, {**TREES, **CHANCE, "objective": "binary"}, rounds),))


def _train(data: dict[str, Any], settings: dict[str, Any], rounds: int) -> lightgbm.Booster:
    import lightgbm

    return lightgbm.train(settings, lightgbm.Dataset(**data), rounds)
