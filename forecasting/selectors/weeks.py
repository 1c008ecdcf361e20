"""Weeks of one form, grade and hub: demand beside the harvest that can meet it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import day_of, week_of
from forecasting.models import ALL_GRADES, ForecastRun, ForecastTotal
from harvest_calendar.models import ProductForm
from harvest_calendar.selectors import WeekSupply, supply_by_week

DEMAND_LEVELS = (0.1, 0.2, 0.5, 0.8, 0.9)
SUPPLY_LEVELS = (0.1, 0.5, 0.9)
KEEPS_AT_MOST_DAYS = 90
KEEPS_UNKNOWN_DAYS = 30

Demand = tuple[int, int, int, int, int]
Supply = tuple[int, int, int]


@dataclass(frozen=True)
class Week:
    """Grams of one week, and of all weeks up to and with it (``to_``).

    ``supply`` is None where the harvest is not compared: of one grade, of one hub, or unknown.
    """

    monday: date
    booked: int
    demand: Demand
    supply: Supply | None
    to_booked: int
    to_demand: Demand
    to_supply: Supply | None

    @property
    def left_g(self) -> int:
        """Harvest of this week that demand leaves, at the medians; below zero it is short."""
        return self.supply[1] - self.demand[2] if self.supply else 0

    @property
    def to_left_g(self) -> int:
        """Harvest up to now that demand up to now leaves, at the medians."""
        return self.to_supply[1] - self.to_demand[2] if self.to_supply else 0


def weeks_of(lines: Iterable[ForecastTotal], supply: dict[date, Supply] | None) -> list[Week]:
    """Lines of one form, grade and hub by week, each with the harvest up to then."""
    return [
        Week(
            monday=line.monday,
            booked=line.booked_g,
            demand=(line.p10_g, line.p20_g, line.p50_g, line.p80_g, line.p90_g),
            supply=None if supply is None else supply.get(line.monday, (0, 0, 0)),
            to_booked=line.to_booked_g,
            to_demand=(line.to_p10_g, line.to_p20_g, line.to_p50_g, line.to_p80_g, line.to_p90_g),
            to_supply=None if supply is None else _picked_by(supply, line.monday),
        )
        for line in sorted(lines, key=lambda line: line.monday)
    ]


def _picked_by(supply: dict[date, Supply], monday: date) -> Supply:
    picked = [grams for day, grams in supply.items() if day <= monday]
    low, middle, high = (sum(grams[level] for grams in picked) for level in range(3))
    return low, middle, high


def supply_for(
    run: ForecastRun, form: ProductForm, *, last: date
) -> tuple[dict[date, Supply] | None, date]:
    """Harvest by week in grams of the form, less what other forms of the crop will take.

    What was picked before this week counts as long as the crop keeps (90 days at most). None when
    the calendar knows no harvest of the crop in the area.

    Returns
    -------
    The harvest by Monday, and the day from which it was counted.
    """
    keeps = min(form.raw_crop.shelf_life_days or KEEPS_UNKNOWN_DAYS, KEEPS_AT_MOST_DAYS)
    first = week_of(day_of(run.as_of) - timedelta(days=keeps))
    rows = supply_by_week(
        crop_ids=[form.raw_crop_id], region=run.area.region, first=first, last=last
    )
    if not rows:
        return None, first
    return _left(rows, _others(run, form), rate=float(form.raw_kg_mid)), first


def _others(run: ForecastRun, form: ProductForm) -> dict[date, int]:
    """Raw grams a week that the crop's other forms are expected to take."""
    lines = run.totals.filter(
        form__raw_crop=form.raw_crop_id, grade=ALL_GRADES, hub__isnull=True
    ).exclude(form=form)
    taken: dict[date, int] = defaultdict(int)
    for line in lines.select_related("form"):
        taken[line.monday] += line.form.raw_g(line.p50_g)
    return taken


def _left(rows: list[WeekSupply], taken: dict[date, int], *, rate: float) -> dict[date, Supply]:
    """What the others leave: each week's take comes off the harvest up to then, oldest first."""
    left = {row.monday: [row.p10_g, row.p50_g, row.p90_g] for row in rows}
    for monday, grams in taken.items():
        for level in range(len(SUPPLY_LEVELS)):
            wanted = grams
            for picked in sorted(day for day in left if day <= monday):
                used = min(wanted, left[picked][level])
                left[picked][level] -= used
                wanted -= used
    return {
        monday: (round(low / rate), round(middle / rate), round(high / rate))
        for monday, (low, middle, high) in left.items()
    }
