"""Crops, the forms they are sold in, varieties and grades."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.words import LocalName, in_english


class Confidence(models.TextChoices):
    HIGH = "high", _("有据可查")
    MEDIUM = "medium", _("大致可靠")
    LOW = "low", _("估计")
    ESTIMATE = "estimate", _("估计")


class CropCategory(models.TextChoices):
    SPICE = "spice", _("香料")
    OIL_CROP = "oil_crop", _("油料")
    OIL = "oil", _("食用油")
    NUT = "nut", _("坚果")
    HONEY = "honey", _("蜂蜜")
    FRUIT = "fruit", _("水果")
    TEA = "tea", _("茶叶")
    HERB = "herb", _("药材")
    FUNGUS = "fungus", _("菌菇")
    VEGETABLE = "vegetable", _("蔬菜")
    WILD_VEGETABLE = "wild_vegetable", _("山野菜")
    DRIED_VEGETABLE = "dried_vegetable", _("干菜")
    PROCESSED = "processed", _("加工品")
    LIVESTOCK = "livestock", _("畜禽")
    GRAIN = "grain", _("杂粮")


class SaleClass(models.TextChoices):
    """What the law lets a crop be sold as (product.md E15)."""

    FOOD = "food", _("食品")
    FOOD_AND_MEDICINE = "food_and_medicine", _("药食同源")
    MEDICINAL_ONLY = "medicinal_only", _("仅作药材")


class Habit(models.TextChoices):
    """How a crop comes into bearing with the years (the curves are in engine/supply.py)."""

    TREE = "tree", _("乔木果树")
    SHRUB = "shrub", _("灌木")
    ROOT = "root", _("多年生根类")
    ANNUAL = "annual", _("当年收")
    KEPT = "kept", _("养殖")


class Crop(LocalName):
    """A crop of the catalogue; windows, prices and yields hang on it."""

    key = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    pinyin = models.CharField(max_length=80)
    latin = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=16, choices=CropCategory.choices)
    form = models.CharField(max_length=12)
    sale_class = models.CharField(max_length=20, choices=SaleClass.choices)
    unit = models.CharField(max_length=10)
    gi_status = models.CharField(max_length=60, blank=True)
    gi_note = models.CharField(max_length=300, blank=True)
    perishable = models.BooleanField()
    fragile = models.BooleanField()
    needs_cold_chain = models.BooleanField()
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    store_temp_min_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    store_temp_max_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    farm_gate_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    farm_gate_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    retail_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    retail_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    yield_min_kg_mu = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    yield_max_kg_mu = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    yield_confidence = models.CharField(
        max_length=10, choices=Confidence.choices, default=Confidence.ESTIMATE
    )
    habit = models.CharField(max_length=10, choices=Habit.choices, default=Habit.ANNUAL)
    trees_per_mu = models.PositiveSmallIntegerField(null=True, blank=True)
    # Share by which a heavy year lies above and a light one below the mean.
    year_swing = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal(0))
    heavy_in_odd_years = models.BooleanField(null=True, blank=True)
    pack_sizes_g = models.JSONField(default=list)
    source_ids = models.CharField(max_length=120, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    price_confidence = models.CharField(max_length=10, choices=Confidence.choices)
    attribute_confidence = models.CharField(max_length=10, choices=Confidence.choices)
    sale_class_source = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["category", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year_swing__gte=0, year_swing__lt=1),
                name="crop_year_swing_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name without what stands in brackets; a bare 干 or 鲜 goes in front.

        >>> Crop(name_zh="核桃（干）").short_name
        '干核桃'
        """
        if in_english():
            return _short_english(self.name)
        name, _bracket, rest = self.name_zh.partition("（")
        state = rest.rstrip("）")
        return state + name if state in {"干", "鲜"} else name


def _short_english(name: str) -> str:
    """The English name before its comma or bracket; whether it is fresh or dried stays.

    >>> _short_english("Sichuan pepper, Dahongpao (dried)"), _short_english("Olive (fresh fruit)")
    ('Sichuan pepper, dried', 'Olive, fresh')
    """
    bare, _bracket, rest = name.partition(" (")
    state = rest.rstrip(")").partition(" ")[0]
    short = bare.partition(",")[0]
    return f"{short}, {state}" if state in {"fresh", "dried", "dry"} else short


class ProductForm(LocalName):
    """A form a crop is sold and contracted in, and how much raw crop a kilogram takes."""

    key = models.SlugField(max_length=40, unique=True)
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="product_forms")
    raw_crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="raw_of")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    raw_kg_low = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    raw_kg_mid = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    raw_kg_high = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))
    source = models.CharField(max_length=120, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    history = HistoricalRecords()

    class Meta:
        ordering = ["crop", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(raw_kg_low__gt=0)
                & models.Q(raw_kg_low__lte=models.F("raw_kg_mid"))
                & models.Q(raw_kg_mid__lte=models.F("raw_kg_high")),
                name="form_conversion_is_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def raw_g(self, weight_g: int) -> int:
        """Raw grams behind a weight of this form, at the middle conversion."""
        return round(weight_g * self.raw_kg_mid)


class Variety(LocalName):
    """A variety or named origin of a crop."""

    crop = models.ForeignKey(Crop, on_delete=models.CASCADE, related_name="varieties")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["crop", "name_zh"]
        constraints = [
            models.UniqueConstraint(fields=["crop", "name_zh"], name="variety_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Grade(LocalName):
    """A grade of a crop, best first."""

    crop = models.ForeignKey(Crop, on_delete=models.CASCADE, related_name="grades")
    name_zh = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["crop", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["crop", "name_zh"], name="grade_named_once"),
            models.UniqueConstraint(fields=["crop", "rank"], name="grade_rank_used_once"),
        ]

    def __str__(self) -> str:
        return self.name
