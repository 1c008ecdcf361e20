"""Weekly sales up to eight weeks ahead, series by series.

Exponential smoothing of the level (Gardner 2006; statsmodels' ETSModel) on the square root of
sales: the root steadies the spread and, unlike the log, cannot blow the upper band up when a crop
goes out of season. A damped trend was tried and lost to the plain level on real vegetable sales.
Where smoothing has nothing to hold on to, last year's same weeks or the mean of the last four weeks
answer instead, and the answer says so.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.quantiles import SHOWN, STEPS, Floats, at, weighted_quantiles

if TYPE_CHECKING:
    import pandas as pd

HORIZON = 8
YEAR = 52
SHORT = 16
"""Weeks of history that smoothing needs."""
NEIGHBOURS = 2
"""Weeks either side of last year's week that also count."""
TOP = 2.0
"""No quantile exceeds this many times the best week on record."""


class Method(StrEnum):
    """How a series was forecast."""

    SMOOTHING = "smoothing"
    LAST_YEAR = "last_year"
    RECENT_MEAN = "recent_mean"


class Why(StrEnum):
    """Why smoothing was not used, or that it was."""

    FITS = "fits"
    SHORT = "short"
    MANY_ZEROS = "many_zeros"
    OUT_OF_SEASON = "out_of_season"
    FLAT = "flat"
    NO_FIT = "no_fit"


@dataclass(frozen=True)
class SalesForecast:
    """Sales to come.

    ``table``: ``series``, ``week`` (a Monday), ``p10`` … ``p90``, ``method``, ``why``, one row per
    series and week; ``levels``: the same rows at ``quantiles.STEPS``, in the unit of the input.
    """

    table: pd.DataFrame
    levels: Floats


def forecast_sales(sales: pd.DataFrame, *, as_of: date, horizon: int = HORIZON) -> SalesForecast:
    """Forecast this week and the following ones, ``horizon`` in all.

    Parameters
    ----------
    sales : frame with ``series`` (str), ``week`` (date, a Monday), ``amount`` (>= 0, any unit)
        Weeks without a row sold nothing; the week of ``as_of`` and later ones are not looked at.
    as_of : date
    horizon : int, 1 to 8

    Raises
    ------
    ValueError
        A column is missing, an amount is negative or not a number, a week is no Monday, or the
        horizon is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"series": "a", "week": [date(2026, 8, 3)], "amount": [40.0]})
    >>> forecast = forecast_sales(sales, as_of=date(2026, 8, 12), horizon=2)
    >>> forecast.table[["week", "method", "why"]].astype(str).values.tolist()
    [['2026-08-10', 'recent_mean', 'short'], ['2026-08-17', 'recent_mean', 'short']]
    """
    import pandas as pd

    _check(sales, horizon)
    monday = as_of - timedelta(days=as_of.weekday())
    weeks = [monday + timedelta(weeks=step) for step in range(horizon)]
    rows, levels = [], [np.zeros((0, len(STEPS)))]
    past = sales[pd.to_datetime(sales["week"]) < pd.Timestamp(monday)]
    for series, group in past.groupby("series", sort=True):
        history = _weekly(group, monday)
        method, why, quantiles = _one_series(history, horizon)
        levels.append(quantiles)
        rows += [(series, week, str(method), str(why)) for week in weeks]
    matrix = np.vstack(levels)
    table = pd.DataFrame(rows, columns=["series", "week", "method", "why"])
    for name, level in SHOWN.items():
        table[name] = at(matrix, level)
    return SalesForecast(table, matrix)


def _check(sales: pd.DataFrame, horizon: int) -> None:
    import pandas as pd

    missing = [name for name in ("series", "week", "amount") if name not in sales.columns]
    if missing:
        raise ValueError(f"columns missing: {', '.join(missing)}")
    if not 1 <= horizon <= HORIZON:
        raise ValueError(f"horizon {horizon} is not within 1 to {HORIZON}")
    amounts = sales["amount"].to_numpy(dtype=np.float64)
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise ValueError("an amount is negative or not a number")
    if (pd.to_datetime(sales["week"]).dt.day_of_week != 0).any():
        raise ValueError("a week does not begin on Monday")


