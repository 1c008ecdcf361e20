"""What is suggested while somebody types: crops and counties, with what of them is there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.models import SeasonState
from shop.products import may_be_listed
from shop.search.reading import Reading, guessed, read
from shop.search.vocabulary import CropWords, Place, Vocabulary
from shop.selectors.hints import month_words, next_days
from shop.selectors.shelf import Cell, all_cells
from shop.shelf_rules import SEASON_ORDER

MOST = 6


@dataclass(frozen=True)
class Suggestion:
    """One line: where it leads, what it is called, what of it is there."""

    url: str
    word: str
    note: str
    crop_key: str = ""
    season: str = ""


def suggestions(typed: str, known: Vocabulary, *, on: date) -> list[Suggestion]:
    """The crops and counties that may be meant, the best first."""
    reading = read(typed, known)
    if reading.words:
        reading = guessed(reading, known) or reading
    cells = all_cells()
    places = [place for place in known.places if place.code in reading.counties]
    crops = [known.by_id[pk] for pk in reading.best_crops[:MOST]]
    found = [_of_place(place, cells) for place in places] if not crops else []
    return found + _of_crops(crops, reading, cells, on=on)


def _of_place(place: Place, cells: list[Cell]) -> Suggestion:
    count = sum(cell.listings for cell in cells if cell.county == place.code)
    return Suggestion(_shelf_url(county=place.region.code), place.region.name, _count(count))


def _of_crops(
    crops: list[CropWords], reading: Reading, cells: list[Cell], *, on: date
) -> list[Suggestion]:
    here: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        if not reading.counties or cell.county in reading.counties:
            here[cell.crop_id].append(cell)
    away = [one.crop.pk for one in crops if _season(here[one.crop.pk]) not in SEASON_ORDER[:3]]
    days = next_days(away, on=on) if away else {}
    return [_of_crop(one, reading, here[one.crop.pk], days.get(one.crop.pk), on) for one in crops]


def _of_crop(
    one: CropWords, reading: Reading, cells: list[Cell], day: date | None, on: date
) -> Suggestion:
    season = _season(cells) if may_be_listed(one.crop) else ""
    counties = sorted(reading.counties)
    county = counties[0].ljust(12, "0") if counties else ""
    return Suggestion(
        url=_shelf_url(crop=one.crop.key, county=county),
        word=one.word,
        note=_note(season, cells, day, on),
        crop_key=one.crop.key,
        season=season,
    )


def _note(season: str, cells: list[Cell], day: date | None, on: date) -> str:
    if not season:
        return _("只作药材，不零卖")
    if season in SEASON_ORDER[:3] or day is None:
        return _count(sum(cell.listings for cell in cells))
    if (day.year, day.month) == (on.year, on.month):
        return _("这个月就下来")
    return _("%(month)s见") % {"month": month_words(day, on=on)}


def _season(cells: list[Cell]) -> str:
    """The best season any of its listings is in."""
    seasons = [SEASON_ORDER.index(SeasonState(cell.season)) for cell in cells]
    return SEASON_ORDER[min(seasons)] if seasons else SeasonState.DORMANT


def _count(count: int) -> str:
    if not count:
        return _("还没上架")
    return ngettext("%(n)d 样", "%(n)d 样", count) % {"n": count}


def _shelf_url(**asks: str) -> str:
    given = {name: value for name, value in asks.items() if value}
    return f"{reverse('shop:list')}?{urlencode(given)}"
