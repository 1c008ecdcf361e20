"""Points, paths and axis steps that every chart shares."""

import math
from collections.abc import Sequence

Point = tuple[float, float]

BOX = 100.0


def num(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zero.

    >>> num(12.5), num(3.0), num(-0.001)
    ('12.5', '3', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def scale_points(
    points: Sequence[Point],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    width: float = BOX,
    height: float = BOX,
) -> list[Point]:
    """Map data to the box: left to right, and up is less y, as SVG counts.

    Parameters
    ----------
    points : pairs in the units of the data
    x, y : lowest and highest value of each axis

    Raises
    ------
    ValueError
        When an axis has no length.

    >>> scale_points([(0, 0), (5, 10)], x=(0, 10), y=(0, 10))
    [(0.0, 100.0), (50.0, 0.0)]
    """
    if x[1] <= x[0] or y[1] <= y[0]:
        raise ValueError("an axis needs a highest value above its lowest")
    return [
        (
            (px - x[0]) / (x[1] - x[0]) * width,
            height - (py - y[0]) / (y[1] - y[0]) * height,
        )
        for px, py in points
    ]


def line_path(points: Sequence[Point]) -> str:
    """A path through the points; empty for fewer than two.

    >>> line_path([(0, 100), (50, 0)])
    'M0 100L50 0'
    """
    if len(points) < 2:
        return ""
    return "M" + "L".join(f"{num(px)} {num(py)}" for px, py in points)


def area_path(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """A closed shape between an upper and a lower line; empty when either is shorter than two.

    >>> area_path([(0, 10), (50, 0)], [(0, 20), (50, 20)])
    'M0 10L50 0L50 20L0 20Z'
    """
    if len(upper) < 2 or len(lower) < 2:
        return ""
    return line_path([*upper, *reversed(lower)]) + "Z"


def nice_ticks(highest: float, *, steps: int = 4) -> list[float]:
    """Round axis values from zero that reach the highest value, in about so many steps.

    >>> nice_ticks(7.0)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    >>> nice_ticks(0)
    [0.0, 1.0]
    """
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    count = math.ceil(highest / step - 1e-9)
    return [round(step * i, 10) for i in range(count + 1)]


def spread(
    positions: Sequence[float], *, gap: float, low: float = 0, high: float = BOX
) -> list[float]:
    """Move labels apart until neighbours are ``gap`` from each other, keeping their order.

    >>> spread([50, 51], gap=6)
    [47.5, 53.5]
    """
    order = sorted(range(len(positions)), key=lambda i: (positions[i], i))
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while (
            len(groups) > 1
            and _centre(groups[-1], positions) - _centre(groups[-2], positions)
            < gap * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            last = groups.pop()
            groups[-1].extend(last)
    placed = [0.0] * len(positions)
    for group in groups:
        first = _centre(group, positions) - gap * (len(group) - 1) / 2
        first = max(low, min(first, high - gap * (len(group) - 1)))
        for rank, i in enumerate(group):
            placed[i] = first + gap * rank
    return placed


def _centre(group: Sequence[int], positions: Sequence[float]) -> float:
    return sum(positions[i] for i in group) / len(group)
