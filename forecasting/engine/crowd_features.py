"""What a pledge curve says when a share of its campaign is over, for all campaigns at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import pandas as pd

Whole = NDArray[np.int64]
TINY = 0.01
"""Share of the goal added before a logarithm, so that a campaign without a pledge has one too."""


@dataclass(frozen=True)
class Seen:
    """Campaigns as they stood at a cutoff; row i of everything is the same campaign.

    ``facts`` has ``launch_date``, ``days``, ``goal``, ``mode``, ``category``, ``has_video``,
    ``about_len``, ``headline_len``. ``cut`` counts the days seen. ``backers`` and ``amount`` are by
    day, shape (n, longest), and zero from the cutoff on whatever was laid out.
    """

    facts: pd.DataFrame
    cut: Whole
    backers: Floats
    amount: Floats

    def __post_init__(self) -> None:
        later = np.arange(self.amount.shape[1])[None, :] >= self.cut[:, None]
        for name in ("backers", "amount"):
            object.__setattr__(self, name, np.where(later, 0.0, getattr(self, name)))

    def __len__(self) -> int:
        return len(self.cut)

    @property
    def share(self) -> Floats:
        """Share of the campaign's days that is over."""
        share: Floats = self.cut / self.facts["days"].to_numpy(dtype=np.float64)
        return share

    @property
    def goal(self) -> Floats:
        """What is asked for, in money."""
        return self.facts["goal"].to_numpy(dtype=np.float64)

    def so_far(self, target: str) -> Floats:
        """Pledged before the cutoff: ``amount`` or ``backers``."""
        return _Running(getattr(self, target), self.cut).total


def lay_out(keys: pd.Series, daily: pd.DataFrame, column: str, width: int) -> tuple[Floats, Floats]:
    """Backers and amount of each key by day, two arrays of shape (n_keys, width).

    The order of the rows of ``daily`` makes no difference, not even in the last bit; days past the
    width are not looked at.
    """
    import pandas as pd

    ordered = daily[daily["day"] < width].sort_values([column, "day", "backers", "amount"])
    row = pd.Index(keys).get_indexer(pd.Index(ordered[column]))
    day = ordered["day"].to_numpy(dtype=np.int64)
    both = []
    for name in ("backers", "amount"):
        table = np.zeros((len(keys), width))
        np.add.at(table, (row[row >= 0], day[row >= 0]), ordered[name].to_numpy(float)[row >= 0])
        both.append(table)
    return both[0], both[1]


def cut_day(days: Floats | Whole, share: float) -> Whole:
    """Days seen when this share of each campaign is over: at least one."""
    cut: Whole = np.maximum(1, np.round(np.asarray(days) * share)).astype(np.int64)
    return cut


def features(seen: Seen) -> pd.DataFrame:
    """One row a campaign; every column is a finite number and looks at nothing past the cutoff."""
    import pandas as pd

    amount, backers = _Running(seen.amount, seen.cut), _Running(seen.backers, seen.cut)
    columns = {
        **_place(seen),
        **_heights(seen, amount, backers),
        **_pace(seen, amount, backers),
        **_shape(seen, amount, backers),
        **_facts(seen.facts),
    }
    return pd.DataFrame(columns)


class _Running:
    """One daily table with its running sum."""

    def __init__(self, daily: Floats, cut: Whole) -> None:
        self.daily, self.cut = daily, cut
        width = max(daily.shape[1], 1)
        total = np.cumsum(daily, axis=1) if daily.shape[1] else np.zeros((len(cut), 1))
        self._sums, self._last = total, width - 1
        self.total = self.first(cut)

    def first(self, days: Any) -> Floats:
        """Sum of each campaign's first days."""
        place = np.clip(np.asarray(days) - 1, 0, self._last)
        return np.where(np.asarray(days) > 0, self._sums[np.arange(len(self.cut)), place], 0.0)

    def latest(self, days: Any) -> Floats:
        """Sum of the last days before the cutoff."""
        return self.total - self.first(np.maximum(self.cut - days, 0))


