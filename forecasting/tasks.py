"""Jobs of forecasting: one area when asked, all areas at night."""

from datetime import datetime

from django_tasks import task

from forecasting.services import make_forecast, refresh_forecasts


@task()
def compute_forecast(code: str) -> None:
    """Compute a queued forecast; one that has begun or ended is left alone."""
    make_forecast(code=code)


def nightly(at: datetime) -> None:
    """The tick's wake-up call: forecast the areas where something changed."""
    refresh_forecasts(at=at)
