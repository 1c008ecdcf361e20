"""Which season state a listing is in: from the season's dates, a live campaign and the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from shop.models.listing import SeasonState

TEASER_DAYS = 45
LAST_DAYS = 14


class SeasonDays(Protocol):
    """The days of a season that decide: picking starts, and first and last day of sale."""

    @property
    def start_on(self) -> date: ...
    @property
    def ready_on(self) -> date: ...
    @property
    def last_ready_on(self) -> date: ...


@dataclass(frozen=True)
class Days:
    """A season's deciding days, written down."""

    start_on: date
    ready_on: date
    last_ready_on: date


def season_state(*, season: SeasonDays | None, has_live_campaign: bool, on: date) -> SeasonState:
    """The state on a day; between ``ready_on`` and ``last_ready_on`` the product is sold.

    >>> days = Days(date(2026, 7, 5), date(2026, 7, 7), date(2026, 8, 16))
    >>> season_state(season=days, has_live_campaign=False, on=date(2026, 8, 5)).value
    'last_weeks'
    """
    if season is not None and season.ready_on <= on <= season.last_ready_on:
        left = season.last_ready_on - on
        return SeasonState.LAST_WEEKS if left < timedelta(days=LAST_DAYS) else SeasonState.IN_SEASON
    if has_live_campaign:
        return SeasonState.PRESALE
    if season is not None and season.start_on - timedelta(days=TEASER_DAYS) <= on < season.ready_on:
        return SeasonState.TEASER
    return SeasonState.DORMANT
