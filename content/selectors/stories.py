"""Village stories that may be read today."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from content.asks import Answers, StoriesAsk
from content.models import VillageStoryPage


def stories(asks: Sequence[StoriesAsk], *, on: date) -> Answers:
    """The stories of every ask, newest first; a chosen one that lapsed is not replaced."""
    readable = VillageStoryPage.objects.readable(on).order_by("-first_published_at", "-pk")
    wanted = Q()
    for ask in asks:
        mine = readable.filter(locale=ask.locale)
        wanted |= Q(pk=ask.chosen) if ask.chosen else Q(pk__in=mine.values("pk")[: ask.count])
    rows = list(readable.filter(wanted).select_related("place", "locale", "crop"))
    return {ask: _of(ask, rows) for ask in asks}


def _of(ask: StoriesAsk, rows: list[Any]) -> list[Any]:
    if ask.chosen:
        return [row for row in rows if row.pk == ask.chosen]
    return [row for row in rows if row.locale_id == ask.locale][: ask.count]
