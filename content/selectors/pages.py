"""Finding pages: by role, by the file they came from, by what a person typed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from content.models import FirstPage, HelpPage, NoticePage, PageWords, VillageStoryPage
from core import clock
from core.language import TAGS, path_in
from shop.search.pairs import MAX_QUERY
from shop.search.pairs import words as words_of
from shop.search.ports import FoundPage

HELP_INDEX = "help"


@dataclass(frozen=True)
class Told:
    """A notice as the home page shows it."""

    title: str
    lead: str
    url: str


def help_url(roles: Collection[str], *, language: str, request: HttpRequest) -> str | None:
    """Help for the leading role; without one, the list of all."""
    leading = next((role for role in settings.ROLE_HOME if role in roles), None)
    if leading is None:
        return first_page_url(HELP_INDEX, language=language, request=request)
    pages = HelpPage.objects.live().filter(role=leading, locale__language_code=language)
    page = pages.select_related("locale").first()
    return page.get_url(request) if page else None


def first_page_url(key: str, *, language: str, request: HttpRequest) -> str | None:
    """The address of a page the site must have, wherever an editor moved it."""
    rows = FirstPage.objects.filter(key=key, language_code=language, page__live=True)
    row = rows.select_related("page__locale").first()
    return row.page.get_url(request) if row and row.page else None


def newest_notice(*, on: date, locale: int, request: HttpRequest) -> Told | None:
    """The notice in force that was dated last."""
    rows = NoticePage.objects.live().filter(dated_on__lte=on, locale=locale)
    row = rows.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)).order_by("-dated_on", "-pk")
    page = row.select_related("locale").first()
    return Told(page.title, page.lead, page.get_url(request)) if page else None


def counterparts(page: Page, *, request: HttpRequest) -> list[tuple[str, str]]:
    """Language tag and address of a live page in every language it is written in; the language
    switch is told too: where there is no counterpart it leads to the front page.
    """
    same = page.get_translations(inclusive=True).live().select_related("locale")
    urls = {row.locale.language_code: row.get_url(request) for row in same}
    addresses = {code: urls.get(code) or path_in(code, "/") for code in TAGS}
    request.addresses = addresses  # type: ignore[attr-defined]  # read by core.language
    return [(TAGS[code], urls[code]) for code in TAGS if urls.get(code)]


def find_pages(query: str, *, limit: int) -> list[FoundPage]:
    """Live pages in the reader's language that hold every word typed, those with it in the title
    first; one query. A story whose consent lapsed is not found, even before it is taken down.
    """
    typed = words_of(query[:MAX_QUERY])
    if not typed:
        return []
    rows = _readable(clock.today()).filter(language_code=get_language())
    for word in typed:
        rows = rows.filter(text__contains=word)
    in_title = Case(When(title__icontains=typed[0], then=Value(0)), default=Value(1))
    rows = rows.order_by(in_title, "page__path").select_related(
        "page__locale", "page__content_type"
    )
    return [_found(row.page, row) for row in rows[:limit]]


def _readable(on: date) -> QuerySet[PageWords]:
    readable = VillageStoryPage.objects.readable(on)
    story = Q(page__content_type__model="villagestorypage", page__content_type__app_label="content")
    live = PageWords.objects.filter(page__live=True)
    return live.filter(~story | Q(page__in=readable.values("pk")))


def _found(page: Page, row: PageWords) -> FoundPage:
    kind = page.cached_content_type.model_class()
    word = str(kind._meta.verbose_name) if kind is not None else ""
    return FoundPage(title=row.title, url=page.get_url() or "", summary=row.lead, kind=word)
