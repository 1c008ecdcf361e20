"""How Chinese words sound: pinyin without tones, first letters, and what ears here confuse."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

# Places that the library reads as other words.
_LOCAL = {
    "武都": [["wǔ"], ["dū"]],
    "宕昌": [["tàn"], ["chāng"]],
    "两当": [["liǎng"], ["dāng"]],
}
load_phrases_dict(_LOCAL)

# Said alike by many in Longnan: flat and curled tongue, n and ng at the end.
_ALIKE = [(r"([zcs])h", r"\1"), (r"([aei])ng", r"\1n")]


@lru_cache(maxsize=20_000)
def syllables(text: str) -> tuple[str, ...]:
    """The syllables of a Chinese text, ü written v.

    >>> syllables("武都绿茶")
    ('wu', 'du', 'lv', 'cha')
    """
    return tuple(part for part in lazy_pinyin(text) if part.isascii() and part.isalpha())


def spelled(text: str) -> str:
    """All syllables in one word: 花椒 is ``huajiao``."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """The first letters: 花椒 is ``hj``."""
    return "".join(syllable[0] for syllable in syllables(text))


def alike(sound: str) -> str:
    """A sound with what is easily confused made equal.

    >>> alike("chang"), alike("can")
    ('can', 'can')
    """
    for pattern, kept in _ALIKE:
        sound = re.sub(pattern, kept, sound)
    return sound


def without_tones(written: str) -> str:
    """Pinyin as maps write it, as a keyboard types it: ``Tànchāng Xiàn`` is ``tanchang xian``."""
    marked = unicodedata.normalize("NFD", written.replace("ü", "v").lower())
    return "".join(char for char in marked if not unicodedata.combining(char))