def _weekly(group: pd.DataFrame, monday: date) -> Floats:
    """Amounts of every week from the first sale to the week before ``monday``."""
    weeks = group["week"].to_numpy(dtype="datetime64[D]")
    back = (np.datetime64(monday) - weeks).astype(np.int64) // 7
    history = np.zeros(int(back.max()))
    np.add.at(history, len(history) - back, group["amount"].to_numpy(dtype=np.float64))
    return history


def _one_series(history: Floats, horizon: int) -> tuple[Method, Why, Floats]:
    why = _why_not_smoothing(history)
    if why is Why.FITS:
        smoothed = _smoothing(history, horizon)
        if smoothed is not None:
            return Method.SMOOTHING, why, smoothed
        why = Why.NO_FIT
    if len(history) >= YEAR and why in (Why.MANY_ZEROS, Why.OUT_OF_SEASON):
        return Method.LAST_YEAR, why, _last_year(history, horizon)
    return Method.RECENT_MEAN, why, _recent_mean(history, horizon)


def _why_not_smoothing(history: Floats) -> Why:
    if len(history) < SHORT:
        return Why.SHORT
    if not history[-4:].any():
        return Why.OUT_OF_SEASON
    if (history[-YEAR:] == 0).mean() > 0.5:
        return Why.MANY_ZEROS
    return Why.FLAT if np.ptp(history) == 0 else Why.FITS


def _smoothing(history: Floats, horizon: int) -> Floats | None:
    """Quantiles of shape (horizon, 21), or None when the fit gives no usable numbers."""
    import pandas as pd
    from scipy.stats import norm
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    root = np.sqrt(history[-3 * YEAR :])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = ETSModel(pd.Series(root), error="add").fit(disp=False)
            ahead = fit.get_prediction(start=len(root), end=len(root) + horizon - 1)
            middle = np.asarray(ahead.predicted_mean, dtype=np.float64)
            spread = np.sqrt(np.asarray(ahead.forecast_variance, dtype=np.float64))
        except (ValueError, np.linalg.LinAlgError):
            return None
    if not (np.isfinite(middle).all() and np.isfinite(spread).all()):
        return None
    # The fit flatters itself: no step ahead is surer than what levels missed by as many steps.
    spread = np.maximum(spread, _missed(root, np.asarray(fit.level), horizon))
    levels: Floats = np.maximum(middle[:, None] + norm.ppf(STEPS) * spread[:, None], 0) ** 2
    return np.minimum(levels, float(TOP * history.max()))


def _missed(root: Floats, level: Floats, horizon: int) -> Floats:
    """Root mean square of what each week's level missed 1 to ``horizon`` weeks later."""
    misses = [root[step:] - level[:-step] for step in range(1, horizon + 1)]
    return np.array([np.sqrt((miss[-2 * YEAR :] ** 2).mean()) for miss in misses])


def _last_year(history: Floats, horizon: int) -> Floats:
    """The same week of each past year and its neighbours, as they were."""
    rows = []
    for step in range(horizon):
        places = [
            len(history) + step - YEAR * back + shift
            for back in range(1, len(history) // YEAR + 1)
            for shift in range(-NEIGHBOURS, NEIGHBOURS + 1)
        ]
        draws = np.array([history[place] for place in places if 0 <= place < len(history)])
        rows.append(weighted_quantiles(draws[None, :], np.ones((1, len(draws))))[0])
    return np.array(rows)


def _recent_mean(history: Floats, horizon: int) -> Floats:
    """Mean of the last four weeks, give or take what it missed before (or a wide guess)."""
    from scipy.stats import norm

    mean = float(history[-4:].mean())
    if len(history) < 6:
        row = mean * np.exp(0.8 * norm.ppf(STEPS))
        return np.repeat(row[None, :], horizon, axis=0)
    means = np.array([history[end - 4 : end].mean() for end in range(4, len(history))])
    rows = []
    for step in range(horizon):
        lead = min(step, len(means) - 2)
        missed = history[4 + lead :] - means[: len(means) - lead]
        draws = np.maximum(mean + missed, 0)
        rows.append(weighted_quantiles(draws[None, :], np.ones((1, len(draws))))[0])
    return np.array(rows)
