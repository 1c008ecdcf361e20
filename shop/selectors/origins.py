"""Where a listing comes from: the place, how high, and which protected names hold there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.charts import YearWindow, year_window
from core.words import in_english
from growers.models import Region, RegionLevel
from harvest_calendar.models import GeoMark, SeasonDate
from shop.models import Listing

MOST_BANDS = 4


@dataclass(frozen=True)
class Band:
    """One altitude band of a season: ``window`` says whether it is done, now or later."""

    name: str
    altitude: str
    start_on: date
    end_on: date
    window: YearWindow


@dataclass(frozen=True)
class Origin:
    """What a page says about the place."""

    place: str
    county_code: str
    altitude: str
    bands: Sequence[Band]
    marks: Sequence[GeoMark]


def origin_of(listing: Listing, *, on: date) -> Origin:
    """Two queries; the listing comes with ``form__crop`` and ``origin__parent__parent``."""
    seasons = _seasons_behind(listing, on=on)
    windows = [season.window for season in seasons]
    lows = [window.altitude_min_m for window in windows]
    highs = [window.altitude_max_m for window in windows]
    return Origin(
        place=full_place(listing.origin),
        county_code=listing.origin.county_code,
        altitude=altitude_words(_end(lows, min), _end(highs, max)),
        bands=[_band(season, on=on) for season in seasons] if len(seasons) > 1 else [],
        marks=marks_at(listing),
    )


def _end(heights: Sequence[int | None], pick: Callable[[list[int]], int]) -> int | None:
    """The lowest or highest of heights; None when one of them is not known."""
    known = [height for height in heights if height is not None]
    return pick(known) if known and len(known) == len(heights) else None


def _seasons_behind(listing: Listing, *, on: date) -> list[SeasonDate]:
    """The dated windows that make up the listing's season, at the nearest place that has some.

    Those of the crop itself count before those of the raw crop it is made from.
    """
    first, last = listing.season_start_on, listing.season_end_on
    if first is None or last is None:
        return []
    code = listing.origin.code
    places = [code, code[:9] + "000", listing.origin.county_code]
    crops = [listing.form.crop_id, listing.form.raw_crop_id]
    rows = SeasonDate.objects.filter(
        crop__in=crops, region__in=places, start_on__lte=last, end_on__gte=first
    ).select_related("window")
    found = sorted(rows, key=lambda row: (row.start_on, row.end_on, row.pk))
    for crop in crops:
        for place in places:
            here = [row for row in found if row.crop_id == crop and row.region_id == place]
            if here:
                return _each_once(here, on=on)[:MOST_BANDS]
    return []


def _each_once(seasons: Sequence[SeasonDate], *, on: date) -> list[SeasonDate]:
    """Each window in the year that is going on or comes next: what is kept all year has years
    that touch one another."""
    kept: dict[int, SeasonDate] = {}
    for season in seasons:
        held = kept.get(season.window_id)
        if held is None or held.end_on < on:
            kept[season.window_id] = season
    return list(kept.values())


def _band(season: SeasonDate, *, on: date) -> Band:
    window = season.window
    return Band(
        name=window.name,
        altitude=altitude_words(window.altitude_min_m, window.altitude_max_m),
        start_on=season.start_on,
        end_on=season.end_on,
        window=year_window(season.start_on, season.peak_on, season.end_on, on=on),
    )


def marks_at(listing: Listing) -> list[GeoMark]:
    """Protected names of the crop whose county is the listing's."""
    crop = listing.form.crop
    return list(GeoMark.objects.filter(crop=crop, county=listing.origin.county_code))


def full_place(region: Region) -> str:
    """``武都区 云台乡 松坪村``: up to the county, not the city; in English from the small up."""
    names: list[str] = []
    here: Region | None = region
    while here is not None and here.level != RegionLevel.CITY:
        names.insert(0, here.name)
        here = here.parent if here.level != RegionLevel.COUNTY else None
    return ", ".join(reversed(names)) if in_english() else " ".join(names)


def county_above(region: Region) -> str:
    """The name of the county a region lies in, or is; the region came with its parents."""
    here: Region | None = region
    while here is not None and here.level != RegionLevel.COUNTY:
        here = here.parent
    return here.name if here is not None else region.name


def altitude_words(low: int | None, high: int | None) -> str:
    """``1200—1600 米``; one end alone is said as such; empty when nothing is known."""
    if low is not None and high is not None:
        return _("%(low)d—%(high)d 米") % {"low": low, "high": high}
    if low is not None:
        return _("%(low)d 米以上") % {"low": low}
    return _("%(high)d 米以下") % {"high": high} if high is not None else ""
