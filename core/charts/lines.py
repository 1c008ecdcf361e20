"""Lines over time: the fan of a forecast and the curve of pledges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.charts.shapes import (
    Point,
    area_path,
    line_path,
    nice_ticks,
    num,
    scale_points,
    spread,
)
from core.days import day_words, short_month

Series = Sequence[tuple[date, float]]
Band = Sequence[tuple[date, float, float]]

LABEL_GAP = 6.0


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, in percent of the box."""

    at: float
    text: str


@dataclass(frozen=True)
class EndLabel:
    """A word at the right end of a line: dem, sup or plain."""

    at: float
    text: str
    kind: str


@dataclass(frozen=True)
class Fan:
    """Everything the fan component draws. Paths are empty strings when there is nothing to draw."""

    past: str
    median: str
    inner: str
    outer: str
    supply: str
    supply_band: str
    last_year: str
    last_year_label: Point | None
    today: float
    now: Point | None
    now_text: str
    ticks: tuple[Tick, ...]
    months: tuple[Tick, ...]
    labels: tuple[EndLabel, ...]
    gap: tuple[float, float] | None
    gap_text: str
    gap_at: float


def fan_chart(
    *,
    past: Series,
    median: Series,
    inner: Band = (),
    outer: Band = (),
    supply: Series = (),
    supply_band: Band = (),
    last_year: Series = (),
    on: date,
) -> Fan:
    """Lay out a forecast: solid to today, dotted after it, two veils, supply and the gap.

    Parameters
    ----------
    past, median, supply : day and amount; the median should start where the past ends
    inner, outer, supply_band : day, low and high of the five- and eight-in-ten ranges
    last_year : day (moved to this year) and amount

    Raises
    ------
    ValueError
        When there is neither a past nor a median, or all days are one day.
    """
    box = _Box.around(lines=(past, median, supply, last_year), bands=(inner, outer, supply_band))
    gap = _gap(median, supply, box)
    return Fan(
        past=box.line(past),
        median=box.line(median),
        inner=box.band(inner),
        outer=box.band(outer),
        supply=box.line(supply),
        supply_band=box.band(supply_band),
        last_year=box.line(last_year),
        last_year_label=box.point(last_year, len(last_year) // 2),
        today=round(min(100.0, max(0.0, box.x_of(on))), 2),
        now=box.point(past, -1),
        now_text=_amount(past[-1][1]) if past else "",
        ticks=box.ticks(),
        months=box.months(),
        labels=_end_labels(median, outer, supply, box),
        gap=gap,
        gap_text=_amount(abs(median[-1][1] - supply[-1][1])) if gap else "",
        gap_at=round(sum(gap) / 2, 2) if gap else 0.0,
    )


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else num(round(value, 1))


def _gap(median: Series, supply: Series, box: "_Box") -> tuple[float, float] | None:
    if not median or not supply or median[-1][1] <= supply[-1][1]:
        return None
    top, bottom = box.points([median[-1], supply[-1]])
    return round(top[1], 2), round(bottom[1], 2)


def _end_labels(median: Series, outer: Band, supply: Series, box: "_Box") -> tuple[EndLabel, ...]:
    wanted: list[tuple[float, str, str]] = []
    if outer:
        wanted.append((outer[-1][2], _amount(outer[-1][2]), "plain"))
    if median:
        wanted.append(
            (median[-1][1], _("约 %(amount)s") % {"amount": _amount(median[-1][1])}, "dem")
        )
    if supply:
        wanted.append(
            (supply[-1][1], _("供 %(amount)s") % {"amount": _amount(supply[-1][1])}, "sup")
        )
    heights = spread([box.y_of(value) for value, _, _ in wanted], gap=LABEL_GAP)
    return tuple(
        EndLabel(at=round(y, 2), text=text, kind=kind)
        for y, (_, text, kind) in zip(heights, wanted, strict=True)
    )


@dataclass(frozen=True)
class _Box:
    first: int
    last: int
    top: float

    @classmethod
    def around(cls, *, lines: Iterable[Series], bands: Iterable[Band]) -> "_Box":
        marks = [(day, value) for line in lines for day, value in line]
        marks += [(day, high) for band in bands for day, _, high in band]
        if not marks:
            raise ValueError("a chart needs at least one point")
        days = [day.toordinal() for day, _ in marks]
        if min(days) == max(days):
            raise ValueError("a chart over time needs at least two days")
        return cls(min(days), max(days), nice_ticks(max(value for _, value in marks))[-1])

    def points(self, line: Series) -> list[Point]:
        marks = [(float(day.toordinal()), value) for day, value in line]
        scaled = scale_points(marks, x=(self.first, self.last), y=(0.0, self.top))
        return [(round(px, 2), round(py, 2)) for px, py in scaled]

    def point(self, line: Series, at: int) -> Point | None:
        return self.points([line[at]])[0] if line else None

    def line(self, line: Series) -> str:
        return line_path(self.points(line))

    def band(self, band: Band) -> str:
        upper = self.points([(day, high) for day, _, high in band])
        lower = self.points([(day, low) for day, low, _ in band])
        return area_path(upper, lower)

    def x_of(self, day: date) -> float:
        return (day.toordinal() - self.first) / (self.last - self.first) * 100

    def y_of(self, value: float) -> float:
        return 100 - value / self.top * 100

    def ticks(self) -> tuple[Tick, ...]:
        return tuple(
            Tick(round(self.y_of(value), 2), _amount(value)) for value in nice_ticks(self.top)
        )

    def months(self) -> tuple[Tick, ...]:
        """The first of each month in the box, thinned to at most eight."""
        days = [date.fromordinal(n) for n in range(self.first, self.last + 1)]
        firsts = [day for day in days if day.day == 1]
        keep = -(-len(firsts) // 8) or 1
        marks = [Tick(round(self.x_of(day), 2), short_month(day.month)) for day in firsts[::keep]]
        if marks:
            return tuple(marks)
        ends = (days[0], days[-1])
        return tuple(Tick(round(self.x_of(d), 2), day_words(d)) for d in ends)


@dataclass(frozen=True)
class PledgeCurve:
    """A small multiple: pledged so far over time, the goal as a dashed line, the cap as roof."""

    past: str
    ahead: str
    veil: str
    goal: float
    cap: float
    now: Point | None


def pledge_curve(
    pledged: Series, *, goal: float, cap: float, closes_on: date, ahead: Band = ()
) -> PledgeCurve:
    """Lay out one campaign's curve in a box from its first day to its deadline, up to its cap.

    Raises
    ------
    ValueError
        When nothing has been pledged yet or the cap is not above zero.
    """
    if not pledged or cap <= 0:
        raise ValueError("a pledge curve needs pledges and a cap")
    last = max([closes_on, pledged[-1][0], *[day for day, _, _ in ahead]])
    first = min(pledged[0][0].toordinal(), last.toordinal() - 1)
    top = max([cap, *[value for _, value in pledged], *[high for _, _, high in ahead]]) * 1.04
    box = _Box(first, last.toordinal(), top)
    middle = [pledged[-1], *[(day, (low + high) / 2) for day, low, high in ahead]] if ahead else []
    return PledgeCurve(
        past=box.line(pledged),
        ahead=box.line(middle),
        veil=box.band([(*pledged[-1], pledged[-1][1]), *ahead]) if ahead else "",
        goal=round(box.y_of(goal), 2),
        cap=round(box.y_of(cap), 2),
        now=box.points(pledged[-1:])[0],
    )
