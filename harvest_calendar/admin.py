"""For looking and for mending facts; windows, crops and forms keep who changed what."""

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from harvest_calendar.models import (
    Crop,
    CropUse,
    GeoMark,
    Grade,
    GradeNote,
    HarvestWindow,
    Planting,
    ProductForm,
    SeasonDate,
    SeasonRevision,
    Source,
    StationIntake,
    SupplyClaim,
    SupplyEstimate,
    Variety,
    YieldReport,
)


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # one class for many models
    """Rows that services write: to look at, never to change here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class GradeLines(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Grade
    extra = 0


class VarietyLines(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Variety
    extra = 0


@admin.register(Crop)
class CropAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package has no types
    list_display = ["name_zh", "key", "category", "sale_class", "confidence"]
    list_filter = ["category", "sale_class", "confidence"]
    search_fields = ["name_zh", "key", "pinyin"]
    inlines = [GradeLines, VarietyLines]


@admin.register(ProductForm)
class ProductFormAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package has no types
    list_display = ["name_zh", "key", "raw_crop", "raw_kg_low", "raw_kg_mid", "raw_kg_high"]
    list_select_related = ["raw_crop"]
    list_filter = ["confidence"]
    search_fields = ["name_zh", "key"]
    autocomplete_fields = ["crop", "raw_crop"]


@admin.register(HarvestWindow)
class HarvestWindowAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package has no types
    list_display = ["crop", "county", "name_zh", "start_md", "peak_md", "end_md", "confidence"]
    list_select_related = ["crop", "county"]
    list_filter = ["confidence", ("county", admin.RelatedOnlyFieldListFilter), "crop__category"]
    search_fields = ["crop__name_zh", "crop__key", "name_zh"]
    autocomplete_fields = ["crop"]
    raw_id_fields = ["county"]
    readonly_fields = ["key"]


@admin.register(SeasonDate)
class SeasonDateAdmin(LookOnly):
    list_display = ["crop", "region", "year", "start_on", "peak_on", "end_on", "is_estimate"]
    list_select_related = ["crop", "region"]
    list_filter = ["year", "is_estimate"]
    search_fields = ["code", "crop__name_zh", "crop__key", "region__name_zh"]


@admin.register(SeasonRevision)
class SeasonRevisionAdmin(LookOnly):
    list_display = ["season", "by", "at", "reason"]
    list_select_related = ["season", "by"]
    search_fields = ["season__code", "reason"]


@admin.register(Planting)
class PlantingAdmin(LookOnly):
    list_display = ["code", "crop", "plot", "area_mu", "trees", "planted_year"]
    list_select_related = ["crop", "plot"]
    search_fields = ["code", "plot__code", "crop__name_zh"]


@admin.register(SupplyEstimate)
class SupplyEstimateAdmin(LookOnly):
    list_display = ["crop", "township", "monday", "p10_g", "p50_g", "p90_g"]
    list_select_related = ["crop", "township"]
    list_filter = ["year"]
    search_fields = ["crop__name_zh", "crop__key", "township__name_zh"]


@admin.register(SupplyClaim)
class SupplyClaimAdmin(LookOnly):
    list_display = ["code", "crop", "county", "first_on", "last_on", "weight_g", "released_at"]
    list_select_related = ["crop", "county"]
    search_fields = ["code", "crop__name_zh"]


@admin.register(YieldReport)
class YieldReportAdmin(LookOnly):
    list_display = ["planting", "year", "weight_g", "reported_at"]
    list_select_related = ["planting"]
    search_fields = ["planting__code"]


@admin.register(StationIntake)
class StationIntakeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ["station", "form", "monday", "capacity_g", "declared_on"]
    list_select_related = ["station", "form"]
    search_fields = ["station__name_zh", "form__name_zh"]
    raw_id_fields = ["station"]
    autocomplete_fields = ["form"]


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ["key", "title_zh", "published_zh", "reliability"]
    search_fields = ["key", "title_zh", "title_en"]


@admin.register(CropUse)
class CropUseAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # the package has no types
    list_display = ["crop", "text_zh", "caution_zh"]
    list_select_related = ["crop"]
    search_fields = ["crop__name_zh", "crop__key", "text_zh"]
    autocomplete_fields = ["crop"]


@admin.register(GradeNote)
class GradeNoteAdmin(LookOnly):
    list_display = ["grade", "text_zh", "standard"]
    list_select_related = ["grade"]
    search_fields = ["grade__crop__name_zh", "text_zh", "standard"]


@admin.register(GeoMark)
class GeoMarkAdmin(LookOnly):
    list_display = ["name_zh", "kind", "crop", "county"]
    list_select_related = ["crop", "county"]
    search_fields = ["name_zh", "crop__name_zh"]
