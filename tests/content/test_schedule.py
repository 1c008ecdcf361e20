"""Pages go up and come down at the moment an editor set, by the site's clock."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from content.models import GuidePage, HomePage, StoryConsent
from content.services.schedule import publish_due, run_schedule
from core.models import TickSlot
from core.services import run_tick
from tests.content.conftest import NOW, TODAY, at
from tests.factories.content import fresh, make_notice, make_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

SOON = NOW + timedelta(hours=2)


def make_guide(**facts: object) -> GuidePage:
    home = HomePage.objects.get(locale__language_code="zh-hans")
    guide = GuidePage(locale=home.locale, title="秋收的路", slug="roads", **facts)
    return fresh(home.add_child(instance=guide))


def planned(page: GuidePage) -> GuidePage:
    """The page with a revision that is to be published soon."""
    page.save_revision(approved_go_live_at=SOON, clean=False)
    return page


def test_a_page_is_published_at_its_moment() -> None:
    guide = planned(make_guide(live=False))

    assert run_schedule(at=SOON - timedelta(minutes=1))["published"] == 0
    assert Client().get("/roads/").status_code == 404
    assert run_schedule(at=SOON)["published"] == 1

    assert fresh(guide).live
    assert Client().get("/roads/").status_code == 200


def test_publishing_twice_changes_nothing() -> None:
    planned(make_guide(live=False))
    publish_due(at=SOON)

    assert publish_due(at=SOON + timedelta(minutes=5)) == 0


def test_a_moment_ahead_of_the_systems_clock_counts_too() -> None:
    guide = make_guide(live=False, go_live_at=NOW + timedelta(days=4000))
    guide.save_revision(approved_go_live_at=guide.go_live_at)

    assert publish_due(at=NOW + timedelta(days=4001)) == 1

    assert fresh(guide).live


def test_a_page_comes_down_at_its_moment() -> None:
    guide = make_guide(expire_at=SOON)

    assert run_schedule(at=SOON - timedelta(minutes=1))["expired"] == 0
    assert run_schedule(at=SOON + timedelta(minutes=1))["expired"] == 1

    assert not fresh(guide).live
    assert fresh(guide).expired


def test_the_tick_does_it_every_five_minutes() -> None:
    guide = planned(make_guide(live=False))

    run_tick(at=SOON - timedelta(minutes=10))
    before = fresh(guide).live
    run_tick(at=SOON + timedelta(minutes=5))

    assert not before
    assert fresh(guide).live
    slots = TickSlot.objects.filter(name="content.schedule")
    assert [slot.error for slot in slots] == ["", ""]


def test_a_story_whose_consent_is_missing_stays_a_draft(consent: StoryConsent) -> None:
    story = planned(make_story(None, live=False))
    guide = planned(make_guide(live=False))

    assert publish_due(at=SOON) == 1

    assert not fresh(story).live
    assert fresh(guide).live
    assert publish_due(at=SOON + timedelta(minutes=5)) == 0  # asked once, not for ever


def test_a_notice_closes_itself_after_its_last_day() -> None:
    notice = make_notice()
    address = notice.url
    last = NOW + timedelta(days=10)
    at(last)
    shown = Client().get(address).status_code
    at(last + timedelta(days=1))

    closed = Client().get(address).status_code
    run_schedule(at=last + timedelta(days=1))

    assert (shown, closed, Client().get(address).status_code) == (200, 410, 404)


def test_the_newest_notice_stands_on_the_home_page_while_it_holds() -> None:
    notice = make_notice()
    assert notice.title in Client().get("/").content.decode()

    at(NOW + timedelta(days=11))

    assert notice.title not in Client().get("/").content.decode()


def test_an_editor_sets_both_moments(desk: Client) -> None:
    guide = make_guide(live=False)
    sent = {
        "title": "秋收的路",
        "slug": "roads",
        "lead": "",
        "body-count": "0",
        "go_live_at": "2099-01-01 08:00",
        "expire_at": "2099-02-01 08:00",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }

    desk.post(reverse("wagtailadmin_pages:edit", args=[guide.pk]), sent)

    revision = fresh(guide).latest_revision
    assert revision.approved_go_live_at.year == 2099
    assert not fresh(guide).live
    assert TODAY.year < 2099
