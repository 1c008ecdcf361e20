"""Plantings, what they are expected to yield, and what is promised against it.

Supply, caps and demand compare in raw grams of the raw crop.
"""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from growers.models import LandPlot, Region, Station
from harvest_calendar.models.catalogue import Crop, ProductForm, Variety


class Planting(models.Model):
    """A raw crop on a plot, by area or by trees, from one day to another."""

    code = models.CharField(max_length=16, unique=True)
    plot = models.ForeignKey(LandPlot, on_delete=models.PROTECT, related_name="plantings")
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="plantings")
    variety = models.ForeignKey(Variety, on_delete=models.PROTECT, null=True, blank=True)
    area_mu = models.DecimalField(max_digits=7, decimal_places=2)
    trees = models.PositiveIntegerField(null=True, blank=True)
    planted_year = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(area_mu__gt=0), name="planting_has_area"),
        ]
        indexes = [models.Index(fields=["crop", "plot"])]

    def __str__(self) -> str:
        return self.code


class YieldReport(models.Model):
    """What was really harvested of a planting in a year; moves the estimate."""

    planting = models.ForeignKey(Planting, on_delete=models.CASCADE, related_name="reports")
    year = models.PositiveSmallIntegerField()
    weight_g = models.PositiveBigIntegerField()
    reported_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["planting", "year"]
        constraints = [
            models.UniqueConstraint(fields=["planting", "year"], name="yield_reported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.planting_id} {self.year}"


class SupplyEstimate(models.Model):
    """Expected raw harvest of a crop in a township in a week, as quantiles."""

    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="estimates")
    township = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="estimates")
    year = models.PositiveSmallIntegerField()  # the season's year; one that crosses keeps it
    monday = models.DateField()
    p10_g = models.PositiveBigIntegerField()
    p50_g = models.PositiveBigIntegerField()
    p90_g = models.PositiveBigIntegerField()
    estimated_at = models.DateTimeField()

    class Meta:
        ordering = ["crop", "township", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["crop", "township", "year", "monday"],
                name="supply_estimated_once_a_week",
            ),
            models.CheckConstraint(
                condition=models.Q(p10_g__lte=models.F("p50_g"))
                & models.Q(p50_g__lte=models.F("p90_g")),
                name="supply_quantiles_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crop_id} {self.township_id} {self.monday}"


class SupplyClaim(models.Model):
    """A promise against a county's supply of a raw crop, made by an upper app."""

    code = models.CharField(max_length=40, unique=True)  # e.g. "campaign:LC-…"
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="claims")
    county = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="claims")
    first_on = models.DateField()
    last_on = models.DateField()
    weight_g = models.PositiveBigIntegerField()
    claimed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")),
                name="claim_days_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StationIntake(models.Model):
    """What a station declares it can take of a product form in a week."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="intakes")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="intakes")
    monday = models.DateField()
    capacity_g = models.PositiveBigIntegerField()
    declared_on = models.DateField()

    class Meta:
        ordering = ["station", "form", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "form", "monday"], name="intake_declared_once_a_week"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.form_id} {self.monday}"
