from django.apps import AppConfig


class ForecastingConfig(AppConfig):
    name = "forecasting"
    verbose_name = "需求预测"
    default_auto_field = "django.db.models.BigAutoField"
