"""Pledge curves on one common scale: the share of the campaign's days that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

if TYPE_CHECKING:
    import pandas as pd

GRID = 100
"""A curve is read at every hundredth of its campaign."""

PLEDGE_COLUMNS = ("campaign", "day", "packs")
CAMPAIGN_COLUMNS = ("campaign", "opens_on", "deadline_on", "goal_packs", "cap_packs", "crop")


@dataclass(frozen=True)
class Curves:
    """Campaigns as arrays; row i of every array is the same campaign.

    ``daily`` is net packs of shape (n, longest campaign in days); ``days`` counts the days of each
    campaign, first and last included; ``final`` is nan while a campaign runs.
    """

    codes: NDArray[Any]
    crops: NDArray[Any]
    opens: NDArray[np.datetime64]
    closes: NDArray[np.datetime64]
    days: NDArray[np.int64]
    goal: Floats
    cap: Floats
    final: Floats
    backers: Floats
    daily: Floats

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: NDArray[Any]) -> Curves:
        """The campaigns at these row numbers (or where this mask is true)."""
        return Curves(**{name: value[rows] for name, value in vars(self).items()})

    def seen_days(self, share: Floats | float) -> NDArray[np.int64]:
        """Days over when this share of each campaign is over."""
        seen: NDArray[np.int64] = np.floor(share * self.days + 1e-9).astype(np.int64)
        return seen

    def pledged(self, share: Floats | float) -> Floats:
        """Packs pledged, net of withdrawals, when this share of each is over; never negative."""
        seen = self.seen_days(share)
        running = np.cumsum(self.daily, axis=1)
        if not running.shape[1]:
            return np.zeros(len(self))
        picked = running[np.arange(len(self)), np.maximum(seen - 1, 0)]
        return np.where(seen > 0, np.maximum(picked, 0), 0.0)

    def share_over(self, as_of: date) -> Floats:
        """Share of each campaign that is over at the end of that day, 0 to 1."""
        elapsed = (np.datetime64(as_of) - self.opens).astype(np.int64) + 1
        return np.clip(elapsed / self.days, 0, 1)


def read_curves(pledges: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date) -> Curves:
    """Check both frames and lay the curves side by side.

    Parameters
    ----------
    pledges : frame with ``campaign``, ``day`` (int, days since opening), ``packs`` (net change)
    campaigns : frame with ``campaign``, ``opens_on``, ``deadline_on``, ``goal_packs``,
        ``cap_packs`` (nan: none), ``crop``; optional ``finished``, ``final_packs``, ``backers``
    as_of : date
        Days after it are not looked at, and a campaign still open then counts as running whatever
        the frame says.

    Raises
    ------
    ValueError
        A column is missing, a campaign stands twice or closes before it opens, a goal is not
        positive, or a pledge belongs to no campaign or to a day before the opening.
    """
    import pandas as pd

    _check_columns(pledges, PLEDGE_COLUMNS)
    _check_columns(campaigns, CAMPAIGN_COLUMNS)
    frame = campaigns.reset_index(drop=True)
    if frame["campaign"].duplicated().any():
        raise ValueError("a campaign stands twice")
    opens = pd.to_datetime(frame["opens_on"]).to_numpy(dtype="datetime64[D]")
    closes = pd.to_datetime(frame["deadline_on"]).to_numpy(dtype="datetime64[D]")
    days = (closes - opens).astype(np.int64) + 1
    goal = frame["goal_packs"].to_numpy(dtype=np.float64)
    if (days < 1).any() or not (goal > 0).all():
        raise ValueError("a campaign closes before it opens or has no goal")
    daily = _daily(pledges, pd.Index(frame["campaign"], dtype=object), days, opens, as_of)
    return Curves(
        codes=frame["campaign"].to_numpy(dtype=object),
        crops=frame["crop"].to_numpy(dtype=object),
        opens=opens,
        closes=closes,
        days=days,
        goal=goal,
        cap=frame["cap_packs"].to_numpy(dtype=np.float64),
        final=_finals(frame, daily, closes, as_of),
        backers=_optional(frame, "backers"),
        daily=daily,
    )


def _check_columns(frame: pd.DataFrame, needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise ValueError(f"columns missing: {', '.join(missing)}")


def _daily(
    pledges: pd.DataFrame,
    codes: pd.Index,
    days: NDArray[np.int64],
    opens: NDArray[np.datetime64],
    as_of: date,
) -> Floats:
    import pandas as pd

    row = codes.get_indexer(pd.Index(pledges["campaign"], dtype=object))
    day = pledges["day"].to_numpy(dtype=np.int64)
    packs = pledges["packs"].to_numpy(dtype=np.float64)
    if (row < 0).any() or (day < 0).any() or not np.isfinite(packs).all():
        raise ValueError(
            "a pledge belongs to no campaign, comes before the opening or has no number"
        )
    daily = np.zeros((len(codes), int(days.max(initial=0))))
    known = opens[row] + day <= np.datetime64(as_of)
    row, day, packs = row[known], day[known], packs[known]
    # What is booked after the deadline still belongs to the last day.
    np.add.at(daily, (row, np.minimum(day, days[row] - 1)), packs)
    return daily


def _finals(
    frame: pd.DataFrame, daily: Floats, closes: NDArray[np.datetime64], as_of: date
) -> Floats:
    total = np.maximum(daily.sum(axis=1), 0)
    said = _optional(frame, "final_packs")
    over = closes <= np.datetime64(as_of)
    if "finished" in frame.columns:
        over &= frame["finished"].to_numpy(dtype=bool)
    return np.where(over, np.where(np.isnan(said), total, said), np.nan)


def _optional(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
