"""A tree of hashes over rows: one published root, and for each row a short proof that it is in.

Leaves and inner nodes are told apart by their first byte (RFC 6962), so no inner node passes for a
row. A node without a neighbour goes up as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"
Path = list[tuple[str, str]]
"""From the row to the root: the neighbour's side (``left`` or ``right``) and its hash."""


def leaf_of(text: str) -> str:
    """The hash of a row."""
    return hashlib.sha256(LEAF + text.encode()).hexdigest()


def root_of(leaves: Sequence[str]) -> str:
    """The root over ``leaves`` in their order; empty where there are none.

    >>> root_of([]), root_of(["aa"])
    ('', 'aa')
    """
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else ""


def path_of(leaves: Sequence[str], place: int) -> Path:
    """The neighbours that lead from the row at ``place`` to the root."""
    level, found = list(leaves), []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            found.append(("left" if other < place else "right", level[other]))
        level, place = _above(level), place // 2
    return found


def root_from(text: str, path: Path) -> str:
    """The root that a row and its path lead to.

    >>> leaves = [leaf_of(text) for text in "abc"]
    >>> root_from("b", path_of(leaves, 1)) == root_of(leaves)
    True
    """
    found = leaf_of(text)
    for side, other in path:
        found = _node(other, found) if side == "left" else _node(found, other)
    return found


def _above(level: list[str]) -> list[str]:
    pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
    return [_node(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def _node(left: str, right: str) -> str:
    return hashlib.sha256(NODE + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()
