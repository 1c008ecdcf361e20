"""Reading who grows, who is bound to whom, and who may see what."""

from growers.selectors.bindings import bound_households, bound_shop_at
from growers.selectors.people import (
    access_events_of,
    areas_for,
    cooperatives_for,
    household_for,
    households_for,
    memberships_of,
    plots_for,
    roles_of,
    shops_for,
    stations_for,
)
from growers.selectors.policy import (
    member_counts,
    needs_fen_at,
    poverty_line_at,
    schemes_at,
    statuses_at,
    tiers_at,
)

__all__ = [
    "access_events_of",
    "areas_for",
    "bound_households",
    "bound_shop_at",
    "cooperatives_for",
    "household_for",
    "households_for",
    "member_counts",
    "memberships_of",
    "needs_fen_at",
    "plots_for",
    "poverty_line_at",
    "roles_of",
    "schemes_at",
    "shops_for",
    "stations_for",
    "statuses_at",
    "tiers_at",
]
