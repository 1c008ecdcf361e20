"""The twelve-month calendar: one row of hills for each crop or county."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.charts import YearWindow, year_fraction
from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, CropCategory, SaleClass, SeasonDate, SolarTerm
from harvest_calendar.selectors.seasons import MADE_LATER, season_dates

ONE_HILL = timedelta(days=14)  # peaks this close are drawn as one hill
LAST_WEEKS = timedelta(days=30)
WHOLE_YEAR = timedelta(days=360)
A_YEAR = timedelta(days=365)
LOWEST_HILL = 0.6  # share of the row's height for the smallest hill


@dataclass(frozen=True)
class Hill:
    """One hill of a row; a guess is drawn dashed."""

    window: YearWindow
    is_guess: bool


@dataclass(frozen=True)
class CalendarRow:
    """A crop (or a county) with its hills of a year; ``state`` is past, now, later or none.

    ``places`` names the counties that pick now, or all that pick when none does.
    """

    key: str
    name: str
    note: str
    state: str
    hills: list[Hill]
    is_guess: bool
    places: str
    is_sold: bool
    first_on: date | None


@dataclass(frozen=True)
class CategoryRows:
    """The rows of a category."""

    label: str
    rows: list[CalendarRow]


@dataclass(frozen=True)
class Almanac:
    """The solar term that runs and the day it is in."""

    term: str
    day: int


def counties() -> list[Region]:
    """The counties, by code."""
    return list(Region.objects.filter(level=RegionLevel.COUNTY))


def almanac(*, on: date) -> Almanac | None:
    """The solar term of a day; None when its year is not known."""
    term = SolarTerm.objects.filter(on__lte=on, on__gt=on - timedelta(days=17)).last()
    return Almanac(term.name_zh, (on - term.on).days + 1) if term else None


def calendar_year(*, on: date, county: str = "", category: str = "") -> list[CategoryRows]:
    """Crops by category with their hills in the year of a day, in one county or all of them."""
    by_crop = _county_dates(on=on, county=county)
    crops = Crop.objects.filter(category=category) if category else Crop.objects.all()
    rows: dict[str, list[CalendarRow]] = defaultdict(list)
    for crop in crops:
        dates = by_crop.get(crop.pk, [])
        if dates or not county:
            rows[crop.category].append(crop_row(crop, dates, on=on))
    return [
        CategoryRows(label=str(label), rows=sorted(rows[value], key=_by_start))
        for value, label in CropCategory.choices
        if rows[value]
    ]


def crop_row(crop: Crop, dates: list[SeasonDate], *, on: date) -> CalendarRow:
    """A crop's row: near peaks are one hill, the higher the more counties pick."""
    state, note = _now(dates, made=crop.form in MADE_LATER, on=on)
    running = [d for d in dates if _state(d.start_on, d.end_on, on) == "now"]
    return CalendarRow(
        key=crop.key,
        name=crop.short_name,
        note=note,
        state=state,
        hills=_hills(_clusters(dates), on=on),
        is_guess=bool(dates) and all(season.is_estimate for season in dates),
        places="、".join(dict.fromkeys(season.region.name_zh for season in running or dates)),
        is_sold=crop.sale_class != SaleClass.MEDICINAL_ONLY,
        first_on=min((season.start_on for season in dates), default=None),
    )


def county_rows(crop: Crop, dates: list[SeasonDate], *, on: date) -> list[CalendarRow]:
    """The rows of one crop by county, a hill for each window."""
    by_county: dict[str, list[SeasonDate]] = defaultdict(list)
    for season in dates:
        by_county[season.region.name_zh].append(season)
    rows = []
    for name, mine in by_county.items():
        state, note = _now(mine, made=crop.form in MADE_LATER, on=on)
        rows.append(
            CalendarRow(
                key=crop.key,
                name=name,
                note=note,
                state=state,
                hills=_hills([[season] for season in mine], on=on),
                is_guess=all(season.is_estimate for season in mine),
                places="",
                is_sold=True,
                first_on=min(season.start_on for season in mine),
            )
        )
    return sorted(rows, key=_by_start)


def ripe_now(groups: Iterable[CategoryRows]) -> list[CalendarRow]:
    """The rows being picked, those of one season before those of the whole year."""
    found = [row for group in groups for row in group.rows if row.state == "now"]
    return sorted(found, key=lambda row: (row.note == _whole_year(), not row.is_sold))


def _county_dates(*, on: date, county: str) -> dict[int, list[SeasonDate]]:
    dates = season_dates(on=on).filter(region__level=RegionLevel.COUNTY, year=on.year)
    if county:
        dates = dates.filter(region_id=county)
    found: dict[int, list[SeasonDate]] = defaultdict(list)
    for season in dates.order_by("start_on", "region"):
        found[season.crop_id].append(season)
    return found


def _by_start(row: CalendarRow) -> tuple[date, str]:
    return row.first_on or date.max, row.key


def _clusters(dates: list[SeasonDate]) -> list[list[SeasonDate]]:
    found: list[list[SeasonDate]] = []
    for season in sorted(dates, key=lambda s: (s.peak_on, s.start_on)):
        first = found[-1][0] if found else None
        if first and season.peak_on - first.peak_on <= ONE_HILL and season.start_on <= first.end_on:
            found[-1].append(season)
        else:
            found.append([season])
    return found


def _hills(clusters: list[list[SeasonDate]], *, on: date) -> list[Hill]:
    most = max((len(cluster) for cluster in clusters), default=1)
    return [_hill(cluster, share=len(cluster) / most, on=on) for cluster in clusters]


def _hill(cluster: list[SeasonDate], *, share: float, on: date) -> Hill:
    start = min(season.start_on for season in cluster)
    end = max(season.end_on for season in cluster)
    peak = cluster[len(cluster) // 2].peak_on
    left = year_fraction(start) * 100
    window = YearWindow(
        start=round(left, 2),
        peak=round(left + (peak - start).days / 3.65, 2),
        end=round(left + (end - start).days / 3.65, 2),
        state=_state(start, end, on),
        height=round(LOWEST_HILL + (1 - LOWEST_HILL) * share, 2),
    )
    return Hill(window, all(season.is_estimate for season in cluster))


def _state(start: date, end: date, on: date) -> str:
    """A window that crosses the year is also running when last year's still is."""
    if start <= on <= end or on <= end - A_YEAR:
        return "now"
    return "later" if on < start else "done"


def _whole_year() -> str:
    return _("全年有")


def _now(dates: list[SeasonDate], *, made: bool, on: date) -> tuple[str, str]:
    """The row's state and its few words."""
    if not dates:
        return "none", _("还没有往年记录")
    running = [d for d in dates if _state(d.start_on, d.end_on, on) == "now"]
    if running:
        return "now", _running_note(running, made=made, on=on)
    ahead = [d.start_on for d in dates if d.start_on > on]
    if ahead:
        return "later", _from(min(ahead))
    return "past", _("已做完") if made else _("已采完")


def _running_note(running: list[SeasonDate], *, made: bool, on: date) -> str:
    longest = max(running, key=lambda season: season.end_on)
    if longest.end_on - longest.start_on >= WHOLE_YEAR:
        return _whole_year()
    ends = longest.end_on if longest.start_on <= on else longest.end_on - A_YEAR
    if ends - on <= LAST_WEEKS:
        return _("到%(month)s月%(day)s日") % {"month": ends.month, "day": ends.day}
    return _("在做") if made else _("在采")


def _from(day: date) -> str:
    return _("%(month)s月%(day)s日起") % {"month": day.month, "day": day.day}
