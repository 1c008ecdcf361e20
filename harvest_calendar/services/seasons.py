"""Dating the seasons of a year, and moving a date with a reason."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Avg, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import BadInput
from growers.models import RegionLevel, User
from harvest_calendar.engine import windows as engine
from harvest_calendar.models import (
    Confidence,
    HarvestWindow,
    Planting,
    ProductForm,
    SeasonDate,
    SeasonRevision,
)
from harvest_calendar.services.supply import estimate_supply
from harvest_calendar.signals import season_revised

GUESSED = frozenset({Confidence.LOW, Confidence.ESTIMATE})
DATES = ("start_on", "peak_on", "end_on")
FARTHEST_MOVE = timedelta(days=120)

Key = tuple[int, str]  # window, region code


@dataclass(frozen=True)
class _Place:
    """A crop in a township and the mean altitude of the plots it grows on."""

    crop_id: int
    township: str
    altitude_m: int


@transaction.atomic
def date_seasons(*, year: int, at: datetime) -> int:
    """Compute the dates of every window of a year for counties and townships with plantings.

    Returns how many dates are new or moved. A date that a person moved stays as it is; one that
    moves because its window or the plantings changed keeps a revision without a person.
    """
    windows = list(HarvestWindow.objects.select_related("crop"))
    wanted = _county_dates(windows, year) | _township_dates(windows, year)
    known = {(s.window_id, s.region_id): s for s in SeasonDate.objects.filter(year=year)}
    by_id = {window.pk: window for window in windows}
    new = [
        _season(by_id[key[0]], region=key[1], year=year, dated=dated)
        for key, dated in wanted.items()
        if key not in known
    ]
    SeasonDate.objects.bulk_create(new, batch_size=1000)
    _drop_left_over(known, wanted)
    held = _held_by_people(year)
    both = [(season, wanted[key]) for key, season in known.items() if key in wanted]
    moved = [pair for pair in both if pair[0].pk not in held and _differs(*pair)]
    for season, dated in moved:
        _move(season, dated, reason=gettext_noop("按窗口和地块海拔重新推算"), by=None, at=at)
    return len(new) + len(moved)


@transaction.atomic
def revise_season(
    *,
    season: SeasonDate,
    start_on: date,
    peak_on: date,
    end_on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> SeasonRevision:
    """Move a season's dates, keep who moved them and why, and tell the apps above.

    A county's move carries the townships dated from the same window along by as many days,
    except those a person moved on their own. Supply of the moved places is estimated anew.

    Raises
    ------
    BadInput
        Without a reason, with days out of order, or moved by more than 120 days.
    """
    locked = SeasonDate.objects.select_for_update().select_related("window", "region")
    row = locked.get(pk=season.pk)
    _check_move(row, start_on=start_on, peak_on=peak_on, end_on=end_on, reason=reason)
    followers = _followers(row)
    days = tuple(
        new - getattr(row, name)
        for name, new in zip(DATES, (start_on, peak_on, end_on), strict=True)
    )
    goal = engine.Dated(row.window_id, start_on, peak_on, end_on, row.is_estimate)
    revision = _move(row, goal, reason=reason.strip(), by=by, at=at)
    for follower in followers:
        _move(follower, _carried(follower, days), reason=reason.strip(), by=by, at=at)
    _estimate_again(row, at=at)
    season.refresh_from_db()
    return revision


def _county_dates(windows: Iterable[HarvestWindow], year: int) -> dict[Key, engine.Dated]:
    return {
        (window.pk, window.county_id): engine.as_written(_band(window), year=year)
        for window in windows
    }


def _township_dates(windows: Iterable[HarvestWindow], year: int) -> dict[Key, engine.Dated]:
    bands: dict[tuple[int, str], list[engine.Band]] = defaultdict(list)
    keys: dict[int, str] = {}
    for window in windows:
        bands[window.crop_id, window.county_id].append(_band(window))
        keys[window.crop_id] = window.crop.key
    found: dict[Key, engine.Dated] = {}
    for place in _places(year):
        dates = engine.season_at(
            bands.get((place.crop_id, place.township[:6] + "000000"), []),
            year=year,
            altitude_m=place.altitude_m,
            per_100_m=engine.days_per_100_m(keys.get(place.crop_id, "")),
        )
        found |= {(dated.key, place.township): dated for dated in dates}
    return found


def _places(year: int) -> list[_Place]:
    """Townships with plantings of a crop, also for the crops made from it."""
    made_of: dict[int, set[int]] = defaultdict(set)
    for crop_id, raw_id in ProductForm.objects.values_list("crop_id", "raw_crop_id"):
        made_of[raw_id].add(crop_id)
    growing = Planting.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)),
        valid_from__lte=date(year, 12, 31),
    )
    rows = growing.values_list("crop_id", "plot__village__parent_id").order_by()
    return [
        _Place(crop_id, township, round(altitude))
        for raw_id, township, altitude in rows.annotate(altitude=Avg("plot__altitude_m"))
        for crop_id in {raw_id} | made_of[raw_id]
    ]


def _band(window: HarvestWindow) -> engine.Band:
    return engine.Band(
        key=window.pk,
        start_md=window.start_md,
        peak_md=window.peak_md,
        end_md=window.end_md,
        crosses_year=window.crosses_year,
        low_m=window.altitude_min_m,
        high_m=window.altitude_max_m,
        is_estimate=window.confidence in GUESSED,
    )


def _season(window: HarvestWindow, *, region: str, year: int, dated: engine.Dated) -> SeasonDate:
    season = SeasonDate(window=window, crop_id=window.crop_id, region_id=region, year=year)
    _set_dates(season, dated)
    return season


def _set_dates(season: SeasonDate, dated: engine.Dated) -> None:
    season.start_on, season.peak_on, season.end_on = dated.start_on, dated.peak_on, dated.end_on
    season.ready_on = dated.start_on + timedelta(days=season.window.lag_min_days)
    season.last_ready_on = dated.end_on + timedelta(days=season.window.lag_max_days)
    season.is_estimate = dated.is_estimate


def _drop_left_over(known: dict[Key, SeasonDate], wanted: dict[Key, engine.Dated]) -> None:
    """A township whose crop another window now dates loses the old window's days.

    One without plantings any more keeps its days: they do no harm and may be referred to.
    """
    dated = {(known[key].crop_id, key[1]) for key in wanted if key in known}
    stale = [
        season.pk
        for key, season in known.items()
        if key not in wanted and (season.crop_id, key[1]) in dated
    ]
    SeasonDate.objects.filter(pk__in=stale).exclude(revisions__by__isnull=False).delete()


def _held_by_people(year: int) -> set[int]:
    by_hand = SeasonRevision.objects.filter(season__year=year, by__isnull=False)
    return set(by_hand.values_list("season_id", flat=True))


def _differs(season: SeasonDate, dated: engine.Dated) -> bool:
    return any(getattr(season, name) != getattr(dated, name) for name in DATES)


def _move(
    season: SeasonDate, dated: engine.Dated, *, reason: str, by: User | None, at: datetime
) -> SeasonRevision:
    old = {f"old_{name}": getattr(season, name) for name in DATES}
    new = {f"new_{name}": getattr(dated, name) for name in DATES}
    _set_dates(season, dated)
    season.save()
    revision = SeasonRevision.objects.create(
        season=season, by=by, at=at, reason=reason, **old, **new
    )
    season_revised.send(sender=SeasonDate, season=season, revision=revision)
    return revision


def _check_move(
    row: SeasonDate, *, start_on: date, peak_on: date, end_on: date, reason: str
) -> None:
    if not reason.strip():
        raise BadInput(_("请写下为什么改日子。"), field="reason")
    if not start_on <= peak_on:
        raise BadInput(_("盛期不能早于开采。"), field="peak_on")
    if not peak_on <= end_on:
        raise BadInput(_("采完不能早于盛期。"), field="end_on")
    for name, new in zip(DATES, (start_on, peak_on, end_on), strict=True):
        if abs(new - getattr(row, name)) > FARTHEST_MOVE:
            raise BadInput(_("一次最多挪 120 天，请核对年份和月份。"), field=name)


def _followers(row: SeasonDate) -> list[SeasonDate]:
    if row.region.level != RegionLevel.COUNTY:
        return []
    same = SeasonDate.objects.select_for_update().filter(window=row.window, year=row.year)
    loose = same.exclude(pk=row.pk).exclude(pk__in=_held_by_people(row.year))
    return list(loose.select_related("window"))


def _carried(season: SeasonDate, days: tuple[timedelta, ...]) -> engine.Dated:
    start = season.start_on + days[0]
    peak = max(start, season.peak_on + days[1])
    end = max(peak, season.end_on + days[2])
    return engine.Dated(season.window_id, start, peak, end, season.is_estimate)


def _estimate_again(row: SeasonDate, *, at: datetime) -> None:
    raw = ProductForm.objects.filter(crop_id=row.crop_id).values_list("raw_crop_id", flat=True)
    crops = {row.crop_id, *raw}
    estimate_supply(year=row.year, at=at, crop_ids=crops, region=row.region)
