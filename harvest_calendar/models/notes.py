"""What a buyer wants to know of a crop: how to use it, what a grade means, where its name holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.words import LocalName, local
from growers.models import Region
from harvest_calendar.models.catalogue import Crop, Grade


class CropUse(models.Model):
    """How a crop is cooked or eaten, and who should take care. Never what it is good against."""

    crop = models.OneToOneField(Crop, on_delete=models.CASCADE, related_name="use")
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=400)
    caution_zh = models.CharField(max_length=120, blank=True)
    caution_en = models.CharField(max_length=240, blank=True)
    basis = models.CharField(max_length=120, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["crop"]

    def __str__(self) -> str:
        return f"{self.crop_id}"

    @property
    def text(self) -> str:
        """How to use it, in the reader's language."""
        return local(self.text_zh, self.text_en)

    @property
    def caution(self) -> str:
        """Allergens and who should not eat it, in the reader's language."""
        return local(self.caution_zh, self.caution_en)


class GradeNote(models.Model):
    """What a grade of a crop means in plain words, and the standard behind it where known."""

    grade = models.OneToOneField(Grade, on_delete=models.CASCADE, related_name="note")
    text_zh = models.CharField(max_length=120)
    text_en = models.CharField(max_length=240)
    standard = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["grade"]

    def __str__(self) -> str:
        return f"{self.grade_id}"

    @property
    def text(self) -> str:
        """What it means, in the reader's language."""
        return local(self.text_zh, self.text_en)


class GeoMarkKind(models.TextChoices):
    """Which register a protected name stands in."""

    PRODUCT = "product", _("国家地理标志产品")
    FARM_PRODUCT = "farm_product", _("农产品地理标志")


class GeoMark(LocalName):
    """A protected name of a crop and a county it covers; a name over three counties has three."""

    crop = models.ForeignKey(Crop, on_delete=models.CASCADE, related_name="geo_marks")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=GeoMarkKind.choices)
    county = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="geo_marks")
    basis = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["crop", "name_zh", "county"]
        constraints = [
            models.UniqueConstraint(
                fields=["crop", "name_zh", "county"], name="geo_mark_is_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} {self.county_id}"
