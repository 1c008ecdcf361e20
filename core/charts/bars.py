"""Charts of amounts: terrace, gap bars, split of a price, water level, Lorenz curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.charts.shapes import Point, area_path, line_path, num, scale_points

TERRACE_BASE = 100.0
TERRACE_LOW = 72.0
TERRACE_STEP = 23.0
MAX_SHARES = 5
MAX_COLUMNS = 120


@dataclass(frozen=True)
class PriceStep:
    """A price that holds from some amount on, and where its label stands (percent)."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Terrace:
    """A campaign as terraces: honey from the left, the goal a post, the cap the right edge."""

    base: str
    filled: float
    goal_x: float
    dot_y: float
    steps: tuple[PriceStep, ...]
    dot_from_left: bool

    @property
    def goal_anchor(self) -> str:
        """On which side of the post the goal's label hangs, so that it stays on the page."""
        if self.goal_x > 70:
            return "end"
        return "start" if self.goal_x < 20 else "middle"


def terrace(*, booked: int, goal: int, cap: int, prices: Sequence[tuple[int, str]] = ()) -> Terrace:
    """Lay out a campaign's progress in a box of 100 x 100.

    Parameters
    ----------
    booked, goal, cap : amounts in one unit; what is booked is never drawn past the cap
    prices : amount from which a price holds and the price as text, rising

    Raises
    ------
    ValueError
        When goal or cap is not above zero, or the goal lies above the cap.

    >>> terrace(booked=30, goal=50, cap=100).filled
    30.0
    """
    if not 0 < goal <= cap:
        raise ValueError("a campaign needs 0 < goal <= cap")
    edges = [(0.0, TERRACE_LOW)]
    labels = []
    for i, (amount, text) in enumerate(prices):
        x = min(100.0, amount / cap * 100)
        top = TERRACE_LOW - TERRACE_STEP * i
        if i:
            edges.append((x, top))
        end = prices[i + 1][0] / cap * 100 if i + 1 < len(prices) else 100.0
        labels.append(
            PriceStep(x=round((x + min(100.0, end)) / 2, 2), y=round(top - 6, 2), text=text)
        )
    filled = max(0.0, min(100.0, booked / cap * 100))
    level = next(y for x, y in reversed(edges) if x <= filled)
    return Terrace(
        base=_stairs(edges),
        filled=round(filled, 2),
        goal_x=round(goal / cap * 100, 2),
        dot_y=round(level, 2),
        steps=tuple(labels),
        dot_from_left=filled < 50,
    )


def _stairs(edges: Sequence[Point]) -> str:
    path = f"M0 {num(TERRACE_BASE)}"
    for x, y in edges:
        path += f"H{num(x)}V{num(y)}"
    return f"{path}H100V{num(TERRACE_BASE)}Z"


@dataclass(frozen=True)
class GapRow:
    """One week: what is wanted and there, short (negative) or over, as share of the widest gap."""

    label: str
    need: float
    have: float
    gap: float
    left: float
    width: float
    worst: bool

    @property
    def short(self) -> bool:
        """Whether more is wanted than will be there."""
        return self.gap < 0

    @property
    def size(self) -> float:
        """How much is short or over, without its sign."""
        return abs(self.gap)


def gap_rows(rows: Sequence[tuple[str, float, float]]) -> list[GapRow]:
    """Rows of label, need and have, with the bar of each (0..100, the centre line at 50).

    The week that is shortest is marked, if any is short.

    >>> [(row.left, row.width) for row in gap_rows([("a", 10, 6), ("b", 5, 7)])]
    [(0.0, 50.0), (50.0, 25.0)]
    """
    gaps = [have - need for _, need, have in rows]
    widest = max((abs(gap) for gap in gaps), default=0.0)
    worst = min(gaps, default=0.0)
    marked = gaps.index(worst) if gaps and worst < 0 else -1
    found = []
    for i, ((label, need, have), gap) in enumerate(zip(rows, gaps, strict=True)):
        width = round(abs(gap) / widest * 50, 2) if widest else 0.0
        left = 50 - width if gap < 0 else 50.0
        found.append(GapRow(label, need, have, gap, left, width, i == marked))
    return found


