"""Hills for the blocks of a page and the ridge of the home page, from one look at the calendar."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from content.asks import Answers, CalendarAsk, RidgeAsk
from core.charts import Ridge, ridge, year_window
from growers.models import RegionLevel
from harvest_calendar.models import SaleClass, SeasonDate
from harvest_calendar.selectors.calendar import CalendarRow, county_rows, crop_row

RIDGE_CROPS = 10
NOW_ON_RIDGE = 4
LONGEST_HILL = timedelta(days=95)
WHOLE_YEAR = timedelta(days=300)
NEEDED = [
    "start_on",
    "peak_on",
    "end_on",
    "year",
    "is_estimate",
    "crop",
    "region",
    *(f"crop__{field}" for field in ("key", "name_zh", "name_en", "form", "sale_class")),
    *(f"region__{field}" for field in ("code", "name_zh", "name_en")),
]


def calendar_and_ridge(asks: Sequence[CalendarAsk | RidgeAsk], *, on: date) -> Answers:
    """All strips and the ridge; one query, of the columns that are drawn."""
    strips = [ask for ask in asks if isinstance(ask, CalendarAsk)]
    ridges = [ask for ask in asks if isinstance(ask, RidgeAsk)]
    rows = SeasonDate.objects.filter(region__level=RegionLevel.COUNTY, year=on.year)
    if not ridges and all(ask.rule == "crop" for ask in strips):
        rows = rows.filter(crop__key__in={ask.crop for ask in strips})
    rows = rows.select_related("crop", "region").only(*NEEDED)
    dates = list(rows.order_by("start_on", "region", "pk"))
    found: Answers = {ask: _strip(ask, dates, on=on) for ask in strips}
    found |= dict.fromkeys(ridges, year_ridge(dates, on=on) if ridges else None)
    return found


def _strip(ask: CalendarAsk, dates: list[SeasonDate], *, on: date) -> list[CalendarRow]:
    if ask.rule == "crop":
        mine = [row for row in dates if row.crop.key == ask.crop]
        return county_rows(mine[0].crop, mine, on=on)[: ask.count] if mine else []
    if ask.rule == "county":
        return _by_crop((row for row in dates if row.region_id == ask.county), on=on)[: ask.count]
    running = {row.crop_id for row in dates if row.start_on <= on <= row.end_on}
    rows = _by_crop((row for row in dates if row.crop_id in running), on=on)
    return rows[: ask.count]


def _by_crop(dates: Iterable[SeasonDate], *, on: date) -> list[CalendarRow]:
    """A row a crop: what may be sold first, then what ends first; all-year crops last."""
    mine: dict[int, list[SeasonDate]] = defaultdict(list)
    for row in dates:
        mine[row.crop_id].append(row)

    def place(group: list[SeasonDate]) -> tuple[bool, bool, bool, date]:
        first = group[0]
        ends = [row.end_on for row in group if row.end_on >= on]
        return (
            first.crop.sale_class == SaleClass.MEDICINAL_ONLY,
            first.end_on - first.start_on > WHOLE_YEAR,
            not ends,
            min(ends, default=first.end_on),
        )

    groups = sorted(mine.values(), key=place)
    return [crop_row(group[0].crop, group, on=on) for group in groups]


def year_ridge(dates: list[SeasonDate], *, on: date) -> Ridge | None:
    """Ten crops of the year as mountains: those in season now, then others spread over it."""
    first: dict[int, SeasonDate] = {}
    for row in sorted(dates, key=lambda row: (row.peak_on, row.crop.key)):
        if row.end_on - row.start_on > LONGEST_HILL:
            continue  # what is picked all year is a plain, not a mountain
        best = first.get(row.crop_id)
        if best is None or (not _is_now(best, on) and _is_now(row, on)):
            first[row.crop_id] = row
    chosen = _spread(sorted(first.values(), key=lambda row: row.peak_on), on=on)
    if not chosen:
        return None
    drawn = [
        (
            row.crop.short_name,
            row.crop.key,
            year_window(row.start_on, row.peak_on, row.end_on, on=on),
        )
        for row in chosen
    ]
    return ridge(drawn, on=on)


def _is_now(row: SeasonDate, on: date) -> bool:
    return row.start_on <= on <= row.end_on


def _spread(rows: list[SeasonDate], *, on: date) -> list[SeasonDate]:
    now = [row for row in rows if _is_now(row, on)][:NOW_ON_RIDGE]
    rest = [row for row in rows if not _is_now(row, on)]
    wanted = RIDGE_CROPS - len(now)
    step = max(len(rest) / wanted, 1)
    picked = [rest[int(i * step)] for i in range(wanted) if int(i * step) < len(rest)]
    return now + picked
