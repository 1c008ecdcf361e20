"""What ripens where and when, how much of it, and what is already promised."""

from harvest_calendar.models.catalogue import (
    Confidence,
    Crop,
    CropCategory,
    Grade,
    Habit,
    ProductForm,
    SaleClass,
    Variety,
)
from harvest_calendar.models.facts import Festival, SolarTerm, Source
from harvest_calendar.models.notes import CropUse, GeoMark, GeoMarkKind, GradeNote
from harvest_calendar.models.season import HarvestWindow, SeasonDate, SeasonRevision
from harvest_calendar.models.supply import (
    Planting,
    StationIntake,
    SupplyClaim,
    SupplyEstimate,
    YieldReport,
)

__all__ = [
    "Confidence",
    "Crop",
    "CropCategory",
    "CropUse",
    "Festival",
    "GeoMark",
    "GeoMarkKind",
    "Grade",
    "GradeNote",
    "Habit",
    "HarvestWindow",
    "Planting",
    "ProductForm",
    "SaleClass",
    "SeasonDate",
    "SeasonRevision",
    "SolarTerm",
    "Source",
    "StationIntake",
    "SupplyClaim",
    "SupplyEstimate",
    "Variety",
    "YieldReport",
]
