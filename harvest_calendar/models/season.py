"""Windows as they usually are, and this year's dates with every revision."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from core.codes import new_code
from core.words import LocalName, local
from growers.models import Region
from harvest_calendar.models.catalogue import Confidence, Crop


class HarvestWindow(LocalName):
    """The usual window of a crop in a county and altitude band; editable estimate."""

    # Names the row of the project's file; empty when a person added the window.
    key = models.CharField(max_length=60, unique=True, null=True, blank=True)
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="windows")
    county = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="windows")
    name_zh = models.CharField(max_length=120, blank=True)  # variety, place, flush or part
    name_en = models.CharField(max_length=160, blank=True)
    start_md = models.CharField(max_length=5)
    peak_md = models.CharField(max_length=5)
    end_md = models.CharField(max_length=5)
    crosses_year = models.BooleanField(default=False)
    altitude_min_m = models.IntegerField(null=True, blank=True)
    altitude_max_m = models.IntegerField(null=True, blank=True)
    lag_min_days = models.PositiveSmallIntegerField(default=0)
    lag_max_days = models.PositiveSmallIntegerField(default=0)
    lag_zh = models.CharField(max_length=200, blank=True)
    lag_en = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    source_ids = models.CharField(max_length=120, blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence.choices)
    history = HistoricalRecords()

    class Meta:
        ordering = ["crop", "county", "start_md", "name_zh"]
        constraints = [
            models.UniqueConstraint(
                fields=["crop", "county", "name_zh", "start_md"], name="window_is_said_once"
            ),
            models.CheckConstraint(
                condition=models.Q(altitude_min_m__isnull=True)
                | models.Q(altitude_max_m__isnull=True)
                | models.Q(altitude_min_m__lte=models.F("altitude_max_m")),
                name="window_band_is_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crop_id} {self.county_id} {self.start_md}"

    @property
    def lag_note(self) -> str:
        """What happens between picking and selling, in the reader's language."""
        return local(self.lag_zh, self.lag_en)


def season_code() -> str:
    """A fresh code for a season's dates."""
    return new_code("SD")


class SeasonDate(models.Model):
    """This year's start, peak and end of a window at a place (a township or county)."""

    code = models.CharField(max_length=16, unique=True, default=season_code)
    window = models.ForeignKey(HarvestWindow, on_delete=models.PROTECT, related_name="seasons")
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT, related_name="seasons")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="seasons")
    year = models.PositiveSmallIntegerField()  # the year the window starts in
    start_on = models.DateField()
    peak_on = models.DateField()
    end_on = models.DateField()
    ready_on = models.DateField()  # start plus the shortest lag: first day it can be sold
    last_ready_on = models.DateField()  # end plus the longest lag
    is_estimate = models.BooleanField(default=False)

    class Meta:
        ordering = ["crop", "region", "start_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["window", "region", "year"], name="season_is_dated_once"
            ),
            models.CheckConstraint(
                condition=models.Q(start_on__lte=models.F("peak_on"))
                & models.Q(peak_on__lte=models.F("end_on")),
                name="season_dates_are_ordered",
            ),
        ]
        indexes = [models.Index(fields=["crop", "start_on"])]

    def __str__(self) -> str:
        return f"{self.crop_id} {self.region_id} {self.start_on}"


class SeasonRevision(models.Model):
    """Who moved which date of a season, when and why."""

    season = models.ForeignKey(SeasonDate, on_delete=models.CASCADE, related_name="revisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    old_start_on = models.DateField()
    old_peak_on = models.DateField()
    old_end_on = models.DateField()
    new_start_on = models.DateField()
    new_peak_on = models.DateField()
    new_end_on = models.DateField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="season_revision_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season_id} {self.at:%Y-%m-%d}"
