"""What a list page shows of the pages under it, by their kind."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from content.asks import CalendarAsk
from content.models import (
    CropGuidePage,
    GuidePage,
    HelpPage,
    IndexPage,
    NoticePage,
    VillageStoryPage,
)
from content.selectors.answers import PageAnswers
from core import clock
from core.templatetags.shanhuo import day_full


@dataclass(frozen=True)
class Entry:
    """One line of a list."""

    title: str
    url: str
    line: str
    note: str = ""
    crop: str = ""
    state: str = ""


@dataclass(frozen=True)
class Lists:
    """The pages under a list page; empty kinds are left out by the template."""

    crops: list[Entry] = field(default_factory=list)
    guides: list[Entry] = field(default_factory=list)
    stories: list[Entry] = field(default_factory=list)
    notices: list[Entry] = field(default_factory=list)
    helps: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.crops or self.guides or self.stories or self.notices or self.helps)


def children_of(index: IndexPage, *, on: date, request: HttpRequest) -> Lists:
    """Live pages under an index; one query tells the kinds, then one for each that is there."""
    kinds = set(index.get_children().live().values_list("content_type__model", flat=True))
    return Lists(
        crops=_crops(index, on=on, request=request) if "cropguidepage" in kinds else [],
        guides=_plain(GuidePage, index, request) if "guidepage" in kinds else [],
        stories=_stories(index, on=on, request=request) if "villagestorypage" in kinds else [],
        notices=_notices(index, on=on, request=request) if "noticepage" in kinds else [],
        helps=_plain(HelpPage, index, request) if "helppage" in kinds else [],
    )


def _under(model: Any, index: IndexPage) -> Any:
    return model.objects.child_of(index).live()


def _plain(model: Any, index: IndexPage, request: HttpRequest) -> list[Entry]:
    return [Entry(page.title, page.get_url(request), page.lead) for page in _under(model, index)]


def _crops(index: IndexPage, *, on: date, request: HttpRequest) -> list[Entry]:
    """Crop guides: those picked now first, with the few words of the calendar."""
    pages = list(_under(CropGuidePage, index).select_related("crop"))
    ask = CalendarAsk(rule="month", count=100)
    answers = PageAnswers([ask], on=on, at=clock.start_of(on))
    running = {row.key: row for row in answers.get(ask)}
    entries = [
        Entry(
            title=page.title,
            url=page.get_url(request),
            line=page.lead,
            note=running[page.crop.key].note if page.crop.key in running else "",
            crop=page.crop.key,
            state="now" if page.crop.key in running else "",
        )
        for page in pages
    ]
    return sorted(entries, key=lambda entry: not entry.state)


def _stories(index: IndexPage, *, on: date, request: HttpRequest) -> list[Entry]:
    rows = VillageStoryPage.objects.readable(on).child_of(index).select_related("crop")
    rows = rows.order_by("-first_published_at", "-pk")
    return [
        Entry(
            title=row.title,
            url=row.get_url(request),
            line=row.lead,
            note=row.told_by,
            crop=row.crop.key if row.crop else "",
        )
        for row in rows
    ]


def _notices(index: IndexPage, *, on: date, request: HttpRequest) -> list[Entry]:
    rows = _under(NoticePage, index).order_by("-dated_on", "-pk")
    return [
        Entry(row.title, row.get_url(request), row.lead, _days(row))
        for row in rows
        if not row.until_on or row.until_on >= on
    ]


def _days(notice: NoticePage) -> str:
    if not notice.until_on:
        return day_full(notice.dated_on)
    return _("%(since)s，到%(until)s为止") % {
        "since": day_full(notice.dated_on),
        "until": day_full(notice.until_on),
    }
