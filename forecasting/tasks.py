"""Jobs of forecasting: one area when asked, all areas at night."""

from datetime import date, datetime

from django_tasks import task

from core import clock
from core.jobs import COMPUTING
from forecasting.services import make_forecast, refresh_forecasts


@task(priority=COMPUTING)
def compute_forecast(code: str) -> None:
    """Compute a queued forecast; one that has begun or ended is left alone."""
    make_forecast(code=code)


@task(priority=COMPUTING)
def forecast_changed_areas(day: str) -> None:
    """Forecast the areas where something changed; a wake-up of an earlier day is left to a later.

    Told twice, the second finds nothing to do.
    """
    if date.fromisoformat(day) >= clock.today():
        refresh_forecasts(at=clock.now())


def nightly(at: datetime) -> None:
    """The tick's wake-up call: the work itself is a job's."""
    forecast_changed_areas.enqueue(clock.day_of(at).isoformat())
