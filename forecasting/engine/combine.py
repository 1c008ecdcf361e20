"""Campaign finals and weekly sales, added up by crop, grade, delivery week and hub.

Quantiles must not be added: the tenth of twenty campaigns together is far better than twenty times
their tenth. Every source is drawn many times instead, draws are added, and the sums' quantiles are
read off. A campaign that stays under its goal delivers nothing. Campaigns of one crop rise and fall
together a little, and so do the weeks of one series.

Examples
--------
>>> import pandas as pd
>>> campaigns = pd.DataFrame({
...     "campaign": ["C"], "crop": ["hetao"], "grade": ["一级"], "pack_g": [500],
...     "goal_packs": [25], "booked_packs": [30],
...     "starts_on": [date(2026, 9, 21)], "ends_on": [date(2026, 9, 27)]})
>>> none = pd.DataFrame(columns=["crop", "grade", "hub", "week"])
>>> hubs = pd.DataFrame({"campaign": ["C", "C"], "hub": ["H1", "H2"], "packs": [3, 1]})
>>> finals = np.full((1, 21), 40.0)
>>> table = combine(campaigns, finals, hubs, none, np.zeros((0, 21)), seed=1).table
>>> table[table.grade == "一级"].set_index("hub").p50.to_dict()
{'*': 20000, 'H1': 15000, 'H2': 5000}
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import SHOWN, STEPS, Floats

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 1000
TOGETHER = 0.3
"""Correlation, in normal scores, of a crop's campaigns and of one sales series' weeks."""
ALL = "*"
"""Stands for every grade or every hub in a roll-up row."""
CELL = ["crop", "grade", "week", "hub"]
ROLL_UPS: tuple[tuple[str, ...], ...] = ((), ("hub",), ("grade",), ("grade", "hub"))
CAMPAIGN_COLUMNS = {
    "campaign",
    "crop",
    "grade",
    "pack_g",
    "goal_packs",
    "booked_packs",
    "starts_on",
    "ends_on",
}


@dataclass(frozen=True)
class Demand:
    """Demand in whole grams.

    ``table`` has one row per ``crop``, ``grade``, ``week`` (a Monday) and ``hub``, and roll-ups
    where grade or hub is ``ALL``; ``p10`` … ``p90`` are of that week, ``to_p10`` … ``to_p90`` of
    all weeks up to and with it. ``booked`` and ``to_booked``: already pledged or ordered.
    """

    table: pd.DataFrame


def split_weeks(starts_on: date, ends_on: date) -> list[tuple[date, float]]:
    """The Mondays of a promised window, each with its share of the window's days.

    Examples
    --------
    >>> split_weeks(date(2026, 9, 20), date(2026, 9, 23))
    [(datetime.date(2026, 9, 14), 0.25), (datetime.date(2026, 9, 21), 0.75)]
    """
    if ends_on < starts_on:
        raise ValueError("the window ends before it starts")
    days = [starts_on + timedelta(days=step) for step in range((ends_on - starts_on).days + 1)]
    mondays = [day - timedelta(days=day.weekday()) for day in days]
    return [(monday, mondays.count(monday) / len(days)) for monday in sorted(set(mondays))]


def combine(
    campaigns: pd.DataFrame,
    finals: Floats,
    hubs: pd.DataFrame,
    sales: pd.DataFrame,
    sales_levels: Floats,
    *,
    seed: int,
) -> Demand:
    """Add everything up.

    Parameters
    ----------
    campaigns : frame with ``campaign``, ``crop``, ``grade``, ``pack_g``, ``goal_packs`` (0: all is
        ordered already), ``booked_packs`` (so far), ``starts_on``, ``ends_on`` (promised window)
    finals : float array of shape (n_campaigns, 21)
        Final packs of the same rows at ``quantiles.STEPS``; a closed campaign repeats its exact
        number.
    hubs : frame with ``campaign``, ``hub``, ``packs`` pledged so far
        A campaign without rows takes the shares of all together, or hub ``""`` if there is none.
    sales : frame with ``crop``, ``grade``, ``hub``, ``week``
    sales_levels : float array of shape (n_sales, 21), grams
    seed : int
        The same seed gives the same numbers.

    Raises
    ------
    ValueError
        Shapes do not match, a column is missing, or a window is turned round.
    """
    import pandas as pd

    _check(campaigns, finals, sales, sales_levels)
    parts = pd.concat(
        [_campaign_parts(campaigns, hubs), _sales_parts(sales, first=len(campaigns))],
        ignore_index=True,
    )
    sold = _draws(sales_levels, _series(sales), seed + 1)
    draws = np.vstack([_campaign_draws(campaigns, finals, seed), sold])
    booked = np.zeros(len(draws))
    booked[: len(campaigns)] = (campaigns["booked_packs"] * campaigns["pack_g"]).to_numpy(float)
    return Demand(_sum_up(parts, draws, booked))


def _check(
    campaigns: pd.DataFrame, finals: Floats, sales: pd.DataFrame, sales_levels: Floats
) -> None:
    missing = (CAMPAIGN_COLUMNS - set(campaigns.columns)) | (set(CELL) - set(sales.columns))
    if missing:
        raise ValueError(f"columns missing: {', '.join(sorted(missing))}")
    shapes = {
        (len(campaigns), len(STEPS)): finals.shape,
        (len(sales), len(STEPS)): sales_levels.shape,
    }
    if any(wanted != given for wanted, given in shapes.items()):
        raise ValueError("quantiles do not match their rows")


def _campaign_parts(campaigns: pd.DataFrame, hubs: pd.DataFrame) -> pd.DataFrame:
    """Which share of each campaign falls to which cell."""
    import pandas as pd

    everywhere = _shares(hubs.groupby("hub")["packs"].sum().to_dict())
    own = {
        str(code): _shares(dict(zip(group["hub"], group["packs"], strict=True)))
        for code, group in hubs.groupby("campaign")
    }
    rows = [
        (source, row.crop, row.grade, week, hub, share * hub_share)
        for source, row in enumerate(campaigns.itertuples(index=False))
        for week, share in split_weeks(_day(row.starts_on), _day(row.ends_on))
        for hub, hub_share in (own.get(str(row.campaign)) or everywhere or {"": 1.0}).items()
    ]
    return pd.DataFrame(rows, columns=["source", *CELL, "factor"])


def _shares(packs: dict[Any, Any]) -> dict[str, float]:
    kept = {str(hub): max(float(count), 0.0) for hub, count in packs.items()}
    total = sum(kept.values())
    return {hub: count / total for hub, count in kept.items() if count > 0} if total else {}


def _day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value  # type: ignore[no-any-return]  # pandas gives Timestamps


def _sales_parts(sales: pd.DataFrame, *, first: int) -> pd.DataFrame:
    parts = sales[CELL].reset_index(drop=True)
    parts["week"] = [_day(week) for week in parts["week"]]
    return parts.assign(source=np.arange(first, first + len(sales)), factor=1.0)


def _series(sales: pd.DataFrame) -> NDArray[Any]:
    keys = [f"{row.crop}|{row.grade}|{row.hub}" for row in sales.itertuples(index=False)]
    return np.array(keys, dtype=object)


def _campaign_draws(campaigns: pd.DataFrame, finals: Floats, seed: int) -> Floats:
    """Grams of every campaign, draw by draw; nothing where its goal is missed."""
    packs = _draws(finals, campaigns["crop"].to_numpy(dtype=object), seed)
    packs[packs < campaigns["goal_packs"].to_numpy(dtype=np.float64)[:, None]] = 0
    grams: Floats = packs * campaigns["pack_g"].to_numpy(dtype=np.float64)[:, None]
    return grams


def _draws(levels: Floats, groups: NDArray[Any], seed: int) -> Floats:
    """Draws of shape (n_rows, DRAWS); rows of one group share part of their luck."""
    from scipy.stats import norm

    rng = np.random.default_rng(seed)
    _, group = np.unique(groups.astype(str), return_inverse=True)
    shared = rng.standard_normal((int(group.max(initial=-1)) + 1, DRAWS))
    own = rng.standard_normal((len(levels), DRAWS))
    luck = norm.cdf(np.sqrt(TOGETHER) * shared[group] + np.sqrt(1 - TOGETHER) * own)
    rows = [np.interp(u, STEPS, row) for u, row in zip(luck, levels, strict=True)]
    return np.array(rows).reshape(len(levels), DRAWS)


def _sum_up(parts: pd.DataFrame, draws: Floats, booked: Floats) -> pd.DataFrame:
    import pandas as pd
    from scipy.sparse import csr_matrix

    every = pd.concat(
        [parts.assign(**dict.fromkeys(blank, ALL)) for blank in ROLL_UPS], ignore_index=True
    )
    key = every.groupby(["crop", "grade", "hub", "week"], sort=True).ngroup().to_numpy()
    cells = every.assign(key=key).drop_duplicates("key").sort_values("key")[CELL]
    place = (every["factor"].to_numpy(dtype=np.float64), (key, every["source"].to_numpy(dtype=int)))
    share = csr_matrix(place, shape=(len(cells), len(draws)))
    return _quantile_table(cells.reset_index(drop=True), share @ draws, share @ booked)


def _quantile_table(cells: pd.DataFrame, sums: Floats, booked: Floats) -> pd.DataFrame:
    """Quantiles of each cell's draws, and of its running sum over the weeks of crop, grade, hub.

    Cells come sorted by crop, grade, hub, week, so the sum restarts where the first three change.
    """
    lines = cells.groupby(["crop", "grade", "hub"], sort=True).cumcount().to_numpy()
    running, to_booked = sums.copy(), booked.copy()
    for row in np.flatnonzero(lines > 0):
        running[row] += running[row - 1]
        to_booked[row] += to_booked[row - 1]
    table = cells.assign(booked=_grams(booked), to_booked=_grams(to_booked))
    levels = list(SHOWN.values())
    for prefix, values in (("", sums), ("to_", running)):
        quantiles = _grams(np.quantile(values, levels, axis=1))
        for name, row in zip(SHOWN, quantiles, strict=True):
            table[prefix + name] = row
    return table


def _grams(values: Floats) -> NDArray[np.int64]:
    return np.rint(values).astype(np.int64)
