"""Writing the pages every shop must have, where nobody has touched them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from content.models import (
    CropGuidePage,
    FirstPage,
    GuidePage,
    HelpPage,
    HomePage,
    IndexPage,
    PageWords,
    PolicyPage,
)
from content.models.base import SitePage
from content.services.words import words_of
from content.writing import FirstWords, body
from harvest_calendar.models import Crop

KINDS: dict[str, type[SitePage]] = {
    "home": HomePage,
    "index": IndexPage,
    "guide": GuidePage,
    "policy": PolicyPage,
    "crop": CropGuidePage,
    "help": HelpPage,
}
HOME = "home"


class FirstPages:
    """One loading: what is there, and what is written."""

    def __init__(self) -> None:
        rows = FirstPage.objects.select_related("page")
        self.rows = {(row.language_code, row.key): row for row in rows}
        self.crops = {crop.key: crop for crop in Crop.objects.all()}
        self.locales = {
            code: Locale.objects.get_or_create(language_code=code)[0]
            for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
        }
        self.stood_before = HomePage.objects.exists()
        self.written: list[SitePage] = []

    def page_of(self, language: str, key: str) -> Page | None:
        """The page a file became, if it still stands."""
        row = self.rows.get((language, key))
        return row.page if row else None

    def page_ids(self, language: str) -> dict[str, int]:
        """Row of every page of a language by key, for links."""
        found = ((key, row) for (code, key), row in self.rows.items() if code == language)
        return {key: row.page_id for key, row in found if row.page_id}

    def write(self, words: FirstWords) -> None:
        """Make the page, or bring it up to date while no editor has saved it."""
        row = self.rows.get((words.language, words.key)) or self._adopt(words)
        if row is None:
            self._make(words)
        elif row.page and row.fingerprint != words.fingerprint and not row.page.latest_revision_id:
            self._renew(row, words)

    def _adopt(self, words: FirstWords) -> FirstPage | None:
        """A page of that address made before files were kept count of."""
        if not self.stood_before:
            return None
        there = KINDS[words.facts["kind"]].objects.filter(
            slug=words.facts["slug"], locale=self.locales[words.language]
        )
        page = there.first()
        if page is None:
            return None
        row = FirstPage.objects.create(key=words.key, language_code=words.language, page=page)
        self.rows[words.language, words.key] = row
        return row

    def _make(self, words: FirstWords) -> None:
        page = KINDS[words.facts["kind"]](locale=self.locales[words.language], **self._facts(words))
        others = (self.page_of(code, words.key) for code in self.locales)
        counterpart = next((other for other in others if other is not None), None)
        if counterpart is not None:
            page.translation_key = counterpart.translation_key
        _parent(self, words).add_child(instance=page)
        self.rows[words.language, words.key] = FirstPage.objects.create(
            key=words.key,
            language_code=words.language,
            page=page,
            fingerprint=words.fingerprint,
        )
        self.written.append(page)

    def _renew(self, row: FirstPage, words: FirstWords) -> None:
        page = row.page.specific if row.page else None
        if page is None:
            return
        for name, value in self._facts(words).items():
            setattr(page, name, value)
        page.save()
        row.fingerprint = words.fingerprint
        row.save(update_fields=["fingerprint"])
        self.written.append(page)

    def link(self, all_words: Iterable[FirstWords]) -> None:
        """Fill in the ways between pages, now that all of them stand."""
        by_page: dict[int, Any] = {page.pk: page for page in self.written}
        for words in all_words:
            page = self.page_of(words.language, words.key)
            if page and page.pk in by_page and "::: links" in words.text:
                fresh = by_page[page.pk]
                fresh.refresh_from_db()  # it has children now
                fresh.body = body(words, page_ids=self.page_ids(words.language))
                fresh.save()

    def _facts(self, words: FirstWords) -> dict[str, Any]:
        skipped = {"kind", "parent", "order", "crop"}
        facts: dict[str, Any] = {k: v for k, v in words.facts.items() if k not in skipped}
        facts["draft_title"] = facts["title"]
        facts["body"] = body(words, page_ids=self.page_ids(words.language))
        if "crop" in words.facts:
            facts["crop"] = self.crops[words.facts["crop"]]
        return facts


def _parent(pages: FirstPages, words: FirstWords) -> Page:
    if words.facts["kind"] == HOME:
        return Page.objects.get(pk=Page.get_first_root_node().pk)
    home = pages.page_of(words.language, words.facts.get("parent", HOME))
    return Page.objects.get(pk=home.pk) if home else _missing(words)


def _missing(words: FirstWords) -> Page:
    raise LookupError(f"{words.language}/{words.key}: its parent page is not there")


@transaction.atomic
def load_first_pages(all_words: list[FirstWords]) -> int:
    """Write what is missing and renew what nobody touched; how many pages were written."""
    pages = FirstPages()
    if not pages.rows:
        _forget_wagtails_own()
    for words in all_words:
        pages.write(words)
    pages.link(all_words)
    _show(pages)
    rows = [PageWords(page_id=page.pk, **words_of(page)) for page in pages.written]
    PageWords.objects.filter(page_id__in=[row.page_id for row in rows]).delete()
    PageWords.objects.bulk_create(rows)
    return len(pages.written)


def _forget_wagtails_own() -> None:
    """Wagtail begins with a page that says welcome; it goes, and takes its site with it."""
    welcome = Page.objects.filter(depth=2, slug="home").exclude(
        pk__in=HomePage.objects.values("pk")
    )
    welcome.delete()


def _show(pages: FirstPages) -> None:
    home = pages.page_of(settings.LANGUAGE_CODE, HOME)
    if home is not None and not Site.objects.filter(is_default_site=True).exists():
        Site.objects.create(
            hostname="localhost", root_page=home, site_name="山货", is_default_site=True
        )
