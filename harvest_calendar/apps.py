from django.apps import AppConfig


class HarvestCalendarConfig(AppConfig):
    name = "harvest_calendar"
    verbose_name = "采收日历"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import ticks
        from harvest_calendar.jobs import date_and_estimate

        ticks.register("calendar.daily", every_minutes=24 * 60, run=date_and_estimate, order=10)