def _place(seen: Seen) -> dict[str, Any]:
    days = seen.facts["days"].to_numpy(dtype=np.float64)
    return {"share": seen.share, "days": days, "cut": seen.cut, "left": _left(seen)}


def _left(seen: Seen) -> Floats:
    left: Floats = np.maximum(seen.facts["days"].to_numpy(dtype=np.float64) - seen.cut, 0.0)
    return left


def _heights(seen: Seen, amount: _Running, backers: _Running) -> dict[str, Any]:
    goal, left = seen.goal, np.maximum(_left(seen), 1)
    needed = np.maximum(goal - amount.total, 0) / left
    return {
        "log_amount": np.log1p(amount.total),
        "log_backers": np.log1p(backers.total),
        "log_goal": np.log1p(goal),
        "gift": np.log1p(_ratio(amount.total, backers.total)),
        "progress": np.log(amount.total / goal + TINY),
        "needed": np.log((needed + 1) / (amount.total / seen.cut + 1)),
    }


def _pace(seen: Seen, amount: _Running, backers: _Running) -> dict[str, Any]:
    """Where the goal would be met at the speed of all days, the last half and the last quarter."""
    goal, left = seen.goal, _left(seen)
    half, quarter = np.maximum(1, seen.cut // 2), np.maximum(1, seen.cut // 4)
    columns = {"pace": np.log(amount.total / seen.share / goal + TINY)}
    for name, window in (("half", half), ("quarter", quarter)):
        rest = amount.latest(window) * left / window
        columns[f"{name}_pace"] = np.log((amount.total + rest) / goal + TINY)
        columns[f"{name}_amount"] = _ratio(amount.latest(window), amount.total)
        columns[f"{name}_backers"] = _ratio(backers.latest(window), backers.total)
        columns[f"{name}_backers_a_day"] = np.log1p(backers.latest(window) / window)
    columns["backers_a_day"] = np.log1p(backers.total / seen.cut)
    return columns


def _shape(seen: Seen, amount: _Running, backers: _Running) -> dict[str, Any]:
    active = seen.backers > 0
    day = np.arange(active.shape[1])[None, :]
    last = np.where(active, day, -1).max(axis=1, initial=-1)
    first = np.minimum(np.where(active, day, len(day.T)).min(axis=1, initial=len(day.T)), seen.cut)
    top = -np.sort(-seen.amount, axis=1)[:, :3].sum(axis=1)
    columns = {
        "first_day_amount": _ratio(amount.first(1 + 0 * seen.cut), amount.total),
        "first_day_backers": _ratio(backers.first(1 + 0 * seen.cut), backers.total),
        "peak_amount": _ratio(seen.amount.max(axis=1, initial=0), amount.total),
        "peak_backers": _ratio(seen.backers.max(axis=1, initial=0), backers.total),
        "top_three": _ratio(top, amount.total),
        "active": active.sum(axis=1) / seen.cut,
        "quiet": (seen.cut - 1 - last) / seen.cut,
        "quiet_days": seen.cut - 1 - last,
        "begun": first / seen.cut,
        "last_3_amount": _ratio(amount.latest(3), amount.total),
        "last_7_share": _ratio(amount.latest(7), amount.total),
        "last_7_amount": np.log1p(amount.latest(7)),
    }
    weekly = {f"last_{days}_backers": np.log1p(backers.latest(days)) for days in (3, 7)}
    return columns | weekly


def _facts(facts: pd.DataFrame) -> dict[str, Any]:
    import pandas as pd

    closes = facts["launch_date"] + pd.to_timedelta(facts["days"], unit="D")
    return {
        "month": closes.dt.month.to_numpy(),
        "launch_weekday": facts["launch_date"].dt.day_of_week.to_numpy(),
        "close_weekday": closes.dt.day_of_week.to_numpy(),
        "video": facts["has_video"].to_numpy(dtype=np.float64),
        "about": np.log1p(facts["about_len"].to_numpy(dtype=np.float64)),
        "headline": facts["headline_len"].to_numpy(dtype=np.float64),
        "flexible": (facts["mode"] == "flex").to_numpy(dtype=np.float64),
    }


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1e-9), 0.0)
