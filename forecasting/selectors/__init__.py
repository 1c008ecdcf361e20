"""Reading forecasts."""

from forecasting.selectors.page import demand_page
from forecasting.selectors.runs import (
    campaigns_of,
    demand_areas_for,
    latest_run,
    past_runs,
    planned_areas_for,
    points_of,
    run_under_way,
    totals_of,
)
from forecasting.selectors.skill import skill_of

__all__ = [
    "campaigns_of",
    "demand_areas_for",
    "demand_page",
    "latest_run",
    "past_runs",
    "planned_areas_for",
    "points_of",
    "run_under_way",
    "skill_of",
    "totals_of",
]
