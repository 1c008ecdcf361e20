from django.apps import AppConfig


class GrowersConfig(AppConfig):
    name = "growers"
    verbose_name = "种植户"
    default_auto_field = "django.db.models.BigAutoField"
