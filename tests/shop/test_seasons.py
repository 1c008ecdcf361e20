"""Season states follow the calendar, with history."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import start_of
from harvest_calendar.models import SeasonDate, SeasonRevision
from harvest_calendar.services import revise_season
from harvest_calendar.signals import season_revised
from shop.models import Campaign, Listing, SeasonState, SeasonStateChange
from shop.season_rules import Days, season_state
from shop.services.seasons import refresh_season_states
from tests.factories.harvest_calendar import SeasonDateFactory
from tests.factories.presale import NOON, CampaignFactory, make_ripening_listing

SEASON = Days(
    start_on=date(2026, 9, 7), ready_on=date(2026, 9, 20), last_ready_on=date(2026, 10, 10)
)


@pytest.mark.parametrize(
    ("on", "live", "state"),
    [
        (date(2026, 7, 23), False, SeasonState.DORMANT),
        (date(2026, 7, 24), False, SeasonState.TEASER),  # 45 days before picking starts
        (date(2026, 7, 1), True, SeasonState.PRESALE),
        (date(2026, 8, 28), True, SeasonState.PRESALE),
        (date(2026, 9, 19), False, SeasonState.TEASER),  # picked, not ready
        (date(2026, 9, 20), False, SeasonState.IN_SEASON),
        (date(2026, 9, 20), True, SeasonState.IN_SEASON),
        (date(2026, 9, 26), False, SeasonState.IN_SEASON),
        (date(2026, 9, 27), False, SeasonState.LAST_WEEKS),  # less than 14 days left
        (date(2026, 10, 10), False, SeasonState.LAST_WEEKS),
        (date(2026, 10, 11), False, SeasonState.DORMANT),
    ],
)
def test_state_follows_from_dates_campaign_and_day(
    on: date, live: bool, state: SeasonState
) -> None:
    assert season_state(season=SEASON, has_live_campaign=live, on=on) == state


def test_without_a_season_a_listing_rests() -> None:
    day = date(2026, 9, 1)

    assert season_state(season=None, has_live_campaign=False, on=day) == SeasonState.DORMANT
    assert season_state(season=None, has_live_campaign=True, on=day) == SeasonState.PRESALE


def refresh(day: date) -> int:
    return refresh_season_states(on=day, at=start_of(day))


@pytest.mark.django_db
def test_tick_moves_listings_and_writes_history_only_on_change() -> None:
    listing = make_ripening_listing()
    day = date(2026, 8, 1)

    for step in range(80):
        refresh(day + timedelta(days=step))

    changes = SeasonStateChange.objects.order_by("on").values_list("on", "old", "new")
    assert list(changes) == [
        (date(2026, 8, 1), "in_season", "teaser"),  # the factory's state is not the calendar's
        (date(2026, 9, 20), "teaser", "in_season"),
        (date(2026, 9, 27), "in_season", "last_weeks"),
        (date(2026, 10, 11), "last_weeks", "dormant"),
    ]
    listing.refresh_from_db()
    assert listing.season_state == SeasonState.DORMANT
    assert listing.season_start_on == date(2026, 9, 7)


@pytest.mark.django_db
def test_second_run_of_a_day_changes_nothing() -> None:
    make_ripening_listing()

    assert refresh(date(2026, 9, 20)) == 1
    assert refresh(date(2026, 9, 20)) == 0


@pytest.mark.django_db
def test_withdrawn_listings_are_left_alone() -> None:
    listing = make_ripening_listing()
    Listing.objects.filter(pk=listing.pk).update(state="withdrawn")

    assert refresh(date(2026, 9, 20)) == 0


def revise(season: SeasonDate, days: int) -> None:
    """Move a season as the calendar does it."""
    old = {f"old_{name}": getattr(season, name) for name in ("start_on", "peak_on", "end_on")}
    for name in ("start_on", "peak_on", "end_on", "ready_on", "last_ready_on"):
        setattr(season, name, getattr(season, name) + timedelta(days=days))
    season.save()
    new = {f"new_{name}": getattr(season, name) for name in ("start_on", "peak_on", "end_on")}
    revision = SeasonRevision.objects.create(
        season=season, at=NOON, reason="春天冷", by=None, **old, **new
    )
    season_revised.send(sender=SeasonDate, season=season, revision=revision)


@pytest.mark.django_db
def test_when_a_window_moves_its_listings_move() -> None:
    listing = make_ripening_listing()
    refresh(date(2026, 8, 28))
    elsewhere = make_ripening_listing()
    Listing.objects.filter(pk=elsewhere.pk).update(season_state=SeasonState.LAST_WEEKS)

    revise(SeasonDate.objects.get(crop=listing.form.crop), days=60)

    listing.refresh_from_db()
    elsewhere.refresh_from_db()
    assert listing.season_start_on == date(2026, 11, 6)
    assert listing.season_state == SeasonState.DORMANT
    assert elsewhere.season_state == SeasonState.LAST_WEEKS


@pytest.mark.django_db
def test_when_a_window_moves_running_campaigns_promise_the_new_one() -> None:
    listing = make_ripening_listing()
    running = CampaignFactory(listing=listing)
    ended = CampaignFactory(listing=listing, state="succeeded", closed_at=NOON)

    revise(SeasonDate.objects.get(crop=listing.form.crop), days=5)

    running.refresh_from_db()
    ended.refresh_from_db()
    assert (running.promised_from_on, running.promised_to_on) == (
        date(2026, 9, 25),
        date(2026, 10, 15),
    )
    assert ended.promised_from_on == date(2026, 9, 20)
    assert Campaign.history.filter(code=running.code).count() == 2


@pytest.mark.django_db
def test_promise_follows_its_own_season_even_when_that_has_begun() -> None:
    listing = make_ripening_listing()
    season = SeasonDate.objects.get(crop=listing.form.crop)
    SeasonDateFactory(
        window=season.window,
        region=season.region,
        start_on=date(2027, 9, 7),
        peak_on=date(2027, 9, 17),
        end_on=date(2027, 9, 27),
        ready_on=date(2027, 9, 20),
        last_ready_on=date(2027, 10, 10),
    )
    running = CampaignFactory(listing=listing)

    revise(season, days=-30)

    running.refresh_from_db()
    assert running.promised_from_on == date(2026, 8, 21)


@pytest.mark.django_db
def test_calendar_page_of_a_revision_reaches_the_shop() -> None:
    listing = make_ripening_listing()
    refresh(date(2026, 8, 28))

    revise_season(
        season=SeasonDate.objects.get(crop=listing.form.crop),
        start_on=date(2026, 8, 18),
        peak_on=date(2026, 8, 28),
        end_on=date(2026, 9, 7),
        reason="今年热",
        by=None,
        at=NOON,
    )

    listing.refresh_from_db()
    assert listing.season_start_on == date(2026, 8, 18)


@pytest.mark.django_db
def test_refresh_asks_no_more_for_more_listings() -> None:
    make_ripening_listing()
    with CaptureQueriesContext(connection) as one:
        refresh(date(2026, 8, 28))
    make_ripening_listing()
    make_ripening_listing()
    Listing.objects.update(season_state=SeasonState.IN_SEASON)

    with CaptureQueriesContext(connection) as three:
        refresh(date(2026, 8, 28))

    assert len(three) == len(one)
