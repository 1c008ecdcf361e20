"""Small panels of weekly sales, and the study's, for the tests of the weekly engine."""

from datetime import date

import numpy as np

from forecasting.engine.panel import Panel

MONDAY = date(2026, 8, 24)


def yearly(series=6, weeks=90, seed=1):
    """Series of one yearly swell and their own noise; the last sells every third week."""
    rng = np.random.default_rng(seed)
    place = np.arange(weeks)
    swell = 100 + 40 * np.sin(place * 2 * np.pi / 52)
    amounts = (
        swell * rng.uniform(0.5, 20, series)[:, None] * rng.lognormal(0, 0.15, (series, weeks))
    )
    amounts[-1, place % 3 > 0] = 0
    if series > 2:
        amounts[1, :30] = np.nan
    return Panel(tuple(f"s{row}" for row in range(series)), MONDAY, amounts)
