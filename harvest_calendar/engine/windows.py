"""This year's start, peak and end of a harvest window at a place. No Django.

A window as written spans its whole altitude band: the lowest places pick first, the highest last.
A place's own days are the window moved from the middle of the band, by a fixed number of days for
every 100 m and at most half the window, and cut to the window as written; so days stay in order
and neighbouring bands meet. Outside every band the days of the nearest edge are moved on by
altitude and the answer is an estimate; more than ``TOO_FAR_M`` outside, the crop is not grown.
"""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_100_M = 3.5
DAYS_PER_100_M_BY_CROP = {"huajiao": 7.0}  # by the first word of the crop key
TOO_FAR_M = 300
LEAP_DAY = (2, 29)


@dataclass(frozen=True)
class Band:
    """A window as written: month-days ``MM-DD`` and the altitudes in metres it was written for.

    ``low_m`` and ``high_m`` are both None when the window holds everywhere in its county.
    """

    key: int
    start_md: str
    peak_md: str
    end_md: str
    crosses_year: bool = False
    low_m: int | None = None
    high_m: int | None = None
    is_estimate: bool = False


@dataclass(frozen=True)
class Dated:
    """A window's days in the season of one year."""

    key: int
    start_on: date
    peak_on: date
    end_on: date
    is_estimate: bool


def days_per_100_m(crop_key: str) -> float:
    """How many days later a crop ripens 100 m higher.

    >>> days_per_100_m("huajiao_fresh"), days_per_100_m("walnut_dry")
    (7.0, 3.5)
    """
    return DAYS_PER_100_M_BY_CROP.get(crop_key.split("_", maxsplit=1)[0], DAYS_PER_100_M)


def month_day(text: str, year: int) -> date:
    """A month-day in a year; 29 February is 28 February outside leap years.

    Raises
    ------
    ValueError
        When the text is not a day of a leap year written ``MM-DD``.

    >>> month_day("02-29", 2027)
    datetime.date(2027, 2, 28)
    """
    if len(text) != 5 or text[2] != "-" or not (text[:2] + text[3:]).isdigit():
        raise ValueError(f"{text!r} is not written MM-DD")
    month, day = int(text[:2]), int(text[3:])
    if (month, day) == LEAP_DAY and not isleap(year):
        return date(year, 2, 28)
    return date(year, month, day)


def as_written(band: Band, *, year: int) -> Dated:
    """The days of a window that starts in a year, where it was written for.

    Raises
    ------
    ValueError
        When the days are out of order, or the window is a year or longer.

    >>> as_written(Band(1, "11-01", "12-20", "02-10", crosses_year=True), year=2026).end_on
    datetime.date(2027, 2, 10)
    """
    start = month_day(band.start_md, year)
    peak = month_day(band.peak_md, year)
    end = month_day(band.end_md, year + band.crosses_year)
    if peak < start and band.crosses_year:
        peak = month_day(band.peak_md, year + 1)
    if not start <= peak <= end or (end - start).days >= 366:
        raise ValueError(f"window {band.key}: start, peak and end are out of order")
    return Dated(band.key, start, peak, end, band.is_estimate)


def season_at(
    bands: Sequence[Band], *, year: int, altitude_m: int | None, per_100_m: float
) -> list[Dated]:
    """The windows of one crop at a place in the season of a year, in order.

    Parameters
    ----------
    bands : all windows of the crop in the county
    altitude_m : of the place; None when unknown, which answers with every window as written,
        marked estimate
    per_100_m : days later for every 100 m higher

    Windows of different altitude bands are one another's alternatives: the band that holds the
    place answers. Windows whose bands hold the place together (flushes, parts) all answer.

    >>> band = Band(1, "07-05", "07-20", "08-10", low_m=1200, high_m=1600)
    >>> place = season_at([band], year=2026, altitude_m=1500, per_100_m=7.0)[0]
    >>> place.start_on, place.end_on
    (datetime.date(2026, 7, 12), datetime.date(2026, 8, 10))
    >>> season_at([band], year=2026, altitude_m=2000, per_100_m=7.0)
    []
    """
    if altitude_m is None:
        found = [_guess(as_written(band, year=year)) for band in bands]
        return sorted(found, key=_by_day)
    inside = [band for band in bands if _metres_outside(band, altitude_m) == 0]
    chosen = inside or _nearest(bands, altitude_m)
    found = [
        _moved(band, year=year, altitude_m=altitude_m, per_100_m=per_100_m)
        for band in _one_band_each(chosen, altitude_m)
    ]
    return sorted(found if inside else [_guess(dated) for dated in found], key=_by_day)


def _by_day(dated: Dated) -> tuple[date, date, int]:
    return dated.start_on, dated.end_on, dated.key


def _guess(dated: Dated) -> Dated:
    return Dated(dated.key, dated.start_on, dated.peak_on, dated.end_on, True)


def _metres_outside(band: Band, altitude_m: int) -> int:
    if band.low_m is None or band.high_m is None:
        return 0
    return max(band.low_m - altitude_m, altitude_m - band.high_m, 0)


def _nearest(bands: Sequence[Band], altitude_m: int) -> list[Band]:
    """The windows of the nearest band, with its flushes; none when all are too far."""
    near = min((_metres_outside(band, altitude_m) for band in bands), default=TOO_FAR_M + 1)
    if near > TOO_FAR_M:
        return []
    return [band for band in bands if _metres_outside(band, altitude_m) == near]


def _one_band_each(bands: Sequence[Band], altitude_m: int) -> list[Band]:
    """At a shared edge of two bands the band whose middle is nearer answers, for each season.

    Flushes and parts keep apart: only windows of different bands whose days overlap compete.
    """
    kept: list[Band] = []
    for band in sorted(bands, key=lambda b: (_from_middle(b, altitude_m), b.key)):
        if not any(_same_season(band, other) for other in kept):
            kept.append(band)
    return kept


def _from_middle(band: Band, altitude_m: int) -> float:
    if band.low_m is None or band.high_m is None:
        return float("inf")
    return abs(altitude_m - (band.low_m + band.high_m) / 2)


def _same_season(one: Band, other: Band) -> bool:
    if (one.low_m, one.high_m) == (other.low_m, other.high_m):
        return False
    a, b = as_written(one, year=2024), as_written(other, year=2024)
    return a.start_on <= b.end_on and b.start_on <= a.end_on


def _moved(band: Band, *, year: int, altitude_m: int, per_100_m: float) -> Dated:
    written = as_written(band, year=year)
    if band.low_m is None or band.high_m is None:
        return written
    edge_m = min(max(altitude_m, band.low_m), band.high_m)
    half = (written.end_on - written.start_on).days / 2
    from_middle = (edge_m - (band.low_m + band.high_m) / 2) / 100 * per_100_m
    inside = timedelta(days=round(min(max(from_middle, -half), half)))
    outside = timedelta(days=round((altitude_m - edge_m) / 100 * per_100_m))
    start, peak, end = (
        min(max(day + inside, written.start_on), written.end_on) + outside
        for day in (written.start_on, written.peak_on, written.end_on)
    )
    return Dated(band.key, start, peak, end, written.is_estimate)
