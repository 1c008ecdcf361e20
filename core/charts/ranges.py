"""A whole year of many crops as a range of mountains, and rows of hills drawn with few bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, pi

from core.charts.hills import YEAR, YearWindow
from core.charts.shapes import Point

WIDTH = 1000  # whole units: short paths
HEIGHT = 400
SAMPLES = 60  # points of a ridge over the year
SKY, FOOT = 0.42, 0.93  # share of the height where the farthest and the nearest ridge stand
TALLEST = 0.3  # share of the height of the highest summit
LOWEST = 0.4  # share of that for a range of one crop only
SHADES = 10
PLAIN = 4  # a plain is this part of a hill high
ROOM_WIDE, ROOM_PHONE = (8.0, 6.0), (28.0, 8.0)  # percent of width and height that a name needs


@dataclass(frozen=True)
class RangeLayer:
    """One range: its outline down to the foot, its shade from far (1) to near (10), its name.

    ``named`` says where the name has room: wide, phone (both), or nowhere (empty).
    """

    key: str
    name: str
    shade: int
    path: str
    x: float
    y: float
    named: str


@dataclass(frozen=True)
class RangeRow:
    """What becomes a range: a kind of produce, and the windows in which it is picked."""

    key: str
    name: str
    windows: Sequence[YearWindow]


def year_range(rows: Sequence[RangeRow]) -> tuple[RangeLayer, ...]:
    """Ranges behind each other, those that ripen first the farthest.

    The height over a day is how much is picked then: the sum of the hills of a row. Rows without
    a window, and windows that last all year, are left out.

    >>> year_range([])
    ()
    """
    summed = [(row, _profile(row.windows)) for row in rows]
    seen = sorted((pair for pair in summed if max(pair[1]) > 0), key=lambda pair: _middle(pair[1]))
    most = max((max(profile) for _, profile in seen), default=1.0)
    drawn = [
        _layer(row, profile, place=i / max(1, len(seen) - 1), most=most)
        for i, (row, profile) in enumerate(seen)
    ]
    return tuple(_name_what_has_room(drawn))


def _profile(windows: Sequence[YearWindow]) -> list[float]:
    """How much is picked at each sample of the year; a window over new year counts at both ends."""
    found = [0.0] * (SAMPLES + 1)
    for window in windows:
        if window.end - window.start >= YEAR - 2:
            continue
        for i in range(SAMPLES + 1):
            at = i * YEAR / SAMPLES
            found[i] += _height(window, at) + _height(window, at + YEAR)
    return found


def _height(window: YearWindow, at: float) -> float:
    if not window.start < at < window.end:
        return 0.0
    side = window.peak - window.start if at < window.peak else window.end - window.peak
    far = abs(window.peak - at) / side if side else 0.0
    return window.height * (1 + cos(pi * far)) / 2


def _middle(profile: Sequence[float]) -> float:
    """The day around which a range lies."""
    return sum(i * high for i, high in enumerate(profile)) / sum(profile)


def _layer(row: RangeRow, profile: list[float], *, place: float, most: float) -> RangeLayer:
    base = HEIGHT * (SKY + (FOOT - SKY) * place)
    top = HEIGHT * TALLEST * (LOWEST + (1 - LOWEST) * max(profile) / most)
    scale = top / max(profile)
    points = [(i * WIDTH / SAMPLES, base - high * scale) for i, high in enumerate(profile)]
    summit = min(points, key=lambda point: point[1])
    return RangeLayer(
        key=row.key,
        name=row.name,
        shade=round(1 + place * (SHADES - 1)),
        path=f"{_smooth(points)}V{HEIGHT}H0z",
        x=round(min(93.0, max(7.0, summit[0] / WIDTH * 100)), 1),
        y=round(summit[1] / HEIGHT * 100 - 1.5, 1),
        named="",
    )


def _smooth(points: Sequence[Point]) -> str:
    """A soft line through the middles of neighbouring points, in whole steps."""
    x, y = 0, round(points[0][1])
    path, flat = f"M0 {y}", 0
    for one, other in pairwise(points):
        end = (round((one[0] + other[0]) / 2), round((one[1] + other[1]) / 2))
        bend = (round(one[0]), round(one[1]))
        if bend[1] == y and end[1] == y:
            flat = end[0]
            continue
        if flat > x:
            path, x = f"{path}H{flat}", flat
        path += f"q{bend[0] - x} {bend[1] - y} {end[0] - x} {end[1] - y}".replace(" -", "-")
        x, y = end
    return f"{path}H{WIDTH}"


def _name_what_has_room(layers: list[RangeLayer]) -> list[RangeLayer]:
    """Names that keep clear of others: the highest ranges first, fewer on a phone."""
    wide: list[RangeLayer] = []
    phone: list[RangeLayer] = []
    for layer in sorted(layers, key=lambda layer: layer.y - layer.shade * 4):
        if _is_free(layer, wide, ROOM_WIDE):
            wide.append(layer)
            if _is_free(layer, phone, ROOM_PHONE):
                phone.append(layer)
    return [
        replace(layer, named="phone" if layer in phone else "wide" if layer in wide else "")
        for layer in layers
    ]


def _is_free(layer: RangeLayer, others: Sequence[RangeLayer], room: Point) -> bool:
    return all(abs(layer.x - o.x) >= room[0] or abs(layer.y - o.y) >= room[1] for o in others)


def row_path(window: YearWindow, *, height: int, base: int) -> str:
    """A hill in a box 1000 wide, in whole units; at both ends when it crosses the year.

    What lasts all year is no hill but a low plain.

    >>> row_path(YearWindow(10, 20, 40), height=50, base=60)
    'M100 60c50 0 80-47 100-50c44 3 96 50 200 50z'
    """
    if window.end - window.start >= YEAR - 2:
        return f"M0 {base}V{base - height // PLAIN}H{WIDTH}V{base}z"
    path = _hill(window, 0, height, base)
    return path + _hill(window, -WIDTH, height, base) if window.end > YEAR else path


def _hill(window: YearWindow, shift: int, height: int, base: int) -> str:
    start, peak, end = (round(v * WIDTH / YEAR) for v in (window.start, window.peak, window.end))
    tall = round(height * window.height)
    left, right, low = peak - start, end - peak, round(tall * 0.94)
    rise = f"c{left // 2} 0 {round(left * 0.8)} {-low} {left} {-tall}"
    fall = f"c{round(right * 0.22)} {tall - low} {round(right * 0.48)} {tall} {right} {tall}z"
    return f"M{start + shift} {base}{rise}{fall}".replace(" -", "-")
