"""The feed says what the rows say, moves with them, and tells nothing else."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from icalendar import Calendar

from core import clock
from harvest_calendar.models import SeasonDate
from harvest_calendar.services import revise_season
from tests.factories.growers import UserFactory, make_county, make_township
from tests.factories.harvest_calendar import CropFactory, SeasonDateFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sixth_of_july(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def fetch(client, **query):
    return client.get(reverse("harvest_calendar:feed"), query)


def events(response):
    return {str(event["uid"]): event for event in Calendar.from_ical(response.content).events}


def uid(season):
    return f"{season.code}@calendar.shanhuo"


def test_every_county_window_is_an_event_with_the_days_of_its_row(client):
    seasons = [SeasonDateFactory() for _ in range(3)]

    found = events(fetch(client))

    assert {
        name: (event.decoded("dtstart"), event.decoded("dtend")) for name, event in found.items()
    } == {uid(s): (s.start_on, s.end_on + timedelta(days=1)) for s in seasons}
    assert all(event["dtstart"].params["VALUE"] == "DATE" for event in found.values())


def test_next_year_is_told_and_what_is_long_over_is_not(client):
    def season(year):
        days = [date(year, 7, 5), date(year, 7, 20), date(year, 8, 10)]
        return SeasonDateFactory(start_on=days[0], peak_on=days[1], end_on=days[2])

    _old, next_year, _far = season(2025), season(2027), season(2028)
    winter = SeasonDateFactory(
        start_on=date(2025, 11, 1), peak_on=date(2025, 12, 1), end_on=date(2026, 1, 20)
    )

    assert set(events(fetch(client))) == {uid(next_year), uid(winter)}


def test_what_there_is_all_year_and_what_townships_pick_stay_out(client):
    county = SeasonDateFactory()
    SeasonDateFactory(
        start_on=date(2026, 1, 1), peak_on=date(2026, 4, 15), end_on=date(2026, 12, 31)
    )
    SeasonDateFactory(window=county.window, region=make_township(), start_on=date(2026, 7, 9))

    assert set(events(fetch(client))) == {uid(county)}


def test_revision_keeps_the_name_and_raises_the_sequence(client):
    season = SeasonDateFactory()
    before = events(fetch(client))[uid(season)]

    revise_season(
        season=season,
        by=UserFactory(),
        start_on=date(2026, 7, 10),
        peak_on=date(2026, 7, 25),
        end_on=date(2026, 8, 15),
        reason="雨多晒不干",
        at=NOW,
    )
    after = events(fetch(client))[uid(season)]

    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") == date(2026, 7, 10)
    assert after.decoded("last-modified") == NOW
    assert "雨多晒不干" in after["description"]


@pytest.mark.parametrize("asked", ["county", "crop", "category"])
def test_feed_of_a_county_crop_or_category_holds_only_its_own(client, asked):
    kang = make_county("康县")
    crop = CropFactory(name_zh="茶", category="tea")
    wanted = SeasonDateFactory(window__crop=crop, window__county=kang)
    SeasonDateFactory(window__crop__category="fruit")
    words = {"county": kang.code[:6], "crop": crop.key, "category": "tea"}

    response = fetch(client, **{asked: words[asked]})

    assert set(events(response)) == {uid(wanted)}


@pytest.mark.parametrize(
    "query", [{"county": "999999"}, {"crop": "nothing"}, {"category": "toys"}, {"crop": "\x00"}]
)
def test_feed_of_something_unknown_is_not_there(client, query):
    assert fetch(client, **query).status_code == 404


def test_feed_is_a_calendar_that_may_be_kept_and_is_sent_once(client):
    SeasonDateFactory()

    first = fetch(client)
    again = client.get(reverse("harvest_calendar:feed"), headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "max-age=" in first["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")


def test_feed_of_english_pages_is_english(client):
    SeasonDateFactory(window__crop__name_zh="桃", window__crop__name_en="Peach")

    chinese = client.get("/calendar/feed.ics").content.decode()
    english = client.get("/en/calendar/feed.ics").content.decode()

    assert "桃" in chinese
    assert "Peach" in english
    assert "桃" not in english


def test_events_lead_to_the_crop_and_name_nobody(client):
    season = SeasonDateFactory()
    by = UserFactory(first_name="王小花")
    revise_season(
        season=season,
        by=by,
        start_on=season.start_on,
        peak_on=season.peak_on,
        end_on=date(2026, 8, 12),
        reason="晴得久",
        at=NOW,
    )

    text = fetch(client).content.decode()
    event = events(fetch(client))[uid(season)]

    assert urlsplit(str(event["url"])).path == f"/calendar/{season.crop.key}/"
    assert "王小花" not in text
    assert by.get_username() not in text


def test_feed_asks_the_same_few_questions_for_one_and_for_many(client, django_assert_num_queries):
    SeasonDateFactory()
    with django_assert_num_queries(1):
        fetch(client)

    for _ in range(4):
        SeasonDateFactory()
    with django_assert_num_queries(1):
        fetch(client)
    assert SeasonDate.objects.count() == 5


def test_calendar_and_crop_pages_offer_their_feed(client):
    season = SeasonDateFactory(window__county=make_county("康县"))

    year = client.get("/calendar/", {"county": "621224"}).content.decode()
    crop = client.get(f"/calendar/{season.crop.key}/").content.decode()

    assert 'href="webcal://testserver/calendar/feed.ics?county=621224"' in year
    assert f'href="/calendar/feed.ics?crop={season.crop.key}"' in crop
