"""Quantile regression with hinge terms: a second opinion that can be read.

Koenker and Bassett 1978, by statsmodels. A hinge lets a slope change at a
knot. Coefficients are held back by rows that ask each of them to be nothing (an L1 penalty: Belloni
and Chernozhukov 2011), so that many hinges do no harm.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import pandas as pd

REACH = 5.0
"""Standardised columns are cut here: outside what was seen, a straight line knows nothing."""
HELD_BACK = 3.0
STEPS = 60


@dataclass(frozen=True)
class Hinged:
    """Coefficients of shape (n_terms, n_levels) on standardised terms; ``knots`` by column."""

    columns: tuple[str, ...]
    knots: Mapping[str, Floats]
    mean: Floats
    spread: Floats
    coefficients: Floats

    def predict(self, table: pd.DataFrame) -> Floats:
        """Quantiles of each row, shape (n_rows, n_levels); they may still cross."""
        terms = _scaled(_terms(table, self.columns, self.knots), self.mean, self.spread)
        # Summed term by term: a product of matrices may round by the number of its rows.
        total = np.zeros((len(table), self.coefficients.shape[1]))
        for term, row in zip(terms.T, self.coefficients, strict=True):
            total += term[:, None] * row
        return total


def fit_hinged(
    table: pd.DataFrame, answers: Floats, levels: Floats, *, knots: Mapping[str, Any]
) -> Hinged:
    """Fit every level.

    Parameters
    ----------
    table : frame of finite numbers
    answers : float array of shape (n_rows,), at least one row
    levels : float array of shape (n_levels,)
    knots : columns with hinges, each with its knots
    """
    columns = tuple(str(name) for name in table.columns)
    terms = _terms(table, columns, knots)
    mean, spread = terms.mean(axis=0), terms.std(axis=0)
    design = _scaled(terms, mean, spread)
    fits = [_one_level(design, answers, float(level)) for level in levels]
    return Hinged(columns, knots, mean, spread, np.column_stack(fits))


def _terms(table: pd.DataFrame, columns: tuple[str, ...], knots: Mapping[str, Any]) -> Floats:
    plain = table[list(columns)].to_numpy(dtype=np.float64)
    hinges = [
        np.maximum(table[name].to_numpy(dtype=np.float64)[:, None] - np.asarray(places), 0)
        for name, places in knots.items()
    ]
    return np.hstack([plain, *hinges])


def _scaled(terms: Floats, mean: Floats, spread: Floats) -> Floats:
    known = spread > 1e-9
    scaled = np.where(known, (terms - mean) / np.where(known, spread, 1), 0)
    return np.hstack([np.ones((len(terms), 1)), np.clip(scaled, -REACH, REACH)])


def _one_level(design: Floats, answers: Floats, level: float) -> NDArray[np.float64]:
    from statsmodels.regression.quantile_regression import QuantReg

    pull = HELD_BACK * np.eye(design.shape[1])[1:]
    rows, wanted = np.vstack([design, pull, -pull]), np.zeros(len(answers) + 2 * len(pull))
    wanted[: len(answers)] = answers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = QuantReg(wanted, rows).fit(q=level, max_iter=STEPS, p_tol=1e-3)
    return np.asarray(fit.params, dtype=np.float64)
