"""What carriage costs by province and weight; every figure is an editable estimate."""

from django.db import models

from core.latin import place_in_latin
from core.words import LocalName


class RateCard(LocalName):
    """A carrier's prices from one day to another."""

    key = models.SlugField(max_length=30)
    name_zh = models.CharField(max_length=40)
    cold = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    confidence = models.CharField(max_length=10)

    class Meta:
        ordering = ["key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="rate_card_said_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Zone(LocalName):
    """Provinces that cost the same."""

    key = models.SlugField(max_length=10, unique=True)
    name_zh = models.CharField(max_length=40)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class ZoneProvince(LocalName):
    """A province (first two digits of GB/T 2260) lies in one zone."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="provinces")
    province_code = models.CharField(max_length=2, unique=True)
    name_zh = models.CharField(max_length=12)

    class Meta:
        ordering = ["province_code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name_en(self) -> str:
        """The name as English maps write it."""
        return place_in_latin(self.name_zh)


class Rate(models.Model):
    """Price of the first kilogram and of each further step in a zone."""

    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="rates")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="rates")
    first_kg = models.DecimalField(max_digits=7, decimal_places=2)
    further_kg = models.DecimalField(max_digits=7, decimal_places=2)
    step_g = models.PositiveIntegerField(default=1000)
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["card", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["card", "zone"], name="rate_said_once_a_zone"),
            models.CheckConstraint(
                condition=models.Q(first_kg__gte=0, further_kg__gte=0, step_g__gt=0),
                name="rate_is_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(days_min__lte=models.F("days_max")),
                name="rate_days_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.zone_id}"
