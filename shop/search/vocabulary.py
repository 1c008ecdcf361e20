"""The words buyers use for what grows here, made from the catalogue and kept in memory.

Some sixty crops with a dozen names each: small enough to look through whole for every query.
``vocabulary()`` is asked each time and made anew when a crop was changed, at the latest after
some minutes.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import translation

from core.words import local
from growers.models import Region, RegionLevel
from harvest_calendar.models import Crop, CropCategory, ProductForm, Variety
from harvest_calendar.selectors.names import OtherName, other_names
from shop.search.pairs import is_chinese, plain, words
from shop.search.sounds import alike, initials, spelled, syllables, without_tones

COUNTY_DIGITS = 6
SECONDS = 300
_CUT = re.compile(r"[（）、，/()]")
_STATES = {"干", "鲜", "皮"}  # what stands in a crop's brackets and is no name
_PLACE_ENDS = "区县市"


@dataclass(frozen=True)
class Name:
    """One Chinese name of a crop and how it sounds."""

    text: str
    sound: str
    tails: tuple[str, ...]  # the sound from its second, third … syllable on
    letters: str

    @classmethod
    def of(cls, text: str) -> "Name":
        """A name with its sounds.

        >>> Name.of("鲜花椒").tails
        ('huajiao', 'jiao')
        """
        parts = syllables(text)
        tails = tuple("".join(parts[i:]) for i in range(1, len(parts)))
        return cls(text, spelled(text), tails, initials(text))

    @cached_property
    def alike(self) -> str:
        return alike(self.sound)


@dataclass(frozen=True)
class CropWords:
    """A crop and everything it is called."""

    crop: Crop
    names: tuple[Name, ...]
    readings: frozenset[str]  # other ways to spell it
    english: frozenset[tuple[str, ...]]  # each English name as its words
    group: frozenset[str]  # the words for its category

    @property
    def word(self) -> str:
        """What the crop is called in a sentence, in the reader's language."""
        english = re.split(r"[(,]", self.crop.name_en)[0].strip()
        return local(self.crop.short_name, english)

    @cached_property
    def english_words(self) -> frozenset[str]:
        return frozenset(word for name in self.english for word in name)


@dataclass(frozen=True)
class Place:
    """A county and what it is called."""

    code: str  # its leading digits
    region: Region
    names: frozenset[str]
    sounds: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """All crops and counties with their words."""

    crops: tuple[CropWords, ...] = ()
    places: tuple[Place, ...] = ()
    by_id: dict[int, CropWords] = field(default_factory=dict)

    @cached_property
    def known(self) -> dict[str, set[int]]:
        """Crops by whole name, for cutting long words up."""
        found: dict[str, set[int]] = defaultdict(set)
        for one in self.crops:
            for name in one.names:
                if len(name.text) > 1:
                    found[name.text].add(one.crop.pk)
        return found

    def category_of(self, crop_id: int) -> str:
        """The category of a crop; none for one that came a moment ago."""
        one = self.by_id.get(crop_id)
        return one.crop.category if one else ""

    def place_named(self, word: str) -> Place | None:
        """The county of a whole name."""
        return next((place for place in self.places if word in place.names), None)

    def place_sounding(self, letters: str) -> Place | None:
        """The county spelled this way."""
        return next((place for place in self.places if letters in place.sounds), None)


Stamp = tuple[object, ...]
_kept: dict[str, tuple[Stamp, float, Vocabulary]] = {}


def vocabulary() -> Vocabulary:
    """The words of the catalogue as it stands; one small query when nothing changed."""
    stamp = _stamp()
    kept = _kept.get("all")
    if kept and kept[0] == stamp and time.monotonic() - kept[1] < SECONDS:
        return kept[2]
    made = _make()
    _kept["all"] = (stamp, time.monotonic(), made)
    return made


def _stamp() -> Stamp:
    """The last change of any crop."""
    last = Crop.history.order_by("-history_id").values_list("history_id", "history_date")
    return last.first() or ()


