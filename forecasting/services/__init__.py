"""Making forecasts. Old runs stay; the newest finished one of an area is the one that counts."""

from forecasting.services.making import (
    make_forecast,
    queue_forecast,
    refresh_forecasts,
    run_forecast,
)

__all__ = ["make_forecast", "queue_forecast", "refresh_forecasts", "run_forecast"]
