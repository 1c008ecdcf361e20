"""The first pages are written once for the folder, inside a transaction that is undone."""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Collection, Locale, Page, Site

from content.models import IndexPage, StoryConsent
from core.clock import SHANGHAI, day_of
from growers.models import User
from tests.factories.content import make_consent, parent
from tests.factories.growers import make_county, person_with

NOW = datetime(2026, 8, 28, 10, tzinfo=SHANGHAI)
TODAY = day_of(NOW)
MOMENT = [NOW]


def told_now() -> datetime:
    """The moment of these tests; ``at`` moves it."""
    return MOMENT[0]


def wagtails_first_rows() -> None:
    """Tables are made without migrations, and Wagtail writes its roots in one."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="zh-hans")
        Page.add_root(title="Root", slug="root")
        Collection.add_root(name="Root")


@pytest.fixture(scope="package")
def _written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        wagtails_first_rows()
        with override_settings(CLOCK="tests.content.conftest.told_now"):
            for name in ("load_growers_facts", "load_calendar_facts", "load_content"):
                call_command(name, verbosity=0, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def pages(_written: None, db: None, settings: LazySettings) -> Iterator[None]:
    """All first pages in both languages, on 28 August 2026 at ten."""
    settings.CLOCK = "tests.content.conftest.told_now"
    MOMENT[0] = NOW
    Site.clear_site_root_paths_cache()
    yield
    MOMENT[0] = NOW
    Site.clear_site_root_paths_cache()


def at(moment: datetime) -> None:
    """Let it be another moment."""
    MOMENT[0] = moment


@pytest.fixture
def consent(pages: None) -> StoryConsent:
    """A consent to words and pictures that holds today."""
    return make_consent()


@pytest.fixture
def stories(pages: None) -> IndexPage:
    """The list that stories stand under."""
    return parent("stories")


@pytest.fixture
def editor(pages: None) -> User:
    """Somebody who edits."""
    return person_with("editor", make_county())


@pytest.fixture
def desk(editor: User) -> Client:
    """The editor's browser."""
    return signed_in(editor)


def signed_in(user: User) -> Client:
    """A browser of a person."""
    browser = Client()
    browser.force_login(user, backend="growers.sign_in.MobileOrCardBackend")
    return browser
