"""Nothing of a person is shown without a consent that holds; the page itself refuses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from content.models import ConsentScope, HomePage, NoConsent, StoryConsent, VillageStoryPage
from content.selectors.pages import find_pages
from content.services.consent import record_consent, withdraw_consent
from content.services.schedule import run_schedule
from core.errors import BadInput, NotAllowed
from growers.models import User
from tests.content.conftest import NOW, TODAY, at
from tests.factories.content import (
    TELLER,
    fresh,
    make_consent,
    make_picture,
    make_story,
    parent,
    picture_block,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

A_DAY = timedelta(days=1)
NOT_HOLDING = [
    {"expires_on": TODAY - A_DAY},
    {"withdrawn_on": TODAY},
    {"given_on": TODAY + A_DAY},
]


def _status(page: Page) -> int:
    return Client().get(page.get_url() or "").status_code


def test_a_story_with_consent_is_read(consent: StoryConsent) -> None:
    story = make_story(consent)

    answer = Client().get(story.url)

    assert answer.status_code == 200
    assert "井绳磨出来的印子还在" in answer.content.decode()


def test_a_draft_without_consent_is_not_published() -> None:
    story = make_story(None, live=False)
    revision = story.save_revision(clean=False)

    with pytest.raises(NoConsent, match="井台边的话"):
        revision.publish()

    assert not fresh(story).live


@pytest.mark.parametrize("facts", NOT_HOLDING)
def test_a_consent_that_does_not_hold_publishes_nothing(facts: dict[str, date]) -> None:
    story = make_story(make_consent(**facts), live=False)

    with pytest.raises(NoConsent):
        story.save_revision().publish()

    assert not fresh(story).live


def test_a_live_story_cannot_be_made_without_consent() -> None:
    with pytest.raises(NoConsent):
        make_story(None)


def test_after_the_last_day_the_page_is_gone_before_anything_runs(consent: StoryConsent) -> None:
    story = make_story(consent)
    at(NOW + timedelta(days=90))
    assert _status(story) == 200

    at(NOW + timedelta(days=91))

    assert fresh(story).live
    assert _status(story) == 410
    assert "井绳" not in Client().get(story.url).content.decode()


def test_the_schedule_takes_a_lapsed_story_down(consent: StoryConsent) -> None:
    story = make_story(consent)
    later = NOW + timedelta(days=91)
    at(later)

    assert run_schedule(at=later)["lapsed"] == 1

    assert not fresh(story).live
    assert _status(story) == 404


def test_withdrawing_takes_every_language_down_at_once(consent: StoryConsent) -> None:
    stories = [make_story(consent), make_story(consent, language="en")]
    assert [_status(story) for story in stories] == [200, 200]

    withdraw_consent(consent=consent, at=NOW, by=None)

    assert [fresh(story).live for story in stories] == [False, False]
    assert [_status(story) for story in stories] == [404, 404]


def test_a_consent_is_withdrawn_once(consent: StoryConsent) -> None:
    withdraw_consent(consent=consent, at=NOW, by=None)

    with pytest.raises(NotAllowed):
        withdraw_consent(consent=consent, at=NOW, by=None)


def test_a_withdrawal_written_anywhere_takes_down(consent: StoryConsent) -> None:
    story = make_story(consent)
    consent.withdrawn_on = TODAY

    consent.save()

    assert not fresh(story).live


def test_a_lapsed_story_is_found_nowhere(consent: StoryConsent) -> None:
    story = make_story(consent)
    home = HomePage.objects.get(locale__language_code="zh-hans")
    places = [home.url, parent("stories").url]
    assert all(story.title in Client().get(url).content.decode() for url in places)
    assert [found.title for found in find_pages("井绳", limit=5)] == [story.title]

    at(NOW + timedelta(days=91))

    assert not any(story.title in Client().get(url).content.decode() for url in places)
    assert find_pages("井绳", limit=5) == []


def test_who_consented_is_sealed_and_never_shown(consent: StoryConsent, desk: Client) -> None:
    story = make_story(consent)
    with connection.cursor() as cursor:
        cursor.execute("select given_by from content_storyconsent")
        stored = cursor.fetchone()[0]
    pages = [
        story.url,
        reverse("consents:index"),
        reverse("consents:edit", args=[consent.pk]),
        reverse("wagtailadmin_pages:edit", args=[story.pk]),
    ]

    answers = [desk.get(url) for url in pages]

    assert TELLER not in stored
    assert [answer.status_code for answer in answers] == [200] * 4
    assert not any(TELLER in answer.content.decode() for answer in answers)
    assert consent.code in answers[1].content.decode()


def _sent(consent: StoryConsent, **changes: str) -> dict[str, str]:
    return {
        "given_by": "",
        "scope": consent.scope,
        "paper": consent.paper,
        "given_on": str(consent.given_on),
        "expires_on": str(consent.expires_on),
        "withdrawn_on": "",
        **changes,
    }


def test_an_editor_withdraws_on_the_desk(consent: StoryConsent, desk: Client) -> None:
    story = make_story(consent)
    edit = reverse("consents:edit", args=[consent.pk])

    desk.post(edit, _sent(consent, withdrawn_on=str(TODAY)))

    consent.refresh_from_db()
    assert consent.withdrawn_on == TODAY
    assert consent.given_by == TELLER
    assert not fresh(story).live


def test_a_withdrawal_is_not_taken_back(desk: Client) -> None:
    consent = make_consent(withdrawn_on=TODAY)

    desk.post(reverse("consents:edit", args=[consent.pk]), _sent(consent, withdrawn_on=""))

    consent.refresh_from_db()
    assert consent.withdrawn_on == TODAY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": "2026-08-01"}, "expires_on"),
        ({"withdrawn_on": "2026-01-01"}, "withdrawn_on"),
        ({"withdrawn_on": "2027-01-01"}, "withdrawn_on"),
    ],
)
def test_days_out_of_order_are_refused_beside_the_field(
    changes: dict[str, str], field: str, consent: StoryConsent, desk: Client
) -> None:
    answer = desk.post(reverse("consents:edit", args=[consent.pk]), _sent(consent, **changes))

    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_a_new_consent_says_who_wrote_it_down(desk: Client, editor: User) -> None:
    sent = _sent(make_consent(), given_by="示例讲述人乙")

    desk.post(reverse("consents:add"), sent)

    newest = StoryConsent.objects.latest("pk")
    assert (newest.given_by, newest.recorded_by) == ("示例讲述人乙", editor)


def test_recording_needs_a_person_and_days_in_order() -> None:
    facts = {"scope": ConsentScope.WORDS, "paper": "1", "given_on": TODAY, "by": None}

    with pytest.raises(BadInput) as nobody:
        record_consent(given_by=" ", expires_on=TODAY + A_DAY, **facts)
    with pytest.raises(BadInput) as no_time:
        record_consent(given_by="某人", expires_on=TODAY, **facts)

    assert (nobody.value.field, no_time.value.field) == ("given_by", "expires_on")


@pytest.mark.parametrize(
    "facts", [{"expires_on": TODAY - 10 * A_DAY}, {"withdrawn_on": TODAY - 11 * A_DAY}]
)
def test_the_database_keeps_the_days_in_order(facts: dict[str, date]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(**facts)


def test_a_picture_of_people_needs_a_consent() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_picture(shows_people=True)


@pytest.mark.parametrize(
    ("shows_people", "facts", "shown"),
    [
        (False, None, True),
        (True, {}, True),
        (True, {"scope": ConsentScope.WORDS}, False),
        (True, {"expires_on": TODAY - A_DAY}, False),
        (True, {"withdrawn_on": TODAY}, False),
    ],
)
def test_people_are_shown_only_with_consent_to_pictures(
    shows_people: bool, facts: dict[str, object] | None, shown: bool, consent: StoryConsent
) -> None:
    own = None if facts is None else make_consent(**facts)
    picture = make_picture(shows_people=shows_people, consent=own)
    story = make_story(consent, body=picture_block(picture))

    page = Client().get(story.url).content.decode()

    assert ('alt="晒场"' in page) == shown
    assert ("晒到第二天" in page) == shown


def test_sizes_of_a_withdrawn_picture_are_erased(
    consent: StoryConsent, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    own = make_consent()
    picture = make_picture(shows_people=True, consent=own)
    Client().get(make_story(consent, body=picture_block(picture)).url)
    files = [size.file for size in picture.renditions.all()]
    assert files
    assert all(file.storage.exists(file.name) for file in files)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(consent=own, at=NOW, by=None)

    assert not picture.renditions.exists()
    assert not any(file.storage.exists(file.name) for file in files)


def test_an_editor_sees_why_a_story_cannot_be_published(desk: Client) -> None:
    story = make_story(None, live=False)
    edit = reverse("wagtailadmin_pages:edit", args=[story.pk])
    sent = {
        "title": "井台边的话",
        "slug": "tale",
        "told_by": "老陈",
        "lead": "",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }

    saved = desk.post(edit, sent)
    refused = desk.post(edit, {**sent, "action-publish": "1"})
    lapsed = make_consent(withdrawn_on=TODAY)
    again = desk.post(edit, {**sent, "consent": str(lapsed.pk), "action-publish": "1"})

    assert saved.status_code == 302
    assert "consent" in refused.context["form"].errors
    assert "consent" in again.context["form"].errors
    assert not VillageStoryPage.objects.live().exists()
