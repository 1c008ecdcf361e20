"""Weekly series side by side: one row a series, one column a week, the last column the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import pandas as pd

HORIZON = 8
YEAR = 52
WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True)
class Panel:
    """Amounts of shape (n_series, n_weeks), in any unit, not a number before a series began.

    ``last`` is the Monday of the last column. ``windows`` of shape (n_series, 2), where the harvest
    is known: first and last day of the year of the harvest window, not a number where it is not.
    """

    series: tuple[str, ...]
    last: date
    amounts: Floats
    windows: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.series), self.amounts.shape[-1])
        if self.amounts.shape != shape or self.last.weekday():
            raise ValueError("amounts must have a row per series, and the last week be a Monday")
        if self.windows is not None and self.windows.shape != (len(self.series), 2):
            raise ValueError("windows must have a row per series")

    def __len__(self) -> int:
        return len(self.series)

    @property
    def weeks(self) -> int:
        """Number of columns."""
        return int(self.amounts.shape[1])

    def take(self, places: NDArray[np.int64]) -> Panel:
        """Only these rows."""
        names = tuple(self.series[place] for place in places)
        windows = None if self.windows is None else self.windows[places]
        return replace(self, series=names, amounts=self.amounts[places], windows=windows)

    def monday(self, column: int) -> np.datetime64:
        """The Monday of a column; columns after the last one are weeks to come."""
        return np.datetime64(self.last) + (column - self.weeks + 1) * WEEK


def read_panel(sales: pd.DataFrame, *, last: date) -> Panel:
    """Lay a long frame out by week, zero where a series sold nothing after its first week.

    Parameters
    ----------
    sales : frame with ``series`` (str), ``week`` (date, a Monday), ``amount`` (>= 0)
        Weeks after ``last`` are not looked at; a series that began later is left out.
    last : date, a Monday

    Raises
    ------
    ValueError
        A column is missing, an amount is negative or not a number, or a week is no Monday.

    Examples
    --------
    >>> import pandas as pd
    >>> weeks = ["2026-08-03", "2026-08-17"]
    >>> sales = pd.DataFrame({"series": "a", "week": weeks, "amount": [4, 6]})
    >>> read_panel(sales, last=date(2026, 8, 17)).amounts
    array([[4., 0., 6.]])
    """
    import pandas as pd

    check_sales(sales)
    past = sales[pd.to_datetime(sales["week"]) <= pd.Timestamp(last)]
    weeks = pd.to_datetime(past["week"]).to_numpy(dtype="datetime64[D]")
    back = (np.datetime64(last) - weeks).astype(np.int64) // 7
    names, row = np.unique(past["series"].to_numpy(dtype=str), return_inverse=True)
    width = int(back.max(initial=-1)) + 1
    amounts = np.zeros((len(names), width))
    np.add.at(amounts, (row, width - 1 - back), past["amount"].to_numpy(dtype=np.float64))
    first = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(first, row, back)
    amounts[np.arange(width)[None, :] < width - 1 - first[:, None]] = np.nan
    return Panel(tuple(names.tolist()), last, amounts)


def check_sales(sales: pd.DataFrame) -> None:
    """Refuse a frame of weekly sales that cannot be used, saying what is wrong."""
    import pandas as pd

    missing = [name for name in ("series", "week", "amount") if name not in sales.columns]
    if missing:
        raise ValueError(f"columns missing: {', '.join(missing)}")
    amounts = sales["amount"].to_numpy(dtype=np.float64)
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise ValueError("an amount is negative or not a number")
    if (pd.to_datetime(sales["week"]).dt.day_of_week != 0).any():
        raise ValueError("a week does not begin on Monday")


def usual_change(amounts: Floats) -> Floats:
    """Mean absolute change from week to week of each row, the yardstick of every weekly score.

    At least a fiftieth of the mean, so that a flat series has one too; 1 where nothing was sold.

    Examples
    --------
    >>> usual_change(np.array([[np.nan, 4.0, 6.0], [0.0, 0.0, 0.0]]))
    array([2., 1.])
    """
    life = ~np.isnan(amounts)
    steps = np.abs(np.diff(amounts, axis=1))
    change = np.nansum(steps, axis=1) / np.maximum((~np.isnan(steps)).sum(axis=1), 1)
    mean = np.nansum(amounts, axis=1) / np.maximum(life.sum(axis=1), 1)
    scale = np.maximum(change, mean / 50)
    return np.where(scale > 0, scale, 1.0)


def draw_quantiles(draws: Floats, levels: Sequence[float] | Floats) -> Floats:
    """Quantiles of each row's draws; nan stands for no draw, a row of none gives nan.

    The k-th of n draws stands at level k / (n + 1), so a band of few draws is not too narrow.

    Parameters
    ----------
    draws : float array of shape (n_rows, n_draws)

    Returns
    -------
    float array of shape (n_rows, n_levels)

    Examples
    --------
    >>> draw_quantiles(np.array([[3.0, np.nan, 1.0, 2.0]]), [0.25, 0.5])
    array([[1., 2.]])
    """
    ordered = np.sort(draws, axis=1)
    count = (~np.isnan(draws)).sum(axis=1)[:, None]
    place = np.clip(np.asarray(levels)[None, :] * (count + 1) - 1, 0, np.maximum(count - 1, 0))
    left = np.floor(place).astype(np.int64)
    right = np.minimum(left + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, at, axis=1) for at in (left, right))
    values: Floats = low + (place - left) * (high - low)
    return values
