"""Consents, stories and pictures for tests; all on 28 August 2026."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page

from content.models import (
    ConsentScope,
    FirstPage,
    IndexPage,
    NoticePage,
    SitePicture,
    StoryConsent,
    VillageStoryPage,
)
from content.services.words import keep_words
from tests.factories.uploads import photo_bytes

TODAY = date(2026, 8, 28)
TELLER = "示例讲述人甲"


def parent(key: str, language: str = "zh-hans") -> Any:
    """A fresh copy of a list page."""
    row = FirstPage.objects.get(key=key, language_code=language)
    return IndexPage.objects.get(pk=row.page_id)


def make_consent(**facts: Any) -> StoryConsent:
    """Given ten days ago for a hundred days, to words and pictures."""
    defaults: dict[str, Any] = {
        "given_by": TELLER,
        "scope": ConsentScope.PICTURES,
        "paper": "示例-1",
        "given_on": TODAY - timedelta(days=10),
        "expires_on": TODAY + timedelta(days=90),
    }
    return StoryConsent.objects.create(**(defaults | facts))


def make_story(
    consent: StoryConsent | None, *, language: str = "zh-hans", slug: str = "tale", **facts: Any
) -> VillageStoryPage:
    """A story under its list; live unless said otherwise, and found by search."""
    defaults: dict[str, Any] = {
        "title": "井台边的话",
        "slug": slug,
        "lead": "讲一口老井。",
        "told_by": "老陈",
        "consent": consent,
        "body": [{"type": "text", "value": "<p>井绳磨出来的印子还在。</p>"}],
    }
    under = parent("stories", language)
    story = under.add_child(instance=VillageStoryPage(locale=under.locale, **(defaults | facts)))
    keep_words(story)
    return fresh(story)


def make_notice(**facts: Any) -> NoticePage:
    """A notice of yesterday, until in ten days."""
    defaults: dict[str, Any] = {
        "title": "桥修好以前绕道走",
        "slug": "detour",
        "dated_on": TODAY - timedelta(days=1),
        "until_on": TODAY + timedelta(days=10),
    }
    under = parent("notices")
    return fresh(under.add_child(instance=NoticePage(locale=under.locale, **(defaults | facts))))


def fresh(page: Page) -> Any:
    """The page as the database has it."""
    return Page.objects.get(pk=page.pk).specific


def make_picture(**facts: Any) -> SitePicture:
    """A small photograph with the place a phone wrote into it."""
    sent = SimpleUploadedFile("p.jpg", photo_bytes(placed=True), content_type="image/jpeg")
    return SitePicture.objects.create(title="示例照片", file=sent, **facts)


def picture_block(picture: SitePicture) -> list[dict[str, Any]]:
    """A body of one picture."""
    value = {"picture": picture.pk, "alt": "晒场", "caption": "晒到第二天"}
    return [{"type": "picture", "value": value}]
