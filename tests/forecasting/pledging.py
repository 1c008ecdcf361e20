"""Invented campaigns and bookings for the file engines: rush, quiet middle, rush; withdrawals."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecasting.engine.crowd_features import Seen

KINDS = ("music", "film", "books")


def finished_campaigns(count: int, seed: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Campaigns as in ``crowd.fit``, one launched every second day, and their curves."""
    rng = np.random.default_rng(seed)
    facts, curves = [], []
    for number in range(count):
        days, goal = int(rng.integers(20, 61)), float(rng.integers(20, 200) * 100)
        daily = _daily(rng, days, goal)
        curves.append(daily.assign(id=f"c{number:04d}"))
        total = float(daily["amount"].sum())
        facts.append(
            {
                "id": f"c{number:04d}",
                "launch_date": pd.Timestamp("2024-01-01") + pd.Timedelta(days=2 * number),
                "days": days,
                "goal": goal,
                "mode": "flex" if number % 7 == 0 else "aon",
                "category": KINDS[number % 3],
                "has_video": float(number % 2),
                "about_len": 500.0 + number,
                "headline_len": 60.0,
                "reached_goal": float(total >= goal),
                "final_backers": float(daily["backers"].sum()),
                "final_amount": total,
            }
        )
    return pd.DataFrame(facts), pd.concat(curves, ignore_index=True)


def _daily(rng: np.random.Generator, days: int, goal: float) -> pd.DataFrame:
    share = (np.arange(days) + 0.5) / days
    shape = np.exp(-6 * share) + 0.2 + np.exp(-6 * (1 - share))
    wanted = goal / 50 * np.exp(rng.normal(-0.3, 1.0)) * (rng.random() > 0.1)
    backers = rng.poisson(shape / shape.sum() * wanted)
    amount = backers * 50.0 + 10 * rng.integers(0, 3, days) * (backers > 0)
    rows = pd.DataFrame({"day": np.arange(days), "backers": backers, "amount": amount})
    return rows[rows["backers"] > 0].astype({"backers": float, "amount": float})


def seen_at(campaigns: pd.DataFrame, share: float) -> Seen:
    """The campaigns cut at this share of their days, with nothing pledged yet."""
    cut = np.maximum(1, np.round(campaigns["days"] * share)).to_numpy(dtype=np.int64)
    empty = np.zeros((len(campaigns), int(campaigns["days"].max()) + 1 if len(campaigns) else 1))
    return Seen(campaigns.reset_index(drop=True), cut, empty, empty)


def with_pledges(seen: Seen, pledges: Sequence[int]) -> Seen:
    """Every campaign gets these backers on its first days, fifty of money each."""
    backers = np.zeros((len(seen), 61))
    backers[:, : len(pledges)] = pledges
    return Seen(seen.facts, seen.cut, backers, backers * 50)


def booked_rows(days: int = 200, seed: int = 5) -> pd.DataFrame:
    """Due dates as in ``bookings.fit``: two channels, two leads, a quarter is withdrawn."""
    rng = np.random.default_rng(seed)
    due = pd.date_range("2025-01-01", periods=days)
    rows = []
    for channel, size in (("direct", 6), ("agents", 20)):
        for lead, share in ((60, 0.5), (12, 0.9)):
            gross = rng.poisson(size * share * 1.3, days)
            net = rng.binomial(gross, 0.8)
            kept = rng.binomial(net, 0.9) + rng.poisson(size * (1 - share), days)
            table = {"due_date": due, "gross": gross, "net": net, "y_rooms": kept, "lead": lead}
            rows.append(pd.DataFrame(table).assign(channel=channel))
    frame = pd.concat(rows, ignore_index=True).assign(product="H", prepaid=0, new14=1)
    frame["recent"], frame["lastyear"] = float("nan"), float("nan")
    frame["dow"], frame["month"] = frame["due_date"].dt.day_of_week, frame["due_date"].dt.month
    dates = frame["due_date"].dt.strftime("%Y-%m-%d")
    frame["uid"] = "H|" + frame["channel"] + "|" + dates + "|" + frame["lead"].astype(str)
    return frame
