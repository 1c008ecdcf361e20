"""What the calendar does."""

from harvest_calendar.services.claims import claim_supply, release_claim
from harvest_calendar.services.seasons import date_seasons, revise_season
from harvest_calendar.services.supply import estimate_supply, report_yield

__all__ = [
    "claim_supply",
    "date_seasons",
    "estimate_supply",
    "release_claim",
    "report_yield",
    "revise_season",
]
