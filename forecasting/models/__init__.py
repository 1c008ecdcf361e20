"""Runs of the forecast and what each of them said; old runs stay."""

from forecasting.models.point import ALL_GRADES, ForecastPoint, ForecastTotal
from forecasting.models.run import CampaignForecast, ForecastRun, RunState

__all__ = [
    "ALL_GRADES",
    "CampaignForecast",
    "ForecastPoint",
    "ForecastRun",
    "ForecastTotal",
    "RunState",
]
