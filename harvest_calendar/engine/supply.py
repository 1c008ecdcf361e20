"""How much raw crop to expect, by crop, township and week. No Django.

A planting's mean is area × yield × age × heavy or light year × what it reported before. Its own
luck (own spread) averages out over many plantings; weather and pests strike all of a crop in a
township at once (common spread) and do not. The total of a crop in a township has

    variance = (common × mean)² + Σ (own × mean of planting)²

and is taken as lognormal, so its quantiles are ordered and never negative. Weeks share the total
along the hill of the window (see ``hill_share``): the weeks of one quantile sum to that quantile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.units import shares

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Z90 = 1.2815515655446004
COMMON_SPREAD = 0.18
OWN_SPREAD = 0.30
REPORTED_SPREAD = 0.03  # once weighed, what is left is the scale's and the bag's error
# Share of full yield by years since planting; the last value holds from there on.
BEARING: dict[str, tuple[float, ...]] = {
    "tree": (0, 0, 0, 0.1, 0.25, 0.4, 0.6, 0.8, 0.9, 1.0),
    "shrub": (0, 0, 0.15, 0.4, 0.7, 0.9, 1.0),
    "root": (0, 1.0),
    "annual": (1.0,),
    "kept": (1.0,),
}
LEAST_KG = 0.001  # less than a gram is nothing
SLICES = 1000  # whole parts a total is split into by week


@dataclass(frozen=True)
class Plantings:
    """Plantings as columns, all of shape (n,).

    group : int, which (crop, township) a planting belongs to, 0 … n_groups - 1
    full_kg : mean yield in full bearing, kg
    age : int, years since planting
    habit : words of ``BEARING``
    factor : share by which this year and earlier reports lift or lower the mean
    reported_kg : what was really harvested this year, NaN when not yet known
    """

    group: Ints
    full_kg: Floats
    age: Ints
    habit: Sequence[str]
    factor: Floats
    reported_kg: Floats


@dataclass(frozen=True)
class Totals:
    """Raw grams of a season by group, int arrays of shape (n_groups,)."""

    p10_g: Ints
    p50_g: Ints
    p90_g: Ints


def bearing_share(habit: Sequence[str], age: Ints) -> Floats:
    """Share of full yield for each planting; nothing before it was planted.

    Raises
    ------
    ValueError
        When a habit is not known.

    >>> [float(share) for share in bearing_share(["tree", "annual"], np.array([6, 0]))]
    [0.6, 1.0]
    """
    unknown = set(habit) - set(BEARING)
    if unknown:
        raise ValueError(f"unknown habits: {sorted(unknown)}")
    found = np.zeros(len(age))
    words = np.array(habit, dtype=object)
    for word, curve in BEARING.items():
        mine = words == word
        found[mine] = np.array(curve)[np.clip(age[mine], 0, len(curve) - 1)]
    return np.where(age < 0, 0.0, found)


def year_factor(*, swing: float, heavy_in_odd_years: bool | None, year: int) -> float:
    """Mean lift of a heavy year or loss of a light one; 1 when it is not known which it is.

    Half of the swing, because not every tree of a hillside keeps the same rhythm.

    >>> year_factor(swing=0.4, heavy_in_odd_years=True, year=2026)
    0.8
    """
    if heavy_in_odd_years is None:
        return 1.0
    sign = 1 if heavy_in_odd_years == bool(year % 2) else -1
    return 1.0 + sign * swing / 2


def season_totals(plantings: Plantings, *, n_groups: int, swing: Floats) -> Totals:
    """Quantiles of each group's season.

    Parameters
    ----------
    swing : shape (n_groups,), the crop's heavy and light year swing, widens the common spread

    Raises
    ------
    ValueError
        When columns differ in length, a group is out of range or a yield is negative.

    >>> one = Plantings(np.array([0]), np.array([100.0]), np.array([0]), ["annual"],
    ...                 np.array([1.0]), np.array([np.nan]))
    >>> totals = season_totals(one, n_groups=1, swing=np.array([0.0]))
    >>> bool(totals.p10_g[0] < totals.p50_g[0] < totals.p90_g[0])
    True
    """
    _check(plantings, n_groups)
    expected = plantings.full_kg * bearing_share(plantings.habit, plantings.age) * plantings.factor
    known = ~np.isnan(plantings.reported_kg)
    mean = np.where(known, plantings.reported_kg, expected)
    own = np.where(known, REPORTED_SPREAD, OWN_SPREAD)
    unknown_mean = _sum(np.where(known, 0.0, mean), plantings.group, n_groups)
    total = _sum(mean, plantings.group, n_groups)
    common = np.hypot(COMMON_SPREAD, swing / 2) * unknown_mean
    variance = common**2 + _sum((own * mean) ** 2, plantings.group, n_groups)
    return _quantiles(total, variance)


def _check(plantings: Plantings, n_groups: int) -> None:
    size = len(plantings.group)
    columns = (plantings.full_kg, plantings.age, plantings.habit, plantings.factor)
    if any(len(column) != size for column in (*columns, plantings.reported_kg)):
        raise ValueError("columns of plantings differ in length")
    if size and (plantings.group.min() < 0 or plantings.group.max() >= n_groups):
        raise ValueError("a planting's group is out of range")
    if size and min(plantings.full_kg.min(), plantings.factor.min()) < 0:
        raise ValueError("a yield is negative")


def _sum(values: Floats, group: Ints, n_groups: int) -> Floats:
    return np.bincount(group, weights=values, minlength=n_groups).astype(np.float64)


def _quantiles(total: Floats, variance: Floats) -> Totals:
    some = total >= LEAST_KG
    safe = np.where(some, total, 1.0)
    sigma2 = np.log1p(np.where(some, variance, 0.0) / safe**2)
    median = np.where(some, safe / np.exp(sigma2 / 2), 0.0)
    step = np.exp(Z90 * np.sqrt(sigma2))
    low, middle, high = (np.rint(q * 1000).astype(np.int64) for q in _three(median, step))
    return Totals(low, middle, high)


def _three(median: Floats, step: Floats) -> tuple[Floats, Floats, Floats]:
    return median / step, median, median * step


def hill_share(start_on: date, peak_on: date, end_on: date, *, until: date) -> float:
    """Share of a window's harvest picked up to and including a day.

    The hill rises from the first day to the peak and falls to the last as half waves, so that it
    is flat at its feet and at its top.

    >>> hill_share(date(2026, 7, 1), date(2026, 7, 10), date(2026, 7, 19), until=date(2026, 7, 19))
    1.0
    """
    left = (peak_on - start_on).days + 0.5
    right = (end_on - peak_on).days + 0.5
    at = (until - start_on).days + 1.0
    if at <= 0:
        return 0.0
    if at >= left + right:
        return 1.0
    x = min(at, left) / left
    found = left * (x - np.sin(np.pi * x) / np.pi)
    if at > left:
        y = (at - left) / right
        found += right * (y + np.sin(np.pi * y) / np.pi)
    return float(found / (left + right))


def week_shares(windows: Sequence[tuple[date, date, date]]) -> list[tuple[date, int]]:
    """Mondays and whole parts of a thousand (``SLICES``) in which windows share a season.

    Parameters
    ----------
    windows : (start, peak, end) of each window; each takes a part by its length

    Raises
    ------
    ValueError
        When there is no window.

    >>> week_shares([(date(2026, 7, 20), date(2026, 7, 22), date(2026, 7, 24))])
    [(datetime.date(2026, 7, 20), 1000)]
    """
    if not windows:
        raise ValueError("a season needs a window")
    by_week: dict[date, float] = {}
    for start, peak, end in windows:
        length = (end - start).days + 1
        monday, before = start - timedelta(days=start.weekday()), 0.0
        while monday <= end:
            upto = hill_share(start, peak, end, until=monday + timedelta(days=6))
            by_week[monday] = by_week.get(monday, 0.0) + length * (upto - before)
            monday, before = monday + timedelta(weeks=1), upto
    mondays = sorted(by_week)
    parts = shares(SLICES, [round(by_week[monday] * 1_000_000) for monday in mondays])
    return list(zip(mondays, parts, strict=True))


def by_week(total_g: tuple[int, int, int], parts: Sequence[int]) -> list[tuple[int, int, int]]:
    """Split (P10, P50, P90) by the parts of the weeks; every quantile keeps its sum and order.

    >>> by_week((10, 20, 31), [500, 500])
    [(5, 10, 16), (5, 10, 15)]
    """
    low, middle, high = total_g
    first = shares(low, parts)
    second = shares(middle - low, parts)
    third = shares(high - middle, parts)
    return [(a, a + b, a + b + c) for a, b, c in zip(first, second, third, strict=True)]
