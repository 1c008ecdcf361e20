"""For looking and searching; plans and contracts move by services, and no volume is typed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from contracts.models import Contract, Plan, PriceTerm


class LookOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one class for several models
    """Rows can be searched and opened, never added, changed or deleted."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Plan)
class PlanAdmin(LookOnlyAdmin):
    list_display = ("code", "area", "state", "created_at", "proposed_by", "approved_by")
    list_filter = ("state",)
    list_select_related = ("area", "proposed_by", "approved_by")
    search_fields = ("code",)


@admin.register(Contract)
class ContractAdmin(LookOnlyAdmin):
    list_display = ("code", "household", "form", "grade", "state", "offered_at")
    list_filter = ("state",)
    list_select_related = ("household", "form")
    search_fields = ("code", "household__code")


@admin.register(PriceTerm)
class PriceTermAdmin(LookOnlyAdmin):
    list_display = ("form", "grade", "price_per_kg", "floor_per_kg", "valid_from")
    list_select_related = ("form",)
    search_fields = ("form__name_zh", "grade")
