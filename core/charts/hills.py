"""A harvest window drawn as a hill: the foot is the first and last day, the top the peak."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor

from core.charts.shapes import num, spread
from core.days import short_month

YEAR = 100.0
RIDGE_SKY = 12.0
RIDGE_STEP = 6.0
LABEL_GAP = 7.0


@dataclass(frozen=True)
class YearWindow:
    """A harvest window in percent of the year; it may end beyond 100 when it crosses the year.

    ``state`` is done, now or later; ``height`` is a share of the tallest hill of its row.
    """

    start: float
    peak: float
    end: float
    label: str = ""
    state: str = "later"
    height: float = 1.0

    @property
    def label_x(self) -> float:
        """Where the label stands: at the peak, moved in from the edges of the strip."""
        return round(min(94.0, max(6.0, self.peak % YEAR)), 2)

    @property
    def label_y(self) -> float:
        """Where the label stands above a hill of four fifths of the strip."""
        return round(100 - 80 * self.height - 6, 2)


def year_fraction(day: date) -> float:
    """How far into its year a day is, from 0 to just under 1.

    >>> year_fraction(date(2026, 1, 1))
    0.0
    """
    days = 366 if isleap(day.year) else 365
    return (day.timetuple().tm_yday - 1) / days


def year_window(
    start_on: date,
    peak_on: date,
    end_on: date,
    *,
    on: date | None = None,
    label: str = "",
    height: float = 1.0,
) -> YearWindow:
    """A window's place in the year of its first day, and whether it is done, now or later ``on``.

    >>> july = year_window(date(2026, 7, 1), date(2026, 7, 9), date(2026, 7, 31))
    >>> july.start, july.end
    (49.59, 57.81)

    Raises
    ------
    ValueError
        When the days are not in order.
    """
    if not start_on <= peak_on <= end_on:
        raise ValueError("a window's start, peak and end must be in order")
    start = year_fraction(start_on) * YEAR
    days = 366 if isleap(start_on.year) else 365
    state = "later"
    if on is not None and start_on <= on:
        state = "now" if on <= end_on else "done"
    return YearWindow(
        start=round(start, 2),
        peak=round(start + (peak_on - start_on).days / days * YEAR, 2),
        end=round(start + (end_on - start_on).days / days * YEAR, 2),
        label=label,
        state=state,
        height=height,
    )


def hill_path(start: float, peak: float, end: float, height: float, base: float) -> str:
    """A hill from start over peak to end, ``height`` above the line ``base``.

    >>> hill_path(0, 10, 30, 50, 100)
    'M0 100C5 100 8 52.5 10 50C14.4 53 19.6 100 30 100Z'
    """
    left, right, top = peak - start, end - peak, base - height
    rise = (start + 0.5 * left, base, peak - 0.2 * left, top + 0.05 * height, peak, top)
    fall = (peak + 0.22 * right, top + 0.06 * height, end - 0.52 * right, base, end, base)
    return f"M{num(start)} {num(base)}C{' '.join(map(num, rise))}C{' '.join(map(num, fall))}Z"


def window_path(window: YearWindow, *, height: float, base: float) -> str:
    """The hill of a window; one that crosses the year is drawn at both ends of the strip."""
    tall = height * window.height
    path = hill_path(window.start, window.peak, window.end, tall, base)
    if window.end > YEAR:
        path += hill_path(window.start - YEAR, window.peak - YEAR, window.end - YEAR, tall, base)
    return path


@dataclass(frozen=True)
class Zoom:
    """Windows stretched over the months they touch; positions in percent of that span."""

    windows: tuple[YearWindow, ...]
    months: tuple[tuple[float, str], ...]
    today: float | None


def zoom(windows: Sequence[YearWindow], *, on: date) -> Zoom:
    """Look at the months around a crop's windows instead of the whole year.

    >>> zoom([YearWindow(48, 52, 55)], on=date(2026, 7, 2)).months
    ((0.0, '6月'), (50.0, '7月'))

    Raises
    ------
    ValueError
        When there is no window.
    """
    if not windows:
        raise ValueError("there is no window to look at")
    month = YEAR / 12
    first = floor(min(window.start for window in windows) / month)
    last = max(first + 1, ceil(max(window.end for window in windows) / month))
    scale = YEAR / ((last - first) * month)

    def place(value: float) -> float:
        return round((value - first * month) * scale, 2)

    here = year_fraction(on) * YEAR
    spots = [place(at) for at in (here, here + YEAR) if 0 <= place(at) <= YEAR]
    months = [(place(i * month), short_month(i % 12 + 1)) for i in range(first, last)]
    moved = [
        replace(w, start=place(w.start), peak=place(w.peak), end=place(w.end)) for w in windows
    ]
    return Zoom(tuple(moved), tuple(months), spots[0] if spots else None)


@dataclass(frozen=True)
class RidgeCrop:
    """One mountain of the ridge: a layer of mist, and its hill in colour when it is now."""

    name: str
    crop: str
    layer: int
    mountain: str
    hill: str
    now: bool
    x: float
    y: float


@dataclass(frozen=True)
class Ridge:
    """The year as a range of mountains, far (early) to near (late), and where the sun stands."""

    crops: tuple[RidgeCrop, ...]
    sun: float


def ridge(rows: Sequence[tuple[str, str, YearWindow]], *, on: date, labels: int = 3) -> Ridge:
    """Draw at most ten crops as mountains in a box of 100 x 100, earliest peak at the back.

    Parameters
    ----------
    rows : name, crop key and window of each crop
    on : the day the sun stands on
    labels : how many of the crops in season get a name, the tallest first

    >>> ridge([("茶", "green_tea", YearWindow(20, 25, 35, state="done"))], on=date(2026, 7, 2)).sun
    49.86
    """
    chosen = sorted(rows, key=lambda row: row[2].peak)[:10]
    named = sorted((row for row in chosen if row[2].state == "now"), key=lambda r: -r[2].height)
    named_keys = {id(row) for row in named[:labels]}
    first = 10 - len(chosen)
    crops = [
        _mountain(row, layer=first + i, named=id(row) in named_keys) for i, row in enumerate(chosen)
    ]
    spots = [i for i, crop in enumerate(crops) if crop.name]
    heights = spread([crops[i].y for i in spots], gap=LABEL_GAP)
    for i, y in zip(spots, heights, strict=True):
        crops[i] = replace(crops[i], y=round(y, 2))
    return Ridge(crops=tuple(crops), sun=round(year_fraction(on) * YEAR, 2))


def _mountain(row: tuple[str, str, YearWindow], *, layer: int, named: bool) -> RidgeCrop:
    name, crop, window = row
    base = 38 + RIDGE_STEP * layer
    tall = (26 - 0.5 * layer) * window.height
    mountain = YearWindow(window.start - 1.2, window.peak, window.end + 1.2, height=window.height)
    body = window_path(mountain, height=26 - 0.5 * layer, base=base)
    return RidgeCrop(
        name=name if named else "",
        crop=crop,
        layer=layer + 1,
        mountain=f"{body}M0 {num(base)}H100V100H0Z",
        hill=window_path(window, height=(26 - 0.5 * layer) * 0.95, base=base),
        now=window.state == "now",
        x=round(window.peak % YEAR, 2),
        y=round(base - tall - 3, 2),
    )
