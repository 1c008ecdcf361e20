"""Crops, windows, seasons, plantings and supply for tests; nothing is random."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from harvest_calendar.models import (
    Crop,
    Grade,
    HarvestWindow,
    Planting,
    ProductForm,
    SeasonDate,
    StationIntake,
    SupplyClaim,
    SupplyEstimate,
    Variety,
)
from tests.factories.growers import LandPlotFactory, StationFactory, make_county, make_township

NOW = datetime(2026, 8, 28, 2, 0, tzinfo=UTC)


class CropFactory(DjangoModelFactory):
    """A fresh spice that may be sold as food, 100 to 200 kg a mu."""

    class Meta:
        model = Crop
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"crop_{n}")
    name_zh = factory.Sequence(lambda n: f"山货{n}")
    name_en = factory.LazyAttribute(lambda crop: crop.key)
    pinyin = factory.LazyAttribute(lambda crop: crop.key)
    category = "spice"
    form = "fresh"
    sale_class = "food"
    unit = "kg"
    perishable = False
    fragile = False
    needs_cold_chain = False
    yield_min_kg_mu = Decimal(100)
    yield_max_kg_mu = Decimal(200)
    confidence = "estimate"
    price_confidence = "estimate"
    attribute_confidence = "estimate"


class ProductFormFactory(DjangoModelFactory):
    """A form sold as the raw crop itself, kilogram for kilogram."""

    class Meta:
        model = ProductForm
        django_get_or_create = ("key",)

    crop = factory.SubFactory(CropFactory)
    raw_crop = factory.SelfAttribute("crop")
    key = factory.LazyAttribute(lambda form: form.crop.key)
    name_zh = factory.LazyAttribute(lambda form: form.crop.name_zh)
    name_en = factory.LazyAttribute(lambda form: form.crop.name_en)
    confidence = "estimate"


class GradeFactory(DjangoModelFactory):
    class Meta:
        model = Grade
        django_get_or_create = ("crop", "name_zh")

    crop = factory.SubFactory(CropFactory)
    name_zh = "一级"
    rank = 1


class VarietyFactory(DjangoModelFactory):
    class Meta:
        model = Variety
        django_get_or_create = ("crop", "name_zh")

    crop = factory.SubFactory(CropFactory)
    name_zh = "大红袍"


class HarvestWindowFactory(DjangoModelFactory):
    """5 July to 10 August, peak on 20 July, on slopes of 1200 to 1600 m."""

    class Meta:
        model = HarvestWindow

    crop = factory.SubFactory(CropFactory)
    county = factory.LazyFunction(make_county)
    start_md = "07-05"
    peak_md = "07-20"
    end_md = "08-10"
    altitude_min_m = 1200
    altitude_max_m = 1600
    lag_min_days = 2
    lag_max_days = 6
    confidence = "medium"


class SeasonDateFactory(DjangoModelFactory):
    """The window of 2026 in its county."""

    class Meta:
        model = SeasonDate

    window = factory.SubFactory(HarvestWindowFactory)
    crop = factory.SelfAttribute("window.crop")
    region = factory.SelfAttribute("window.county")
    start_on = date(2026, 7, 5)
    peak_on = date(2026, 7, 20)
    end_on = date(2026, 8, 10)
    year = factory.LazyAttribute(lambda season: season.start_on.year)
    ready_on = factory.SelfAttribute("start_on")
    last_ready_on = factory.SelfAttribute("end_on")


class PlantingFactory(DjangoModelFactory):
    """Two mu planted in 2010."""

    class Meta:
        model = Planting

    code = factory.Sequence(lambda n: f"PG-{n:08d}")
    plot = factory.SubFactory(LandPlotFactory)
    crop = factory.SubFactory(CropFactory)
    area_mu = Decimal(2)
    planted_year = 2010
    valid_from = date(2010, 3, 1)


class SupplyEstimateFactory(DjangoModelFactory):
    """80 to 120 kg in the week of 20 July 2026."""

    class Meta:
        model = SupplyEstimate

    crop = factory.SubFactory(CropFactory)
    township = factory.LazyFunction(make_township)
    monday = date(2026, 7, 20)
    year = factory.LazyAttribute(lambda estimate: estimate.monday.year)
    p10_g = 80_000
    p50_g = 100_000
    p90_g = 120_000
    estimated_at = NOW


class SupplyClaimFactory(DjangoModelFactory):
    class Meta:
        model = SupplyClaim

    code = factory.Sequence(lambda n: f"campaign:LC-{n}")
    crop = factory.SubFactory(CropFactory)
    county = factory.LazyFunction(make_county)
    first_on = date(2026, 7, 5)
    last_on = date(2026, 8, 10)
    weight_g = 10_000
    claimed_at = NOW


class StationIntakeFactory(DjangoModelFactory):
    """A station that takes 500 kg in the week of 20 July 2026."""

    class Meta:
        model = StationIntake

    station = factory.SubFactory(StationFactory)
    form = factory.SubFactory(ProductFormFactory)
    monday = date(2026, 7, 20)
    capacity_g = 500_000
    declared_on = date(2026, 6, 1)
