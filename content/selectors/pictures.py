"""Pictures of a page with their sizes; people's pictures only with consent to pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from content.asks import Answers, PicturesAsk
from content.models import SitePicture
from content.models.consent import ConsentScope, consent_holds

SMALL, LARGE = "width-480", "width-1120"


@dataclass(frozen=True)
class Shown:
    """A picture in the two sizes a page offers."""

    small: Any
    large: Any


def pictures(asks: Sequence[PicturesAsk], *, on: date) -> Answers:
    """The picture of every ask, None where it may not be shown; two queries for any number."""
    wanted = {pk for ask in asks for pk in ask.pictures}
    if not wanted:
        return {}
    held = consent_holds(on, path="consent__") & Q(consent__scope=ConsentScope.PICTURES)
    rows = SitePicture.objects.filter(Q(shows_people=False) | held, pk__in=wanted)
    found = {}
    for picture in rows.prefetch_renditions(SMALL, LARGE):
        sizes = picture.get_renditions(SMALL, LARGE)
        found[picture.pk] = Shown(sizes[SMALL], sizes[LARGE])
    return {ask: found.get(ask.pictures[0]) for ask in asks}
