"""What the calendar does by itself."""

from datetime import datetime

from core.clock import day_of
from harvest_calendar.services import date_seasons, estimate_supply


def date_and_estimate(at: datetime) -> None:
    """Date this year's and next year's seasons and estimate their supply; repeating is harmless."""
    year = day_of(at).year
    for season_year in (year, year + 1):
        date_seasons(year=season_year, at=at)
        estimate_supply(year=season_year, at=at)
