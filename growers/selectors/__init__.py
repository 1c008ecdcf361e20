"""Reading who grows, who is bound to whom, and who may see what."""

from growers.selectors.bindings import bound_households, bound_shop_at
from growers.selectors.people import (
    Look,
    areas_for,
    cooperatives_for,
    household_for,
    households_for,
    looks_at,
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
from growers.selectors.register import (
    RegisterRow,
    bindings_of,
    register_rows,
    status_history,
    watched_households,
    watched_townships,
)

__all__ = [
    "Look",
    "RegisterRow",
    "areas_for",
    "bindings_of",
    "bound_households",
    "bound_shop_at",
    "cooperatives_for",
    "household_for",
    "households_for",
    "looks_at",
    "member_counts",
    "memberships_of",
    "needs_fen_at",
    "plots_for",
    "poverty_line_at",
    "register_rows",
    "roles_of",
    "schemes_at",
    "shops_for",
    "stations_for",
    "status_history",
    "statuses_at",
    "tiers_at",
    "watched_households",
    "watched_townships",
]
