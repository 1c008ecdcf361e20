"""For looking and searching; facts are changed by services.

Identity, members and status of a household are not here: they are read on the register's pages,
where every look is logged.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from growers.models import (
    AccessEvent,
    Binding,
    Cooperative,
    Household,
    Hub,
    LandPlot,
    Membership,
    PlanningArea,
    PovertyLine,
    Region,
    RegistryCode,
    Station,
    StationHub,
    TierRule,
    User,
    VillageShop,
)


class LookOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # one class for many models
    """Rows can be searched and opened, never added, changed or deleted."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # Django's class is not generic at run time
    list_display = ("username", "display_name", "mobile", "is_active", "is_staff")
    search_fields = ("username", "display_name", "mobile")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("这个人"), {"fields": ("display_name", "mobile", "email")}),
        (_("权限"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
    )


@admin.register(Region)
class RegionAdmin(LookOnlyAdmin):
    list_display = ("code", "name_zh", "level", "parent", "altitude_m")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "pinyin")


@admin.register(Household)
class HouseholdAdmin(LookOnlyAdmin):
    list_display = ("code", "village", "cooperative", "registered_on", "closed_on")
    list_select_related = ("village", "cooperative")
    search_fields = ("code", "village__name_zh", "village__code")


@admin.register(LandPlot)
class LandPlotAdmin(LookOnlyAdmin):
    list_display = ("code", "household", "village", "area_mu", "altitude_m")
    list_select_related = ("household", "village")
    search_fields = ("code", "household__code", "village__name_zh")


@admin.register(VillageShop)
class VillageShopAdmin(LookOnlyAdmin):
    list_display = ("code", "name_zh", "village", "station", "cooperative")
    list_select_related = ("village", "station", "cooperative")
    search_fields = ("code", "name_zh", "village__name_zh")


@admin.register(Station)
class StationAdmin(LookOnlyAdmin):
    list_display = ("code", "name_zh", "township", "phone")
    list_select_related = ("township",)
    search_fields = ("code", "name_zh", "township__name_zh")


@admin.register(StationHub)
class StationHubAdmin(LookOnlyAdmin):
    list_display = ("station", "hub", "cost_fen_per_kg")
    list_select_related = ("station", "hub")
    search_fields = ("station__name_zh", "hub__name_zh")


@admin.register(Cooperative, Hub)
class PlaceOfWorkAdmin(LookOnlyAdmin):
    list_display = ("code", "name_zh", "region")
    list_select_related = ("region",)
    search_fields = ("code", "name_zh", "region__name_zh")


@admin.register(PlanningArea)
class PlanningAreaAdmin(LookOnlyAdmin):
    list_display = ("code", "name_zh", "region", "lead")
    list_select_related = ("region", "lead")
    search_fields = ("code", "name_zh", "lead__name_zh")


@admin.register(Binding)
class BindingAdmin(LookOnlyAdmin):
    list_display = ("shop", "kind", "household", "village", "valid_from", "valid_to")
    list_filter = ("kind",)
    list_select_related = ("shop", "household", "village")
    search_fields = ("shop__name_zh", "household__code", "village__name_zh")


@admin.register(Membership)
class MembershipAdmin(LookOnlyAdmin):
    list_display = ("user", "role", "thing", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("user", "household", "shop", "station", "cooperative", "region")
    search_fields = ("user__username", "user__display_name", "user__mobile")


@admin.register(AccessEvent)
class AccessEventAdmin(LookOnlyAdmin):
    list_display = ("at", "user", "household", "what", "purpose")
    list_filter = ("what",)
    list_select_related = ("user", "household")
    search_fields = ("user__username", "user__display_name", "household__code")


@admin.register(TierRule)
class TierRuleAdmin(LookOnlyAdmin):
    list_display = ("scheme", "category", "tier", "valid_from", "valid_to", "source")
    list_filter = ("scheme",)


@admin.register(PovertyLine)
class PovertyLineAdmin(LookOnlyAdmin):
    list_display = ("year", "yuan_per_person", "source", "confidence", "note")


@admin.register(RegistryCode)
class RegistryCodeAdmin(LookOnlyAdmin):
    list_display = ("list_key", "key", "name_zh", "source", "confidence")
    list_filter = ("list_key",)
    search_fields = ("name_zh", "name_en", "key")
