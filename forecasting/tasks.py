"""Jobs of forecasting: one area when asked, all areas at night."""

from datetime import datetime

from django_tasks import task

from core import clock
from forecasting.services import make_forecast, refresh_forecasts


@task()
def compute_forecast(code: str) -> None:
    """Compute a queued forecast; one that has begun or ended is left alone."""
    make_forecast(code=code)


@task()
def forecast_changed_areas() -> None:
    """Forecast the areas where something changed; told twice, the second finds nothing to do."""
    refresh_forecasts(at=clock.now())


def nightly(_at: datetime) -> None:
    """The tick's wake-up call: the work itself is a job's."""
    forecast_changed_areas.enqueue()
