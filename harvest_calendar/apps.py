from django.apps import AppConfig


class HarvestCalendarConfig(AppConfig):
    name = "harvest_calendar"
    verbose_name = "采收日历"
    default_auto_field = "django.db.models.BigAutoField"
