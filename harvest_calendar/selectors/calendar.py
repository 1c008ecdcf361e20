"""The twelve-month calendar: one row of hills for each crop or county."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.charts import YearWindow, row_path, year_fraction
from core.days import day_words
from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, CropCategory, SaleClass, SeasonDate, SolarTerm
from harvest_calendar.selectors.seasons import MADE_LATER, season_dates

CropDates = dict[int, list[SeasonDate]]

ONE_HILL = timedelta(days=14)  # peaks this close are drawn as one hill
LONGEST_TERM = timedelta(days=16)
LAST_WEEKS = timedelta(days=30)
WHOLE_YEAR = timedelta(days=360)
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
LOWEST_HILL = 0.6  # share of the row's height for the smallest hill
ROW_HILL, ROW_BASE = 56, 60  # of a row's drawing: its highest hill and where hills stand


@dataclass(frozen=True)
class Hill:
    """One hill of a row and the days behind it; a guess is drawn dashed."""

    window: YearWindow
    is_guess: bool
    start_on: date
    peak_on: date
    end_on: date


@dataclass(frozen=True)
class Shape:
    """The hills of a row that look alike, as one path: done, now or later, sure or guessed."""

    look: str
    path: str


@dataclass(frozen=True)
class CalendarRow:
    """A crop (or a county) with its hills of a year; ``state`` is past, now, later or none."""

    key: str
    name: str
    note: str
    state: str
    hills: list[Hill]
    is_guess: bool
    places: str
    is_sold: bool
    first_on: date | None

    @property
    def spans(self) -> list[tuple[date, date]]:
        """First and last day of each stretch of hills that touch."""
        found: list[tuple[date, date]] = []
        for hill in sorted(self.hills, key=lambda hill: hill.start_on):
            if found and hill.start_on <= found[-1][1] + A_DAY:
                found[-1] = (found[-1][0], max(found[-1][1], hill.end_on))
            else:
                found.append((hill.start_on, hill.end_on))
        return found

    @property
    def shapes(self) -> list[Shape]:
        """The row's hills in as few paths as they have looks."""
        found: dict[str, str] = {}
        for hill in self.hills:
            look = f"{hill.window.state} guess" if hill.is_guess else hill.window.state
            path = row_path(hill.window, height=ROW_HILL, base=ROW_BASE)
            found[look] = found.get(look, "") + path
        return [Shape(look, path) for look, path in found.items()]


@dataclass(frozen=True)
class CategoryRows:
    """The rows of a category."""

    key: str
    label: str
    rows: list[CalendarRow]


@dataclass(frozen=True)
class Almanac:
    """The solar term that runs and the day it is in."""

    term: str
    day: int


@dataclass(frozen=True)
class Term:
    """A solar term and the day it begins."""

    name: str
    on: date


def counties() -> list[Region]:
    """The counties, by code."""
    return list(Region.objects.filter(level=RegionLevel.COUNTY))


def terms_of(year: int) -> list[Term]:
    """The solar terms of a year, with the last one of the year before."""
    found = SolarTerm.objects.filter(on__gt=date(year - 1, 12, 15), on__lte=date(year, 12, 31))
    return [Term(term.name, term.on) for term in found]


def almanac(terms: list[Term], *, on: date) -> Almanac | None:
    """The solar term of a day; None when its year is not known."""
    begun = [term for term in terms if timedelta(0) <= on - term.on <= LONGEST_TERM]
    return Almanac(begun[-1].name, (on - begun[-1].on).days + 1) if begun else None


def crops_of(category: str = "") -> list[Crop]:
    """The crops of a category, or all of them."""
    return list(Crop.objects.filter(category=category) if category else Crop.objects.all())


def calendar_year(
    crops: Iterable[Crop], dates: CropDates, *, on: date, all_crops: bool
) -> list[CategoryRows]:
    """Crops by category with their hills in the year of a day; those without dates if asked."""
    rows: dict[str, list[CalendarRow]] = defaultdict(list)
    for crop in crops:
        mine = dates.get(crop.pk, [])
        if mine or all_crops:
            rows[crop.category].append(crop_row(crop, mine, on=on))
    return [
        CategoryRows(key=value, label=str(label), rows=sorted(rows[value], key=_by_start))
        for value, label in CropCategory.choices
        if rows[value]
    ]


def crop_row(crop: Crop, dates: list[SeasonDate], *, on: date) -> CalendarRow:
    """A crop's row: near peaks are one hill, the higher the more counties pick."""
    state, note = _now(dates, made=crop.form in MADE_LATER, on=on)
    return CalendarRow(
        key=crop.key,
        name=crop.short_name,
        note=note,
        state=state,
        hills=_hills(_clusters(dates), on=on),
        is_guess=bool(dates) and all(season.is_estimate for season in dates),
        places=_("、").join(dict.fromkeys(season.region.name for season in dates)),
        is_sold=crop.sale_class != SaleClass.MEDICINAL_ONLY,
        first_on=min((season.start_on for season in dates), default=None),
    )


def county_rows(crop: Crop, dates: list[SeasonDate], *, on: date) -> list[CalendarRow]:
    """The rows of one crop by county, a hill for each window."""
    by_county: dict[str, list[SeasonDate]] = defaultdict(list)
    for season in dates:
        by_county[season.region.name].append(season)
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


def county_dates(*, on: date, county: str = "") -> CropDates:
    """The dates of a year by crop, in one county or all of them; township dates stay out."""
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
    guess = all(season.is_estimate for season in cluster)
    return Hill(window, guess, start_on=start, peak_on=peak, end_on=end)


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
        return _("到%(day)s") % {"day": day_words(ends)}
    return _("在做") if made else _("在采")


def _from(day: date) -> str:
    return _("%(day)s起") % {"day": day_words(day)}
