from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    name = "logistics"
    verbose_name = "物流"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import ticks
        from logistics.services.stock import refresh_all

        ticks.register("logistics.stock", every_minutes=24 * 60, run=refresh_all, order=60)
