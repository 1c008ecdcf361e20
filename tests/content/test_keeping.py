"""What shows the trade is written once for half a minute; what stands on consent never is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import HomePage, StoryConsent
from content.services.consent import withdraw_consent
from tests.content.conftest import NOW, at
from tests.factories.content import make_picture, make_story, picture_block
from tests.factories.shop import ListingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages", "kept")]


@pytest.fixture
def kept(settings: LazySettings) -> Iterator[None]:
    """Blocks are kept as they are on the real site."""
    settings.BLOCKS_KEPT_S = 30
    cache.clear()
    yield
    cache.clear()


def _home(path: str = "/") -> str:
    return Client().get(path).content.decode()


def test_the_second_visit_asks_little() -> None:
    _home()

    with CaptureQueriesContext(connection) as queries:
        _home()

    assert len(queries) <= 7


def test_goods_are_half_a_minute_behind_at_most() -> None:
    _home()
    listing = ListingFactory(season_state="in_season")

    soon = _home()
    at(NOW + timedelta(seconds=30))

    assert listing.code not in soon
    assert listing.code in _home()


def test_languages_are_kept_apart() -> None:
    chinese, english = _home(), _home("/en/")

    assert "快截止的预售" in chinese
    assert "快截止的预售" not in english
    assert _home() == chinese


def test_a_withdrawn_story_is_gone_at_once(consent: StoryConsent) -> None:
    story = make_story(consent)
    assert story.title in _home()

    withdraw_consent(consent=consent, at=NOW, by=None)

    assert story.title not in _home()


def test_a_withdrawn_picture_is_gone_at_once(consent: StoryConsent) -> None:
    own = StoryConsent.objects.create(
        given_by="示例",
        scope="pictures",
        paper="2",
        given_on=consent.given_on,
        expires_on=consent.expires_on,
    )
    story = make_story(consent, body=picture_block(make_picture(shows_people=True, consent=own)))
    assert "晒到第二天" in _home(story.url)

    withdraw_consent(consent=own, at=NOW, by=None)

    assert "晒到第二天" not in _home(story.url)


def test_an_editors_change_is_seen_at_once() -> None:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    _home()

    home.headline = "今天山上下雨"
    home.save_revision().publish()

    assert "今天山上下雨" in _home()
