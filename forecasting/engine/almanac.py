"""The sun and the moon in Beijing: solar terms, and festivals whose date moves.

A farmer's year runs by the sun's longitude (the 24 solar terms are its steps of 15 degrees), the
table's by the moon. Both are computed, so that no year is missing: the sun to about a hundredth of
a degree, the new moon to a few minutes (Meeus, *Astronomical Algorithms*, 1998, chapters 25 and
49). A lunar month takes its number from the solar term within it, as GB/T 33661-2017 says.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.quantiles import Floats

Days = NDArray[np.datetime64]
J2000 = 2451545.0
TERRESTRIAL = 69 / 86400
"""Terrestrial time is ahead of world time by about 69 s in these years."""
BEIJING = 8 / 24
DAY_ONE = 1721424.5
"""Julian day at the midnight that begins day 0 of ``date.toordinal``."""


class Festival(StrEnum):
    """Festivals that move what people buy."""

    SPRING = "spring_festival"
    DRAGON_BOAT = "dragon_boat"
    MID_AUTUMN = "mid_autumn"
    NATIONAL_DAY = "national_day"


LUNAR = {
    Festival.SPRING: (330.0, 50, 1),
    Festival.DRAGON_BOAT: (90.0, 172, 5),
    Festival.MID_AUTUMN: (180.0, 266, 15),
}
"""The sun's longitude that numbers the month, about which day of the year, and the month's day."""
AWAY = 60.0
"""Days beyond which a festival no longer counts."""


def sun_longitude(days: Days) -> Floats:
    """Apparent longitude of the sun, degrees, at noon in Beijing.

    Examples
    --------
    >>> sun_longitude(np.array(["2026-02-04"], dtype="datetime64[D]")).round()
    array([315.])
    """
    ordinal = days.astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()
    return _longitude((ordinal + (DAY_ONE + 0.5 - BEIJING)).astype(np.float64))


def _longitude(julian: Floats) -> Floats:
    t = (julian + TERRESTRIAL - J2000) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = np.radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t) * np.sin(anomaly)
        + (0.019993 - 0.000101 * t) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = np.radians(125.04 - 1934.136 * t)
    longitude: Floats = (mean + centre - 0.00569 - 0.00478 * np.sin(node)) % 360
    return longitude


def solar_term_on(year: int, longitude: float, near: int) -> date:
    """The day in Beijing on which the sun reaches a longitude, near a day of the year.

    Examples
    --------
    >>> solar_term_on(2026, 315.0, 35)
    datetime.date(2026, 2, 4)
    """
    julian = date(year, 1, 1).toordinal() + DAY_ONE + near
    for _ in range(6):
        gap = (longitude - float(_longitude(np.array(julian))) + 180) % 360 - 180
        julian += gap * 365.2422 / 360
    return _beijing_day(julian)


def _beijing_day(julian: float) -> date:
    return date.fromordinal(int(np.floor(julian + BEIJING - DAY_ONE)))


@cache
def new_moon_by(day: date) -> date:
    """The day in Beijing of the last new moon on or before a day."""
    count = int(np.floor((day.toordinal() + DAY_ONE - J2000) / 29.530588861)) + 2
    while (found := _beijing_day(_new_moon(count))) > day:
        count -= 1
    return found


def _new_moon(count: int) -> float:
    """Julian day (world time) of the new moon of this number since January 2000."""
    t = count / 1236.85
    mean = 2451550.09766 + 29.530588861 * count + 0.00015437 * t**2
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = np.radians(2.5534 + 29.10535670 * count)
    moon = np.radians(201.5643 + 385.81693528 * count + 0.0107582 * t**2)
    node = np.radians(160.7108 + 390.67050284 * count - 0.0016118 * t**2)
    rise = np.radians(124.7746 - 1.56375588 * count + 0.0020672 * t**2)
    terms = [
        -0.40720 * np.sin(moon),
        0.17241 * e * np.sin(sun),
        0.01608 * np.sin(2 * moon),
        0.01039 * np.sin(2 * node),
        0.00739 * e * np.sin(moon - sun),
        -0.00514 * e * np.sin(moon + sun),
        0.00208 * e**2 * np.sin(2 * sun),
        -0.00111 * np.sin(moon - 2 * node),
        -0.00057 * np.sin(moon + 2 * node),
        0.00056 * e * np.sin(2 * moon + sun),
        -0.00042 * np.sin(3 * moon),
        0.00042 * e * np.sin(sun + 2 * node),
        0.00038 * e * np.sin(sun - 2 * node),
        -0.00024 * e * np.sin(2 * moon - sun),
        -0.00017 * np.sin(rise),
    ]
    return float(mean + sum(terms) - TERRESTRIAL)


@cache
def festival_on(festival: Festival, year: int) -> date:
    """The day of a festival in a year.

    True to the calendar from 1950 to 2060 but for the mid-autumn of 2033, a month late.

    Examples
    --------
    >>> festival_on(Festival.SPRING, 2026), festival_on(Festival.MID_AUTUMN, 2025)
    (datetime.date(2026, 2, 17), datetime.date(2025, 10, 6))
    """
    if festival is Festival.NATIONAL_DAY:
        return date(year, 10, 1)
    longitude, near, day = LUNAR[festival]
    first = new_moon_by(solar_term_on(year, longitude, near))
    if festival is Festival.SPRING and (first.month, first.day) < (1, 21):
        # The month held two numbering terms (2034, 2053): it is the twelfth, the next the first.
        first = new_moon_by(first + timedelta(days=31))
    return first + timedelta(days=day - 1)


def days_from(festival: Festival, days: Days) -> Floats:
    """Days since (below 0: until) the nearest such festival, at most ``AWAY`` either way."""
    numbers = days.astype("datetime64[D]").astype(np.int64)
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    known = range(int(years.min(initial=2000)) - 1, int(years.max(initial=2000)) + 2)
    epoch = date(1970, 1, 1).toordinal()
    dates = np.array([festival_on(festival, year).toordinal() - epoch for year in known])
    away = numbers[:, None] - dates[None, :]
    nearest = np.take_along_axis(away, np.abs(away).argmin(axis=1)[:, None], axis=1)[:, 0]
    return np.clip(nearest.astype(np.float64), -AWAY, AWAY)
