"""What is said beside a search: how it was read, what comes back when, what is near instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from growers.models import RegionLevel
from harvest_calendar.models import Crop, SaleClass, SeasonDate
from shop.search.pairs import is_chinese, words
from shop.search.sounds import spelled
from shop.search.vocabulary import CropWords, Vocabulary
from shop.selectors.facets import in_season_by_crop
from shop.selectors.shelf import Cell, Found, shown_crops

MOST_NOTES = 2
MOST_NEAR = 6
NEAR_ENOUGH = 50  # of 100, as rapidfuzz measures
LETTERS_AGREE = 25


@dataclass(frozen=True)
class CropNote:
    """A crop that was asked for and is not in season, and when it comes."""

    crop: Crop
    word: str
    line: str
    can_wait: bool  # whether there is a day to be told of


def crop_notes(found: Found, known: Vocabulary, *, on: date) -> list[CropNote]:
    """One line for each crop that was meant and is not to be had now."""
    ripe = in_season_by_crop(found.cells)
    meant = [pk for pk in _meant(found) if pk in known.by_id]
    away = [known.by_id[pk] for pk in meant if pk not in ripe][:MOST_NOTES]
    if not meant or len(away) < min(len(meant), MOST_NOTES):
        return []  # something of what was meant is there
    days = next_days([one.crop.pk for one in away], on=on)
    return [CropNote(one.crop, one.word, *_line(one, days.get(one.crop.pk), on)) for one in away]


def _meant(found: Found) -> list[int]:
    """Crops that were asked for by name: the one filtered by, else those that fit best."""
    if found.crop_id is not None:
        return [found.crop_id]
    fits = found.reading.crops or {}
    best = min(fits.values(), default=0)
    return [pk for pk in found.reading.best_crops if fits[pk] == best]


def _line(one: CropWords, day: date | None, on: date) -> tuple[str, bool]:
    """The sentence, and whether there is anything to wait for."""
    facts = {"crop": one.word}
    if one.crop.sale_class == SaleClass.MEDICINAL_ONLY:
        return _("%(crop)s只作药材，按合同卖给药商，这里不零卖。") % facts, False
    if day is None:
        return _("%(crop)s还没有往年的采收记录，上架了才知道。") % facts, True
    facts["month"] = month_words(day, on=on)
    if (day.year, day.month) == (on.year, on.month):
        return _("%(crop)s这个月就下来。") % facts, True
    return _("这个月山上没有%(crop)s，%(month)s见。") % facts, True


def next_days(crop_ids: Iterable[int], *, on: date) -> dict[int, date]:
    """The first day after ``on`` that each crop is ready somewhere in the nine counties."""
    ahead = SeasonDate.objects.filter(
        crop__in=list(crop_ids), region__level=RegionLevel.COUNTY, ready_on__gt=on
    )
    rows = ahead.order_by().values_list("crop_id").annotate(day=Min("ready_on"))
    return {pk: day for pk, day in rows if day is not None}


def month_words(day: date, *, on: date) -> str:
    """``五月`` or ``明年五月``."""
    months = [
        *(_("一月"), _("二月"), _("三月"), _("四月"), _("五月"), _("六月")),
        *(_("七月"), _("八月"), _("九月"), _("十月"), _("十一月"), _("十二月")),
    ]
    month = months[day.month - 1]
    return month if day.year == on.year else _("明年%(month)s") % {"month": month}


@dataclass(frozen=True)
class Instead:
    """Crops to look at instead: by name like what was typed, or simply in season."""

    crops: Sequence[CropWords]
    is_alike: bool


def look_instead(
    typed: str, cells: Sequence[Cell], known: Vocabulary, *, but: Iterable[int] = ()
) -> Instead:
    """Crops on the shelf with the nearest names; where none is near, what is in season."""
    there = {pk for pk in shown_crops(cells) if pk in known.by_id} - set(but)
    scored = [(_nearness(known.by_id[pk], typed), pk) for pk in there]
    near = [pk for score, pk in sorted(scored, reverse=True) if score >= NEAR_ENOUGH]
    ripe = [pk for pk in in_season_by_crop(cells) if pk in there]
    chosen = (near or ripe)[:MOST_NEAR]
    return Instead([known.by_id[pk] for pk in chosen], is_alike=bool(near))


def _nearness(one: CropWords, typed: str) -> float:
    """How alike a crop's best name is; letters agree more easily than characters do."""
    found = words(typed)
    chinese = "".join(word for word in found if is_chinese(word))
    sound = spelled(chinese) + "".join(word for word in found if not is_chinese(word))
    by_sight = [fuzz.ratio(chinese, name.text) for name in one.names if chinese]
    by_sound = [
        fuzz.ratio(sound, name.sound) - LETTERS_AGREE for name in one.names if len(sound) > 1
    ]
    return max([*by_sight, *by_sound], default=0.0)
