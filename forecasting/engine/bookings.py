"""Orders before a due date, which can be withdrawn: how many will be kept.

What is on the books is no floor here, so the kept amount itself is forecast. Two pooled members:
one reads it as growth over what is on the books, one as distance from additive pick-up (books plus
the usual rest of that series at that lead); their mean is moved to hold what it promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.calibration import Shifts, fit_shifts
from forecasting.engine.files import LEVELS
from forecasting.engine.pooled import Boosted, fit_quantiles
from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import pandas as pd

BLOCK_DAYS = 28
"""Due dates of one block are held out together: neighbours share their weather and their fairs."""
FOLDS = 2
MEMBERS = ("books", "usual")
SERIES = ["product", "channel"]
PLAIN = ["lead", "gross", "net", "prepaid", "new14", "recent", "lastyear", "dow", "month"]


@dataclass(frozen=True)
class Fitted:
    """All that scoring needs; ``usual`` is the mean rest by series and lead."""

    series: tuple[str, ...]
    usual: Mapping[tuple[str, float], float]
    members: Mapping[str, Boosted]
    shifts: Shifts


def fit(rows: pd.DataFrame) -> Fitted:
    """Learn from due dates that are over.

    Parameters
    ----------
    rows : frame with ``product``, ``channel``, ``due_date``, ``PLAIN`` and ``y_rooms``, one a due
        date and lead; ``net`` of withdrawals, ``recent`` and ``lastyear`` may have gaps

    Raises
    ------
    ValueError
        There is no due date to learn from.
    """
    if rows.empty:
        raise ValueError("there is no due date to learn from")
    past = rows.sort_values(["due_date", *SERIES, "lead"], ignore_index=True)
    series, usual = tuple(sorted(_series(past).unique())), _usual(past)
    kept = np.sqrt(past["y_rooms"].to_numpy(dtype=np.float64))
    block = (past["due_date"] - past["due_date"].min()).dt.days // BLOCK_DAYS % FOLDS
    quantiles = np.repeat(kept[:, None], len(LEVELS), axis=1)
    for fold in range(FOLDS):
        own = (block == fold).to_numpy()
        if own.any() and not own.all():
            members = _fit_members(past[~own], kept[~own], series, _usual(past[~own]))
            quantiles[own] = _predict(members, past[own], series, _usual(past[~own]))
    lead = past["lead"].to_numpy(dtype=np.float64)
    shifts = fit_shifts(
        kept, quantiles, lead, LEVELS, buckets=np.unique(lead), weights=np.ones(len(lead))
    )
    return Fitted(series, usual, _fit_members(past, kept, series, usual), shifts)


def score(fitted: Fitted, rows: pd.DataFrame) -> Floats:
    """Kept orders at ``files.LEVELS``, shape (n, 7); each row by itself.

    ``product_net``, the books of the whole product that day, is a column like the others: it is
    made by ``with_product`` from all rows, before they are parted.
    """
    roots = _predict(fitted.members, rows, fitted.series, fitted.usual)
    roots = fitted.shifts.apply(roots, rows["lead"].to_numpy(dtype=np.float64))
    return np.maximum(roots, 0) ** 2


def with_product(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what the whole product has on the books for the same due date at the same lead."""
    together = rows.groupby(["product", "due_date", "lead"])["net"].transform("sum")
    return rows.assign(product_net=together)


def _series(rows: pd.DataFrame) -> pd.Series:
    return rows["product"] + "|" + rows["channel"]


def _usual(rows: pd.DataFrame) -> dict[tuple[str, float], float]:
    rest = (rows["y_rooms"] - rows["net"]).groupby([_series(rows), rows["lead"]]).mean()
    keys = [(str(name), float(lead)) for name, lead in rest.index.to_list()]
    return dict(zip(keys, rest.to_list(), strict=True))


def _starts(rows: pd.DataFrame, usual: Mapping[tuple[str, float], float]) -> dict[str, Floats]:
    """Where each member starts from, in roots of orders."""
    net = rows["net"].to_numpy(dtype=np.float64)
    keys = zip(_series(rows), rows["lead"].astype(float), strict=True)
    rest = np.array([usual.get(key, 0.0) for key in keys], dtype=np.float64)
    return {"books": np.sqrt(net), "usual": np.sqrt(np.maximum(net + rest, 0))}


def _table(
    rows: pd.DataFrame, series: tuple[str, ...], usual: Mapping[tuple[str, float], float]
) -> Floats:
    import pandas as pd

    gross, net = (rows[name].to_numpy(dtype=np.float64) for name in ("gross", "net"))
    columns = [
        rows[[*PLAIN, "product_net"]].to_numpy(dtype=np.float64),
        np.where(gross > 0, net / np.maximum(gross, 1), 1.0),
        _starts(rows, usual)["usual"] ** 2,
        net - rows["recent"].to_numpy(dtype=np.float64),
        rows["due_date"].dt.day_of_year.to_numpy(dtype=np.float64),
        pd.Index(series).get_indexer(pd.Index(_series(rows))),
    ]
    return np.column_stack(columns)


def _fit_members(
    rows: pd.DataFrame,
    kept: Floats,
    series: tuple[str, ...],
    usual: Mapping[tuple[str, float], float],
) -> dict[str, Boosted]:
    table, starts = _table(rows, series, usual), _starts(rows, usual)
    kinds = [table.shape[1] - 1]
    return {
        name: fit_quantiles(table, kept - starts[name], LEVELS, kinds=kinds) for name in MEMBERS
    }


def _predict(
    members: Mapping[str, Boosted],
    rows: pd.DataFrame,
    series: tuple[str, ...],
    usual: Mapping[tuple[str, float], float],
) -> Floats:
    table, starts = _table(rows, series, usual), _starts(rows, usual)
    each = [
        np.sort(starts[name][:, None] + members[name].predict(table), axis=1) for name in MEMBERS
    ]
    return np.asarray(sum(each) / len(each), dtype=np.float64)
