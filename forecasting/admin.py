"""Forecast runs for looking and searching; nothing is edited here."""

from django.contrib import admin
from django.http import HttpRequest

from forecasting.models import ForecastRun


@admin.register(ForecastRun)
class ForecastRunAdmin(admin.ModelAdmin[ForecastRun]):
    """Runs by area and day."""

    list_display = ("code", "area", "state", "as_of", "finished_campaigns", "seconds")
    list_filter = ("state", "area")
    list_select_related = ("area",)
    search_fields = ("code", "inputs_hash")
    date_hierarchy = "as_of"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ForecastRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ForecastRun | None = None) -> bool:
        return False
