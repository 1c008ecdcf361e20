"""Keeping what a page is found by."""

from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Page

from content.models import PageWords
from content.models.base import SitePage
from shop.search.pairs import plain


def keep_words(page: Page) -> None:
    """Write the words of a live page; forget those of one that is not."""
    specific = page.specific
    if not isinstance(specific, SitePage) or not specific.live:
        PageWords.objects.filter(page_id=page.pk).delete()
        return
    PageWords.objects.update_or_create(page_id=page.pk, defaults=words_of(specific))


def words_of(page: SitePage) -> dict[str, str]:
    """Title, lead and all text of the body, written plainly as the shop's search does."""
    text = plain("\n".join([page.title, page.lead, *body_text(page)]))
    return {
        "language_code": page.locale.language_code,
        "title": page.title,
        "lead": page.lead,
        "text": text,
    }


def body_text(page: SitePage) -> list[str]:
    """Every piece of text in the body, markup left out."""
    pieces: list[str] = []
    for child in page.body:
        _gather(child.block.get_searchable_content(child.value), pieces)
    return pieces


def _gather(found: Any, pieces: list[str]) -> None:
    pieces.extend(strip_tags(str(piece)).replace("&nbsp;", " ") for piece in found)
