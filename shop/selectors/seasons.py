"""The season behind a listing: of its crop, else of the raw crop it is made from."""

from collections.abc import Iterable
from datetime import date, timedelta

from growers.models import Region
from harvest_calendar.models import ProductForm
from harvest_calendar.selectors import Season, season_of, seasons_of
from shop.models import Listing

SEASONS_AHEAD = 3


def seasons_behind(listings: Iterable[Listing], *, on: date) -> dict[int, Season | None]:
    """The running season of each listing, else the next, else the last; by listing id.

    The listings come with ``form`` and ``origin``; the calendar is asked once for all.
    """
    rows = [(row.pk, row.form, row.origin) for row in listings]
    pairs = {
        (crop_id, place.code)
        for _pk, form, place in rows
        for crop_id in (form.crop_id, form.raw_crop_id)
    }
    found = seasons_of(sorted(pairs), on)
    return {
        pk: found.get((form.crop_id, place.code)) or found.get((form.raw_crop_id, place.code))
        for pk, form, place in rows
    }


def season_for(form: ProductForm, place: Region, *, on: date) -> Season | None:
    """The running season of a form at a place, else the next, else the last."""
    return season_of(crop=form.crop, region=place, on=on) or season_of(
        crop=form.raw_crop, region=place, on=on
    )


def coming_season(form: ProductForm, place: Region, *, on: date) -> Season | None:
    """The first season whose produce is not ready yet on a day."""
    day = on
    for _try in range(SEASONS_AHEAD):
        season = season_for(form, place, on=day)
        if season is None or season.last_ready_on < on:
            return None
        if season.ready_on > on:
            return season
        day = max(season.end_on, day) + timedelta(days=1)
    return None


def season_near(
    form: ProductForm, place: Region, *, ready_on: date, last_ready_on: date, on: date
) -> Season | None:
    """The season that was promised with these days, wherever the calendar has moved it since."""
    known = [season_for(form, place, on=day) for day in (on, ready_on, last_ready_on)]
    found = [season for season in known if season is not None]
    return min(found, key=lambda season: abs(season.ready_on - ready_on), default=None)


def packs_within(form: ProductForm, pack_weight_g: int, raw_g: int) -> int:
    """Whole packs of a form that a weight of raw crop makes."""
    return max(0, raw_g) // max(1, form.raw_g(pack_weight_g))