@dataclass(frozen=True)
class SplitPart:
    """One share of a price: where its bar lies in percent, its rank for the colour (1..5)."""

    label: str
    amount: Decimal
    percent: float
    left: float
    rank: int

    @property
    def bar(self) -> float:
        """The bar's width: a hair less than the share, so that neighbours stay apart."""
        return round(max(0.0, self.percent - 0.4), 2)


def split_parts(parts: Sequence[tuple[str, Decimal]]) -> list[SplitPart]:
    """Shares of a price in the given order (the grower first), adding up to 100 percent.

    Raises
    ------
    ValueError
        When a share is negative, all are zero, or there are more than five.

    >>> [p.percent for p in split_parts([("农户", Decimal(3)), ("运输", Decimal(1))])]
    [75.0, 25.0]
    """
    total = sum(amount for _, amount in parts)
    if len(parts) > MAX_SHARES or total <= 0 or min(amount for _, amount in parts) < 0:
        raise ValueError("a price splits into one to five shares, none negative")
    found, left = [], 0.0
    for rank, (label, amount) in enumerate(parts, start=1):
        percent = float(amount / total * 100)
        found.append(SplitPart(label, amount, round(percent, 2), round(left, 2), rank))
        left += percent
    return found


@dataclass(frozen=True)
class WaterLevel:
    """Households by their own harvest: dry what stays on the reserve list, wet what is taken."""

    dry: str
    wet: str
    all_taken: str
    level_y: float
    all_count: int
    count: int


def water_level(households: Sequence[tuple[float, float]], *, level: float) -> WaterLevel:
    """Columns of (could give, gives), both as share of need, and the level they are filled to.

    More than 120 households are drawn as every n-th, so that a column stays visible.

    Raises
    ------
    ValueError
        When there is no household.
    """
    if not households:
        raise ValueError("a water level needs households")
    ordered = sorted(households)
    drawn = ordered[:: -(-len(ordered) // MAX_COLUMNS)]
    top = max([level, *[could for could, _ in drawn]]) * 1.05 or 1.0
    width = 100 / len(drawn)
    dry, wet, everything = "", "", ""
    for i, (could, gives) in enumerate(drawn):
        x = num(i * width)
        dry += _column(x, width, could / top)
        if gives >= could:
            everything += _column(x, width, gives / top)
        else:
            wet += _column(x, width, gives / top)
    return WaterLevel(
        dry=dry,
        wet=wet,
        all_taken=everything,
        level_y=round(100 - level / top * 100, 2),
        all_count=sum(1 for could, gives in ordered if gives >= could),
        count=len(ordered),
    )


def _column(x: str, width: float, share: float) -> str:
    tall = share * 100
    return f"M{x} {num(100 - tall)}h{num(width * 0.9)}V100h-{num(width * 0.9)}z" if tall > 0 else ""


@dataclass(frozen=True)
class Lorenz:
    """How evenly something is shared, least to most, and what the least three in ten hold."""

    line: str
    area: str
    low_share: float
    low_at: Point


def lorenz(amounts: Sequence[float]) -> Lorenz:
    """The Lorenz curve of amounts in a box of 100 x 100.

    Raises
    ------
    ValueError
        When there is no amount above zero or one is negative.

    >>> lorenz([1, 1, 1, 1]).low_share
    30.0
    """
    ordered = sorted(amounts)
    total = sum(ordered)
    if not ordered or ordered[0] < 0 or total <= 0:
        raise ValueError("a Lorenz curve needs amounts, none negative, not all zero")
    marks, sofar = [(0.0, 0.0)], 0.0
    for i, amount in enumerate(ordered, start=1):
        sofar += amount
        marks.append((i / len(ordered), sofar / total))
    points = scale_points(marks, x=(0, 1), y=(0, 1))
    low = _share_at(marks, 0.3)
    return Lorenz(
        line=line_path(points),
        area=area_path([(0.0, 100.0), (100.0, 0.0)], points),
        low_share=round(low * 100, 1),
        low_at=(30.0, round(100 - low * 100, 2)),
    )


def _share_at(marks: Sequence[Point], x: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(marks):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return 1.0
