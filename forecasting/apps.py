from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "forecasting"
    verbose_name = "需求预测"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Forecast once a day, after the shop has closed what was due."""
        from core import ticks
        from forecasting.tasks import nightly

        ticks.register("forecasting.nightly", every_minutes=24 * 60, run=nightly, order=80)
