"""One month of the calendar: what starts, runs and ends in it, its solar terms and festivals."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from harvest_calendar.models import Crop, Festival, SaleClass, SeasonDate, SolarTerm
from harvest_calendar.selectors.calendar import WHOLE_YEAR, CropDates
from harvest_calendar.selectors.seasons import Season, stretches

MONTHS = range(1, 13)


@dataclass(frozen=True)
class MonthRow:
    """A crop in a month: ``state`` is begins, runs, ends or always."""

    key: str
    name: str
    places: str
    state: str
    start_on: date
    end_on: date
    is_sold: bool
    is_guess: bool


@dataclass(frozen=True)
class MonthDay:
    """A solar term or festival of the month."""

    on: date
    name: str
    is_festival: bool


@dataclass(frozen=True)
class MonthView:
    """A month of a year, its crops by state and its days."""

    first: date
    rows: list[MonthRow]
    days: list[MonthDay]

    def _in(self, state: str) -> list[MonthRow]:
        return [row for row in self.rows if row.state == state]

    @property
    def begins(self) -> list[MonthRow]:
        """What is picked from this month on."""
        return self._in("begins")

    @property
    def runs(self) -> list[MonthRow]:
        """What is picked all month."""
        return self._in("runs")

    @property
    def ends(self) -> list[MonthRow]:
        """What is picked until some day of this month."""
        return self._in("ends")

    @property
    def always(self) -> list[MonthRow]:
        """What there is all year."""
        return self._in("always")

    @property
    def picked(self) -> int:
        """How many crops have a season that touches the month."""
        return len(self.rows) - len(self.always)


def month_asked(typed: str, *, on: date) -> int:
    """The month of an address, from 1 to 12; the present one when it names none.

    >>> month_asked("9", on=date(2026, 8, 28)), month_asked("13", on=date(2026, 8, 28))
    (9, 8)
    """
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else 0
    return number if number in MONTHS else on.month


def month_view(crops: Iterable[Crop], dates: CropDates, *, year: int, month: int) -> MonthView:
    """What is picked in a month of a year, soonest end first, and the month's days."""
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    rows = [row for crop in crops if (row := _month_row(crop, dates.get(crop.pk, []), first, last))]
    rows.sort(key=lambda row: (row.end_on, row.start_on, row.key))
    return MonthView(first, rows, _days(first, last))


def _month_row(crop: Crop, dates: list[SeasonDate], first: date, last: date) -> MonthRow | None:
    around = [season for season in stretches(dates) if _touches(season, first, last)]
    if not around:
        return None
    season = around[0]
    mine = [date for date in dates if _touches(date, first, last)]
    return MonthRow(
        key=crop.key,
        name=crop.short_name,
        places=_("、").join(dict.fromkeys(date.region.name for date in mine)),
        state=_state(season, first, last),
        start_on=season.start_on,
        end_on=season.end_on,
        is_sold=crop.sale_class != SaleClass.MEDICINAL_ONLY,
        is_guess=all(date.is_estimate for date in mine),
    )


def _touches(season: Season | SeasonDate, first: date, last: date) -> bool:
    return season.start_on <= last and season.end_on >= first


def _state(season: Season, first: date, last: date) -> str:
    if season.end_on - season.start_on >= WHOLE_YEAR:
        return "always"
    if season.start_on >= first:
        return "begins"
    return "ends" if season.end_on <= last else "runs"


def _days(first: date, last: date) -> list[MonthDay]:
    """Terms and festivals of a month; a festival that is a term by name is said once."""
    terms = [
        MonthDay(t.on, t.name, False) for t in SolarTerm.objects.filter(on__range=(first, last))
    ]
    named = {(day.on, day.name) for day in terms}
    festivals = [
        MonthDay(f.on, f.name, True)
        for f in Festival.objects.filter(on__range=(first, last))
        if (f.on, f.name) not in named
    ]
    return sorted([*terms, *festivals], key=lambda day: (day.on, day.is_festival))