def _make() -> Vocabulary:
    crops = list(Crop.objects.order_by("pk"))
    places = tuple(_places())
    taken = {name for place in places for name in place.names}
    words_of = _words_of(crops)
    groups = _groups()
    found = tuple(
        CropWords(
            crop=crop,
            names=tuple(Name.of(plain(n)) for n in words_of[crop.pk].names if n not in taken),
            readings=frozenset(words_of[crop.pk].readings),
            english=frozenset(words_of[crop.pk].english),
            group=groups[CropCategory(crop.category)],
        )
        for crop in crops
    )
    return Vocabulary(found, places, {one.crop.pk: one for one in found})


@dataclass
class _Gathered:
    """A crop's words while they are gathered; names keep their order."""

    names: dict[str, None]
    readings: set[str]
    english: set[tuple[str, ...]]

    def add(self, other: OtherName) -> None:
        """One more name of the facts file."""
        if other.kind == "pinyin":
            self.readings.add(_joined(other.name))
        elif other.kind == "english":
            self.english.update(_english_names(other.name))
        else:
            self.names[other.name] = None


def _words_of(crops: Iterable[Crop]) -> dict[int, _Gathered]:
    """The words of each crop's own row, its varieties and forms, and the facts file."""
    found, keys = {}, {}
    for crop in crops:
        english = set(_english_names(crop.name_en))
        found[crop.pk] = _Gathered(_own_names(crop), {_joined(crop.pinyin)}, english)
        keys[crop.key] = crop.pk
    for pk, name in _names_in_tables():
        found[pk].names.update(dict.fromkeys(_pieces(name)))
    for other in other_names():
        if other.crop_key in keys:
            found[keys[other.crop_key]].add(other)
    return found


def _own_names(crop: Crop) -> dict[str, None]:
    return dict.fromkeys([*_pieces(crop.name_zh), crop.short_name])


def _names_in_tables() -> Iterator[tuple[int, str]]:
    yield from Variety.objects.order_by("pk").values_list("crop_id", "name_zh")
    yield from ProductForm.objects.order_by("pk").values_list("crop_id", "name_zh")


def _pieces(name: str) -> list[str]:
    """A name without its brackets and what stands in them; 干 and 鲜 alone are no names."""
    return [part for part in _CUT.split(name.strip()) if part and part not in _STATES]


def _joined(written: str) -> str:
    return "".join(char for char in without_tones(written) if char.isascii() and char.isalpha())


def _english_names(name: str) -> Iterable[tuple[str, ...]]:
    return {tuple(found) for part in _CUT.split(name.replace(",", "，")) if (found := _latin(part))}


def _latin(text: str) -> list[str]:
    return [word for word in words(text) if word.isalpha() and not is_chinese(word)]


def _groups() -> dict[CropCategory, frozenset[str]]:
    """The words for each category in both languages."""
    found: dict[CropCategory, set[str]] = defaultdict(set)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for one in CropCategory:
                found[one].add(plain(str(one.label)))
    return {one: frozenset(labels) for one, labels in found.items()}


def _places() -> Iterator[Place]:
    for region in Region.objects.filter(level=RegionLevel.COUNTY).order_by("pk"):
        bare = region.name_zh.rstrip(_PLACE_ENDS)
        names = {region.name_zh, bare} if len(bare) > 1 else {region.name_zh}
        whole = _joined(region.pinyin) or spelled(region.name_zh)
        sounds = {whole, spelled(region.name_zh), *map(_joined, _english_of(region))}
        if len(bare) > 1:
            sounds |= {spelled(bare), whole.removesuffix("xian").removesuffix("qu")}
        yield Place(region.code[:COUNTY_DIGITS], region, frozenset(names), frozenset(sounds))


def _english_of(region: Region) -> list[str]:
    """``Tanchang (Dangchang) County`` is Tanchang, Dangchang and Tanchang County."""
    parts = [part.strip() for part in re.split(r"[()]", region.name_en) if part.strip()]
    bare = [re.sub(r" (County|District|City)$", "", part) for part in parts]
    return [one for one in [*parts, *bare] if one not in {"County", "District", "City"}]
