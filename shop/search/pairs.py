"""Cutting Chinese text into pairs of characters, so that 花椒 is found inside 武都花椒.

A row's text keeps its words on lines and its pairs between spaces. A query is found by its pairs
(any order, cheap) and then checked as a phrase (right order), both by plain ``LIKE``, so that
SQLite and PostgreSQL answer alike.
"""

import re

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
MAX_QUERY = 40


def plain(text: str) -> str:
    """Lower case, full-width forms made half-width, everything else left."""
    folded = "".join(
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text
    )
    return folded.lower()


def words(text: str) -> list[str]:
    """Runs of Chinese characters, and runs of letters and figures.

    >>> words("武都花椒 500g")
    ['武都花椒', '500g']
    """
    return _RUN.findall(plain(text))


def _is_chinese(word: str) -> bool:
    return word[0] >= "\u3400"


def parts(word: str) -> list[str]:
    """The pairs of a Chinese word; other words are one part.

    >>> parts("武都花椒")
    ['武都', '都花', '花椒']
    """
    if not _is_chinese(word) or len(word) <= 2:
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]


def pairs_of(text: str) -> str:
    """The stored text: words joined by bars (for the phrase), then parts between spaces.

    >>> pairs_of("武都花椒")
    '|武都花椒| 武都 都花 花椒 '
    """
    found = list(dict.fromkeys(words(text)))
    cut = dict.fromkeys(part for word in found for part in parts(word))
    return f"|{'|'.join(found)}| {' '.join(cut)} "
