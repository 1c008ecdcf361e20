"""Estimating a season's supply from plantings, and learning from what was really harvested."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import BadInput
from core.units import GRAMS_PER_KG
from growers.models import Region, User
from growers.models.scope import inside
from harvest_calendar.engine import supply as engine
from harvest_calendar.models import (
    Crop,
    Planting,
    ProductForm,
    SeasonDate,
    SupplyEstimate,
    YieldReport,
)
from harvest_calendar.selectors.seasons import MADE_LATER

# A planting's own reports count against this many seasons of "as expected".
PRIOR_SEASONS = 2
LEAST_LIFT, MOST_LIFT = 0.3, 2.0
EARLIEST_YEAR = 2000

Group = tuple[int, str]  # crop, township code
Days = tuple[date, date, date]


@dataclass(frozen=True)
class _Row:
    """A planting as the engine needs it."""

    pk: int
    group: Group
    full_kg: float
    planted_year: int


@transaction.atomic
def estimate_supply(
    *,
    year: int,
    at: datetime,
    crop_ids: Collection[int] | None = None,
    region: Region | None = None,
) -> int:
    """Write P10/50/90 raw grams by crop, township and week for the seasons of a year.

    Replaces what was estimated for the same scope (all crops and places unless told). Plantings
    of a crop without a yield, or in a county without any window of it, count nothing. Returns
    the number of weeks written.
    """
    crops = {crop.pk: crop for crop in _crops(crop_ids)}
    rows = _rows(year, crops, region)
    windows = _windows(year, {row.group for row in rows})
    rows = [row for row in rows if row.group in windows]
    groups = sorted({row.group for row in rows})
    totals = _totals(rows, groups, crops, year)
    _old(year, crop_ids, region).delete()
    fresh = [
        SupplyEstimate(
            crop_id=group[0],
            township_id=group[1],
            year=year,
            monday=monday,
            p10_g=low,
            p50_g=middle,
            p90_g=high,
            estimated_at=at,
        )
        for group, total in zip(groups, totals, strict=True)
        for monday, low, middle, high in _weeks(total, windows[group])
    ]
    SupplyEstimate.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


@transaction.atomic
def report_yield(
    *, planting: Planting, year: int, weight_g: int, by: User | None, at: datetime
) -> YieldReport:
    """Record what a planting really gave in a season; it moves this and later estimates.

    Raises
    ------
    BadInput
        The weight is negative or the year impossible.
    """
    if weight_g < 0:
        raise BadInput(_("产量不能是负数。"), field="weight_g")
    if not EARLIEST_YEAR <= year <= at.year + 1:
        raise BadInput(_("年份不对。"), field="year")
    facts = {"weight_g": weight_g, "reported_at": at, "by": by}
    report, _created = YieldReport.objects.update_or_create(
        planting=planting, year=year, defaults=facts
    )
    township = planting.plot.village.parent
    estimate_supply(year=year, at=at, crop_ids={planting.crop_id}, region=township)
    return report


def _crops(crop_ids: Collection[int] | None) -> QuerySet[Crop]:
    known = Crop.objects.filter(yield_min_kg_mu__isnull=False, yield_max_kg_mu__isnull=False)
    return known if crop_ids is None else known.filter(pk__in=crop_ids)


def _old(
    year: int, crop_ids: Collection[int] | None, region: Region | None
) -> QuerySet[SupplyEstimate]:
    old = SupplyEstimate.objects.filter(year=year)
    if crop_ids is not None:
        old = old.filter(crop_id__in=crop_ids)
    if region is not None:
        old = old.filter(inside("township_id", [region.prefix]))
    return old


def _rows(year: int, crops: dict[int, Crop], region: Region | None) -> list[_Row]:
    growing = Planting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)),
        crop_id__in=crops,
        valid_from__lte=date(year, 12, 31),
    )
    if region is not None:
        growing = growing.filter(inside("plot__village__parent_id", [region.prefix]))
    columns = ("pk", "crop_id", "plot__village__parent_id", "area_mu", "trees", "planted_year")
    return [
        _Row(
            pk=pk,
            group=(crop_id, township),
            full_kg=_full_kg(crops[crop_id], float(area), trees),
            planted_year=planted,
        )
        for pk, crop_id, township, area, trees, planted in growing.order_by("pk").values_list(
            *columns
        )
    ]


def _full_kg(crop: Crop, area_mu: float, trees: int | None) -> float:
    low, high = float(crop.yield_min_kg_mu or 0), float(crop.yield_max_kg_mu or 0)
    if trees and crop.trees_per_mu:
        area_mu = trees / crop.trees_per_mu
    return area_mu * (low + high) / 2


def _windows(year: int, groups: Iterable[Group]) -> dict[Group, list[Days]]:
    """Days of picking of each group: the crop's own in the township, else of the crops dried from
    it there, else the same two in its county."""
    groups = set(groups)
    dried = _dried_from({crop for crop, _township in groups})
    crop_ids = {crop for crop, _township in groups} | {c for found in dried.values() for c in found}
    places = {code for _crop, township in groups for code in (township, _county(township))}
    by_place: dict[Group, list[Days]] = defaultdict(list)
    dates = SeasonDate.objects.filter(year=year, crop_id__in=crop_ids, region_id__in=places)
    for crop_id, code, *days in dates.values_list(
        "crop_id", "region_id", "start_on", "peak_on", "end_on"
    ):
        by_place[crop_id, code].append((days[0], days[1], days[2]))
    found = {}
    for crop_id, township in groups:
        for code in (township, _county(township)):
            own = by_place.get((crop_id, code)) or [
                days for other in dried[crop_id] for days in by_place.get((other, code), [])
            ]
            if own:
                found[crop_id, township] = own
                break
    return found


def _county(township: str) -> str:
    return township[:6] + "000000"


def _dried_from(crop_ids: set[int]) -> dict[int, list[int]]:
    """Crops that are picked as the raw crop and dried at once, so share its days of picking."""
    forms = ProductForm.objects.filter(raw_crop_id__in=crop_ids)
    found: dict[int, list[int]] = defaultdict(list)
    for raw_id, crop_id in forms.exclude(crop__form__in=MADE_LATER).values_list(
        "raw_crop_id", "crop_id"
    ):
        if crop_id != raw_id:
            found[raw_id].append(crop_id)
    return found


def _totals(
    rows: list[_Row], groups: list[Group], crops: dict[int, Crop], year: int
) -> list[tuple[int, int, int]]:
    if not rows:
        return []
    place = {group: number for number, group in enumerate(groups)}
    mine = [crops[row.group[0]] for row in rows]
    this_year, lifts = _reports(rows, crops, year)
    plantings = engine.Plantings(
        group=np.array([place[row.group] for row in rows], dtype=np.int64),
        full_kg=np.array([row.full_kg for row in rows]),
        age=np.array([year - row.planted_year for row in rows], dtype=np.int64),
        habit=[crop.habit for crop in mine],
        factor=np.array(
            [
                _year_factor(crop, year) * lifts.get(row.pk, 1.0)
                for row, crop in zip(rows, mine, strict=True)
            ]
        ),
        reported_kg=np.array([this_year.get(row.pk, np.nan) for row in rows]),
    )
    swing = np.array([float(crops[crop_id].year_swing) for crop_id, _township in groups])
    totals = engine.season_totals(plantings, n_groups=len(groups), swing=swing)
    columns = (totals.p10_g.tolist(), totals.p50_g.tolist(), totals.p90_g.tolist())
    return list(zip(*columns, strict=True))


def _year_factor(crop: Crop, year: int) -> float:
    return engine.year_factor(
        swing=float(crop.year_swing), heavy_in_odd_years=crop.heavy_in_odd_years, year=year
    )


def _reports(
    rows: list[_Row], crops: dict[int, Crop], year: int
) -> tuple[dict[int, float], dict[int, float]]:
    """Kilograms reported this year, and the lift learnt from earlier years, by planting."""
    by_pk = {row.pk: row for row in rows}
    this_year: dict[int, float] = {}
    ratios: dict[int, list[float]] = defaultdict(list)
    reports = YieldReport.objects.filter(year__lte=year, planting__crop_id__in=crops)
    for pk, reported_year, weight_g in reports.values_list("planting_id", "year", "weight_g"):
        row = by_pk.get(pk)
        if row is None:
            continue
        if reported_year == year:
            this_year[pk] = weight_g / GRAMS_PER_KG
            continue
        expected = _expected_kg(row, crops[row.group[0]], reported_year)
        if expected > 0:
            ratios[pk].append(weight_g / GRAMS_PER_KG / expected)
    lifts = {
        pk: min(
            max((PRIOR_SEASONS + sum(found)) / (PRIOR_SEASONS + len(found)), LEAST_LIFT), MOST_LIFT
        )
        for pk, found in ratios.items()
    }
    return this_year, lifts


def _expected_kg(row: _Row, crop: Crop, year: int) -> float:
    age = np.array([year - row.planted_year], dtype=np.int64)
    share = float(engine.bearing_share([crop.habit], age)[0])
    return row.full_kg * share * _year_factor(crop, year)


def _weeks(total: tuple[int, int, int], windows: list[Days]) -> list[tuple[date, int, int, int]]:
    weeks = engine.week_shares(windows)
    split = engine.by_week(total, [part for _monday, part in weeks])
    return [(monday, *parts) for (monday, _part), parts in zip(weeks, split, strict=True)]
