"""Two invented seasons of campaigns: quick start, quiet middle, rush at the end."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

FIRST_DAY = date(2025, 3, 3)
LONG_AFTER = date(2027, 6, 1)
CROPS = ("hetao", "huajiao", "fengmi")


def two_seasons(campaigns: int = 60, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pledges and finished campaigns, one opening every twelve days."""
    rng = np.random.default_rng(seed)
    facts, pledges = [], []
    for number in range(campaigns):
        code = f"PC-{number:03d}"
        opens_on = FIRST_DAY + timedelta(days=12 * number)
        days = int(rng.integers(14, 31))
        goal = int(rng.integers(50, 400))
        curve = daily_packs(rng, days=days, total=goal * float(np.exp(0.5 * rng.standard_normal())))
        pledges += [(code, day, packs) for day, packs in enumerate(curve) if packs]
        deadline_on = opens_on + timedelta(days=days - 1)
        facts.append((code, opens_on, deadline_on, goal, float("nan"), CROPS[number % 3], True))
    names = ["campaign", "opens_on", "deadline_on", "goal_packs", "cap_packs", "crop", "finished"]
    return (
        pd.DataFrame(pledges, columns=["campaign", "day", "packs"]),
        pd.DataFrame(facts, columns=names),
    )


def daily_packs(rng: np.random.Generator, *, days: int, total: float) -> list[int]:
    """Net packs of each day, adding up to about the total."""
    share = (np.arange(days) + 0.5) / days
    shape = np.exp(-6 * share) + 0.25 + np.exp(-6 * (1 - share))
    wanted = shape / shape.sum() * total * np.exp(0.4 * rng.standard_normal(days))
    came = rng.poisson(wanted)
    return [int(packs) for packs in came - rng.binomial(came, 0.05)]
