"""What the shop does by itself, and what it does when the calendar moves."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core import ticks
from core.clock import day_of
from harvest_calendar.models import SeasonDate, SeasonRevision
from harvest_calendar.signals import season_revised
from shop.services import collecting
from shop.services.calendar_delays import declare_calendar_delays
from shop.services.campaigns import close_due_campaigns, start_due_campaigns
from shop.services.choosing import remind_to_choose, settle_setbacks
from shop.services.holds import expire_holds
from shop.services.order_payments import release_overdue
from shop.services.proofs import take_off_unproven
from shop.services.search_rows import refresh_all
from shop.services.seasons import follow_season, refresh_season_states
from shop.services.voice_notices import ask_how_it_was, tell_backers
from shop.services.waiting import offer_free_packs

A_DAY = 24 * 60
AN_HOUR = 60
A_FEW_MINUTES = 5


def _seasons(at: datetime) -> object:
    return refresh_season_states(on=day_of(at), at=at)


def _proofs(at: datetime) -> object:
    return take_off_unproven(on=day_of(at), at=at)


def _search(at: datetime) -> None:
    refresh_all(on=day_of(at))


def _campaigns(at: datetime) -> object:
    return start_due_campaigns(at=at), close_due_campaigns(at=at)


def _collecting(at: datetime) -> None:
    expire_holds(at=at)
    collecting.go_on(at=at)
    offer_free_packs(at=at)
    collecting.remind(at=at)
    settle_setbacks(at=at)
    declare_calendar_delays(at=at)
    remind_to_choose(at=at)


def _updates(at: datetime) -> object:
    return tell_backers(at=at)


def _reviews(at: datetime) -> object:
    return ask_how_it_was(at=at)


def _unpaid_orders(at: datetime) -> object:
    return release_overdue(at=at)


def register() -> None:
    """Add the shop's jobs; seasons before campaigns, both after the calendar's own."""
    ticks.register("shop.seasons", every_minutes=A_DAY, run=_seasons, order=40)
    ticks.register("shop.proofs", every_minutes=AN_HOUR, run=_proofs, order=41)
    ticks.register("shop.search", every_minutes=A_DAY, run=_search, order=42)
    ticks.register("shop.campaigns", every_minutes=A_FEW_MINUTES, run=_campaigns, order=45)
    ticks.register("shop.collecting", every_minutes=A_FEW_MINUTES, run=_collecting, order=48)
    ticks.register("shop.unpaid", every_minutes=A_FEW_MINUTES, run=_unpaid_orders, order=46)
    ticks.register("shop.updates", every_minutes=A_FEW_MINUTES, run=_updates, order=46)
    ticks.register("shop.reviews", every_minutes=A_DAY, run=_reviews, order=47)


@receiver(season_revised, dispatch_uid="shop.follow_season")
def _follow(*, season: SeasonDate, revision: SeasonRevision, **_facts: Any) -> None:
    follow_season(season=season, on=day_of(revision.at), at=revision.at)
