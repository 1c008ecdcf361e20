"""How apps above the shop let their pages be found: they register a finder, search asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class FoundPage:
    """A guide, story or help page that fits what was typed."""

    title: str
    url: str
    summary: str = ""
    kind: str = ""  # a word such as 指南, shown before the title


class PageFinder(Protocol):
    """Finds live public pages in the current language by what a person typed (it may be
    anything) with one or two queries; the best come first."""

    def __call__(self, query: str, *, limit: int) -> Sequence[FoundPage]: ...


_finders: list[PageFinder] = []


def register_pages(find: PageFinder) -> None:
    """Add a finder; called in ``AppConfig.ready``. The same one twice stays one."""
    if find not in _finders:
        _finders.append(find)


def pages_about(query: str, *, limit: int = 4) -> list[FoundPage]:
    """Pages of all finders, the first finder's first; none for an empty query."""
    if not query.strip():
        return []
    found = [page for find in _finders for page in find(query, limit=limit)]
    return found[:limit]
