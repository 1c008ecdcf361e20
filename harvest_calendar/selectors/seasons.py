"""When a crop can be had at a place: this year's seasons."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from growers.models import Region
from harvest_calendar.models import Crop, ProductForm, SeasonDate

# Processing (noodles, oil, kernels) may begin this long after the raw crop was brought in.
KEPT_FOR_PROCESSING = timedelta(days=150)
MADE_LATER = frozenset({"oil", "processed"})  # values of Crop.form
SEASONS_AROUND = 2  # years before and after that are searched for the nearest season

Pair = tuple[int, str]


@dataclass(frozen=True)
class Season:
    """One stretch of picking at a place: windows that touch are one stretch, flushes stay apart.

    ``start_on``, ``peak_on`` and ``end_on`` are days of picking (or making); ``ready_on`` and
    ``last_ready_on`` are the first and last day it can be sold fresh from that picking.
    """

    start_on: date
    peak_on: date
    end_on: date
    ready_on: date
    last_ready_on: date
    is_estimate: bool


def season_dates(
    *,
    on: date,
    crop_ids: Collection[int] | None = None,
    region_codes: Collection[str] | None = None,
) -> QuerySet[SeasonDate]:
    """Dates of windows that touch the calendar year of ``on``, with their crop and window."""
    found = SeasonDate.objects.filter(
        start_on__lte=date(on.year, 12, 31), end_on__gte=date(on.year, 1, 1)
    )
    if crop_ids is not None:
        found = found.filter(crop_id__in=crop_ids)
    if region_codes is not None:
        found = found.filter(region_id__in=region_codes)
    return found.select_related("crop", "window", "region")


def season_of(*, crop: Crop, region: Region, on: date) -> Season | None:
    """The season running on a day, else the next, else the last; None where it never grew.

    A village asks its township, a township without dates of its own asks its county.
    """
    return seasons_of([(crop.pk, region.code)], on).get((crop.pk, region.code))


def seasons_of(pairs: Iterable[Pair], on: date) -> dict[Pair, Season]:
    """``season_of`` for many pairs of crop id and region code, in one query."""
    wanted = set(pairs)
    dates = _dates_near(
        crop_ids={crop for crop, _ in wanted},
        codes={code for _, region in wanted for code in _places(region)},
        on=on,
    )
    found = {}
    for crop_id, region in wanted:
        nearest = next((dates[crop_id, c] for c in _places(region) if (crop_id, c) in dates), None)
        if nearest:
            found[crop_id, region] = _season_on(stretches(nearest), on)
    return found


def stretches(dates: Iterable[SeasonDate]) -> list[Season]:
    """Dates joined where their days touch, in order; the peak is that of the longest part."""
    joined: list[list[SeasonDate]] = []
    last_day = date.min
    for part in sorted(dates, key=lambda season: (season.start_on, season.end_on)):
        if joined and part.start_on <= last_day + timedelta(days=1):
            joined[-1].append(part)
            last_day = max(last_day, part.end_on)
        else:
            joined.append([part])
            last_day = part.end_on
    return [_joined(parts) for parts in joined]


def picking_span(*, form: ProductForm, region: Region, season: Season) -> tuple[date, date]:
    """The days on which the raw crop behind a form's season is picked.

    Promises are weighed against the raw crop's supply on these days. A crop dried where it is
    picked has one window for both. Oil, noodles or kernels are made later: their raw crop is
    picked in its own seasons of the months before.
    """
    if form.crop_id == form.raw_crop_id or form.crop.form not in MADE_LATER:
        return season.start_on, season.end_on
    found = SeasonDate.objects.filter(
        crop_id=form.raw_crop_id,
        region_id__in=_places(region.code),
        start_on__lte=season.end_on,
        end_on__gte=season.start_on - KEPT_FOR_PROCESSING,
    )
    spans = list(found.values_list("start_on", "end_on"))
    if not spans:
        return season.start_on, season.end_on
    return min(start for start, _ in spans), max(end for _, end in spans)


def _places(code: str) -> list[str]:
    """A region's own code, then its township's, then its county's, without repeats."""
    return list(dict.fromkeys([code, code[:9] + "000", code[:6] + "000000"]))


def _dates_near(*, crop_ids: set[int], codes: set[str], on: date) -> dict[Pair, list[SeasonDate]]:
    near = Q(year__gte=on.year - SEASONS_AROUND, year__lte=on.year + SEASONS_AROUND)
    rows = SeasonDate.objects.filter(near, crop_id__in=crop_ids, region_id__in=codes)
    found: dict[Pair, list[SeasonDate]] = defaultdict(list)
    for row in rows:
        found[row.crop_id, row.region_id].append(row)
    return found


def _season_on(seasons: list[Season], on: date) -> Season:
    running = [s for s in seasons if s.start_on <= on <= s.last_ready_on]
    if running:
        return running[-1]
    ahead = [s for s in seasons if s.start_on > on]
    return ahead[0] if ahead else seasons[-1]


def _joined(parts: list[SeasonDate]) -> Season:
    longest = max(parts, key=lambda part: part.end_on - part.start_on)
    return Season(
        start_on=parts[0].start_on,
        peak_on=longest.peak_on,
        end_on=max(part.end_on for part in parts),
        ready_on=min(part.ready_on for part in parts),
        last_ready_on=max(part.last_ready_on for part in parts),
        is_estimate=any(part.is_estimate for part in parts),
    )
