"""Columns of whole numbers from CSV bytes and back, a table at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from contracts.engine.flow import Ints

Bytes = NDArray[np.uint8]
COMMA, NEWLINE, MINUS, NOUGHT, NINE = b",\n-09"
MOST_DIGITS = 15
ROWS = 1 << 17


def numbers(body: bytes, columns: int) -> list[Ints] | None:
    """The columns of a table of whole numbers without its header line.

    None when anything in it is unusual (a cell that is no whole number, a row too short or too
    long, quotes, an empty line): whoever asked then reads it row by row and says where.

    >>> [column.tolist() for column in numbers(b"1,20\\n-3,4\\n", 2)]
    [[1, -3], [20, 4]]
    """
    if not body:
        return [np.zeros(0, np.int64) for _ in range(columns)]
    body = body.replace(b"\r\n", b"\n") if b"\r" in body else body
    data = np.frombuffer(body if body.endswith(b"\n") else body + b"\n", np.uint8)
    ends = np.flatnonzero((data == COMMA) | (data == NEWLINE))
    if len(ends) % columns or not _well_formed(data, ends, columns):
        return None
    starts = np.empty_like(ends)
    starts[0], starts[1:] = 0, ends[:-1] + 1
    found = []
    for place in range(columns):
        column = _parsed(data, starts[place::columns], ends[place::columns])
        if column is None:
            return None
        found.append(column)
    return found


def _well_formed(data: Bytes, ends: Ints, columns: int) -> bool:
    """Whether each row has its number of cells and nothing but digits and signs stands in them."""
    last = data[ends] == NEWLINE
    if last[columns - 1 :: columns].sum() != last.sum() or last.sum() * columns != len(ends):
        return False
    digits = np.count_nonzero((data >= NOUGHT) & (data <= NINE))
    return bool(digits + np.count_nonzero(data == MINUS) + len(ends) == len(data))


def _parsed(data: Bytes, starts: Ints, ends: Ints) -> Ints | None:
    minus = data[starts] == MINUS
    first = starts + minus
    width = ends - first
    if width.min() < 1 or width.max() > MOST_DIGITS:
        return None
    value = np.zeros(len(starts), np.int64)
    for place in range(int(width.max())):
        digit = data[np.minimum(first + place, ends - 1)]
        if (digit == MINUS).any():
            return None
        value = np.where(place < width, value * 10 + (digit - NOUGHT), value)
    return np.where(minus, -value, value)


Cell = tuple[Bytes, Ints]
"""Texts of one column: characters right-aligned in a matrix, and how many count in each row."""


def whole(values: Ints, *, decimals: int = 0, blank: int | None = None) -> Cell:
    """Numbers as text; ``decimals`` puts a point that far from the right, ``blank`` is left empty.

    >>> text, width = whole(np.array([5, 1234]), decimals=3)
    >>> [bytes(row[len(row) - n:]).decode() for row, n in zip(text, width.tolist())]
    ['0.005', '1.234']
    """
    rest = np.abs(values)
    count = max(len(str(int(rest.max(initial=0)))), decimals + 1)
    text = np.empty((len(values), count + bool(decimals) + 1), np.uint8)
    width = np.full(len(values), decimals + 1, np.int64)
    column = text.shape[1]
    for place in range(count):
        column -= 1
        if decimals and place == decimals:
            text[:, column] = ord(".")
            column -= 1
        text[:, column] = NOUGHT + rest % 10
        width += (rest > 0) & (place > decimals)
        rest = rest // 10
    width += bool(decimals)
    negative = values < 0
    text[negative, text.shape[1] - width[negative] - 1] = MINUS
    width += negative
    if blank is not None:
        width[values == blank] = 0
    return text, width


def words(values: Ints, known: Sequence[str]) -> Cell:
    """Places in a short list of words as text."""
    longest = max(len(word) for word in known)
    table = np.frombuffer(b"".join(word.rjust(longest).encode() for word in known), np.uint8)
    return table.reshape(-1, longest)[values], np.array([len(word) for word in known])[values]


def lines(cells: Sequence[Cell]) -> bytes:
    """Columns of text as CSV rows, commas between them and a newline after each row."""
    texts, keeps = [], []
    for place, (text, width) in enumerate(cells):
        after = NEWLINE if place == len(cells) - 1 else COMMA
        size = text.shape[1]
        texts += [text, np.full((len(text), 1), after, np.uint8)]
        keeps += [np.arange(size) >= size - width[:, None], np.ones((len(text), 1), bool)]
    kept: Bytes = np.hstack(texts)[np.hstack(keeps)]
    return kept.tobytes()


def chunks(count: int) -> Iterator[slice]:
    """Slices over ``count`` rows, few enough to hold their text in memory."""
    for low in range(0, count, ROWS):
        yield slice(low, low + ROWS)
