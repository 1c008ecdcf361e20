"""Cutting text into words and pairs of characters, so that 花椒 is found inside 武都花椒.

A row keeps its words (for whole phrases and single characters) and their parts: pairs of Chinese
characters, whole words of letters, whole figures. A query is found by its parts through an index
and checked as a phrase where pairs alone could mislead (花生椒 is not 花生 and 生椒).
"""

import re
from functools import lru_cache

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z]+|[0-9]+")
MAX_QUERY = 40
BAR = "|"


def plain(text: str) -> str:
    """Lower case, full-width forms made half-width, ü as it is typed, everything else left."""
    folded = "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text
    )
    return folded.lower().replace("ü", "v")


def words(text: str) -> list[str]:
    """Runs of Chinese characters, of letters and of figures; none longer than a query.

    >>> words("武都花椒 500g")
    ['武都花椒', '500', 'g']
    """
    return [word[i : i + MAX_QUERY] for word in _RUN.findall(plain(text)) for i in _cuts(word)]


def _cuts(word: str) -> range:
    return range(0, len(word), MAX_QUERY)


def is_chinese(word: str) -> bool:
    """Whether a word of ``words`` is Chinese."""
    return word[0] >= "\u3400"


def parts(word: str) -> list[str]:
    """The pairs of a Chinese word; other words are one part.

    >>> parts("武都花椒")
    ['武都', '都花', '花椒']
    """
    if not is_chinese(word) or len(word) <= 2:
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]


@lru_cache(maxsize=20_000)
def cut(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A text's words and parts, each once; places, shops and titles come again and again.

    >>> cut("武都花椒")
    (('武都花椒',), ('武都', '都花', '花椒'))
    """
    found = tuple(dict.fromkeys(words(text)))
    return found, tuple(dict.fromkeys(part for word in found for part in parts(word)))


def stored(texts: list[str]) -> tuple[str, str]:
    """What a row keeps of its texts: words between bars, parts between spaces.

    >>> stored(["武都花椒", "500 g"])
    ('|武都花椒|500|g|', '武都 都花 花椒 500 g')
    """
    cuts = [cut(text) for text in texts if text]
    found = dict.fromkeys(word for ones, _parts in cuts for word in ones)
    pairs = dict.fromkeys(part for _words, ones in cuts for part in ones)
    return BAR + "".join(f"{word}{BAR}" for word in found), " ".join(pairs)
