"""What the calendar knows, for reading."""

from harvest_calendar.selectors.seasons import (
    Season,
    picking_span,
    season_dates,
    season_of,
    seasons_of,
    stretches,
)
from harvest_calendar.selectors.supply import (
    SupplyQuantiles,
    WeekSupply,
    open_claims,
    supply_between,
    supply_by_week,
    supply_left_g,
)

__all__ = [
    "Season",
    "SupplyQuantiles",
    "WeekSupply",
    "open_claims",
    "picking_span",
    "season_dates",
    "season_of",
    "seasons_of",
    "stretches",
    "supply_between",
    "supply_by_week",
    "supply_left_g",
]
