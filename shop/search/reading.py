"""Reading what a person typed: which crops and counties it names, and which words are left.

Reading looks at the vocabulary only, never at listings. Words that name nothing are left for the
text of the listings; when no listing holds them, ``guessed`` takes them for a name that sounds or
looks alike.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from rapidfuzz.distance import DamerauLevenshtein, Hamming

from core.words import local
from shop.search.pairs import MAX_QUERY, is_chinese, words
from shop.search.sounds import alike, spelled
from shop.search.vocabulary import CropWords, Name, Place, Vocabulary

WHOLE, START, INSIDE = 0, 1, 2  # how well a name fits; the best first
SHORT, LONG = 4, 9  # letters from which one, and two, wrong ones are forgiven
Crops = dict[int, int]  # crop id and how well it fits


@dataclass(frozen=True)
class Reading:
    """What was understood."""

    typed: str = ""
    crops: Crops | None = None  # None: any crop
    counties: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()  # looked for in the listings' texts
    guess: str = ""  # the name it was taken for

    @property
    def is_empty(self) -> bool:
        """Nothing was typed that can be looked for."""
        return self.crops is None and not self.counties and not self.words

    @property
    def best_crops(self) -> list[int]:
        """Crops by how well they fit."""
        found = self.crops or {}
        return sorted(found, key=lambda pk: (found[pk], pk))


def read(typed: str, known: Vocabulary) -> Reading:
    """Crops, counties and left-over words of what was typed."""
    reading = Reading(typed=typed)
    letters: list[str] = []
    for word in words(typed[:MAX_QUERY]):
        if word.isalpha() and not is_chinese(word):
            letters.append(word)
            continue
        reading = _with_letters(reading, letters, known)
        letters = []
        reading = _with_chinese(reading, word, known) if is_chinese(word) else _left(reading, word)
    return _with_letters(reading, letters, known)


def without_words(reading: Reading) -> Reading:
    """The same without the words that only a text could hold."""
    return replace(reading, words=())


def guessed(reading: Reading, known: Vocabulary, *, held: Collection[str] = ()) -> Reading | None:
    """Left-over words taken for names that sound or look alike; None when one fits nothing.

    Words that listings hold (``held``) stay words.
    """
    found = replace(reading, words=tuple(word for word in reading.words if word in held))
    names: list[str] = []
    for word in _joined_letters(word for word in reading.words if word not in held):
        guess = _guess(word, known)
        if guess is None:
            return None
        what, name = guess
        found = _with_place(found, what) if isinstance(what, Place) else _with_crops(found, what)
        names.append(name)
    return replace(found, guess=" ".join(names)) if names else None


def _guess(word: str, known: Vocabulary) -> tuple[Crops | Place, str] | None:
    """The crops or county a word may be, and what they are called."""
    heard = _names_heard(word, known)
    if heard:
        crops = _crops_called(heard, known)
        return crops, local(heard[0], _best(crops, known).word)
    crops = _crops_like(word, known)
    if crops:
        return crops, _best(crops, known).word
    place = _place_like(word, known)
    return (place, place.region.name) if place else None


def _best(crops: Crops, known: Vocabulary) -> CropWords:
    return known.by_id[min(crops, key=lambda pk: (crops[pk], pk))]


def _left(reading: Reading, *left: str) -> Reading:
    return replace(reading, words=(*reading.words, *left))


def _with_crops(reading: Reading, crops: Crops) -> Reading:
    """Two names of one crop mean that crop; names of different crops mean all of them."""
    if reading.crops is None:
        return replace(reading, crops=crops)
    both = {pk: max(fit, crops[pk]) for pk, fit in reading.crops.items() if pk in crops}
    either = {**crops, **reading.crops}
    return replace(reading, crops=both or either)


def _with_place(reading: Reading, place: Place) -> Reading:
    return replace(reading, counties=reading.counties | {place.code})


# Chinese ------------------------------------------------------------------------------------
def _with_chinese(reading: Reading, word: str, known: Vocabulary) -> Reading:
    place = known.place_named(word)
    if place:
        return _with_place(reading, place)
    crops = crops_named(word, known)
    if crops:
        return _with_crops(reading, crops)
    return _with_pieces(reading, word, known)


def crops_named(word: str, known: Vocabulary) -> Crops:
    """Crops with the word in a name, or of the category it names."""
    fits = ((one.crop.pk, _fit(one, word)) for one in known.crops)
    return {pk: fit for pk, fit in fits if fit is not None}


def _fit(one: CropWords, word: str) -> int | None:
    found = [_fit_of(name.text, word) for name in one.names if word in name.text]
    if word in one.group:
        found.append(START)
    return min(found, default=None)


def _fit_of(name: str, word: str) -> int:
    if name == word:
        return WHOLE
    return START if name.startswith(word) else INSIDE


def _with_pieces(reading: Reading, word: str, known: Vocabulary) -> Reading:
    """A word cut into the longest names that stand in it; what is between them is left over."""
    left, at = "", 0
    found = False
    while at < len(word):
        piece = _longest_at(word, at, known)
        if not piece:
            left, at = left + word[at], at + 1
            continue
        found = True
        reading = _with_rest(reading, left, known)
        left, at = "", at + len(piece)
        reading = _with_chinese(reading, piece, known)
    return _with_rest(reading, left, known) if found else _left(reading, word)


def _longest_at(word: str, at: int, known: Vocabulary) -> str:
    ends = range(len(word), at + 1, -1)
    pieces = (word[at:end] for end in ends)
    return next((p for p in pieces if p in known.known or known.place_named(p)), "")


def _with_rest(reading: Reading, rest: str, known: Vocabulary) -> Reading:
    if not rest:
        return reading
    crops = crops_named(rest, known) if len(rest) > 1 else {}
    return _with_crops(reading, crops) if crops else _left(reading, rest)


# Letters ------------------------------------------------------------------------------------
def _with_letters(reading: Reading, typed: list[str], known: Vocabulary) -> Reading:
    """Letters are pinyin, first letters, English, or a county and one of these."""
    if not typed:
        return reading
    for cut in range(len(typed), 0, -1):
        head, rest = typed[:cut], typed[cut:]
        place = known.place_sounding("".join(head))
        if place:
            return _with_letters(_with_place(reading, place), rest, known)
        crops = crops_spelled(head, known)
        if crops:
            return _with_letters(_with_crops(reading, crops), rest, known)
    return _after_place(reading, typed, known)


def _after_place(reading: Reading, typed: list[str], known: Vocabulary) -> Reading:
    """``wuduhuajiao``: a county's name written together with a crop's."""
    joined = "".join(typed)
    for place in known.places:
        for sound in place.sounds:
            crops = crops_spelled([joined[len(sound) :]], known) if joined.startswith(sound) else {}
            if crops:
                return _with_crops(_with_place(reading, place), crops)
    return _left(reading, *typed)


def crops_spelled(typed: list[str], known: Vocabulary) -> Crops:
    """Crops whose pinyin, first letters or English name begin with what was typed."""
    joined = "".join(typed)
    fits = ((one.crop.pk, _letter_fit(one, typed, joined)) for one in known.crops)
    found = {pk: fit for pk, fit in fits if fit is not None}
    return found if len(joined) > 1 else {}


def _letter_fit(one: CropWords, typed: list[str], joined: str) -> int | None:
    found = [fit for name in one.names if (fit := _sound_fit(name, joined)) is not None]
    found += [WHOLE if joined == way else START for way in one.readings if way.startswith(joined)]
    if (english := _english_fit(one, typed)) is not None:
        found.append(english)
    return min(found, default=None)


def _sound_fit(name: Name, joined: str) -> int | None:
    if joined in {name.sound, name.letters}:
        return WHOLE
    if name.sound.startswith(joined):
        return START
    starts = name.letters.startswith(joined) or any(t.startswith(joined) for t in name.tails)
    return INSIDE if starts else None


def _english_fit(one: CropWords, typed: list[str]) -> int | None:
    if tuple(typed) in one.english:
        return WHOLE
    singular = [word.removesuffix("s") for word in typed]
    if all(any(own.startswith(word) for own in one.english_words) for word in singular):
        return START if one.english_words >= set(typed) else INSIDE
    return START if "".join(typed) in {group.replace(" ", "") for group in one.group} else None


# What sounds or looks alike -----------------------------------------------------------------
def _joined_letters(left: Iterable[str]) -> list[str]:
    """Chinese words as they are; letters that stand together are one word; figures are no name."""
    found: list[str] = []
    letters = ""
    for word in left:
        if word.isalpha() and not is_chinese(word):
            letters += word
            continue
        found += [letters] if letters else []
        letters = ""
        found.append(word)
    return [*found, letters] if letters else found


def _names_heard(word: str, known: Vocabulary) -> list[str]:
    """Names that sound just like a Chinese word, else those that sound nearly like it."""
    sound = spelled(word) if is_chinese(word) and len(word) > 1 else ""
    names = [name for one in known.crops for name in one.names] if sound else []
    just = [name.text for name in names if name.sound == sound]
    return just or [name.text for name in names if name.alike == alike(sound)]


def _crops_called(names: Iterable[str], known: Vocabulary) -> Crops:
    """All crops with one of the names in theirs."""
    found: Crops = {}
    for name in names:
        for pk, fit in crops_named(name, known).items():
            found[pk] = min(fit, found.get(pk, fit))
    return found


def _crops_like(word: str, known: Vocabulary) -> Crops:
    apart = _chinese_apart if is_chinese(word) else _letters_apart
    fits = ((one.crop.pk, apart(one, word)) for one in known.crops)
    return {pk: fit for pk, fit in fits if fit is not None}


def _place_like(word: str, known: Vocabulary) -> Place | None:
    sound = spelled(word) if is_chinese(word) else word
    if len(sound) < SHORT:
        return None
    exact = known.place_sounding(sound)
    near = (
        place
        for place in known.places
        if any(len(own) >= SHORT and _near(own, sound) for own in place.sounds)
    )
    return exact or next(near, None)


def _chinese_apart(one: CropWords, word: str) -> int | None:
    """0 one other character, 1 one more or less, 2 alike inside a name."""
    if len(word) < 2:
        return None
    sound = spelled(word)
    fits = (_apart(name, word, sound) for name in one.names)
    return min((fit for fit in fits if fit is not None), default=None)


def _apart(name: Name, word: str, sound: str) -> int | None:
    text = name.text
    if len(text) == len(word) and Hamming.distance(text, word) == 1:
        return 0
    if min(len(text), len(word)) > 2 and DamerauLevenshtein.distance(text, word) == 1:
        return 1
    return 2 if _apart_inside(name, word, sound) else None


def _apart_inside(name: Name, word: str, sound: str) -> bool:
    if sound in name.tails:
        return True
    size = len(word)
    windows = (name.text[i : i + size] for i in range(len(name.text) - size + 1))
    return size > 2 and any(Hamming.distance(one, word) == 1 for one in windows)


def _letters_apart(one: CropWords, word: str) -> int | None:
    ways = {*one.readings, *(name.sound for name in one.names)}
    if any(_near(way, word) for way in ways):
        return 0
    english = {"".join(name) for name in one.english} | one.english_words
    return 1 if any(_near(way, word) for way in english) else None


def _near(one: str, other: str) -> bool:
    forgiven = (len(other) >= SHORT) + (len(other) >= LONG)
    return DamerauLevenshtein.distance(one, other, score_cutoff=forgiven) <= forgiven
