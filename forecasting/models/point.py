"""What a run said: demand in grams of a product form, by week.

A cell (``ForecastPoint``) is one form, grade, hub and week. A total (``ForecastTotal``) sums cells
over grades, hubs or both; its quantiles come from joint draws and are not sums of the cells'.
"""

from itertools import pairwise

from django.db import models

from forecasting.models.run import ForecastRun
from growers.models import Hub
from harvest_calendar.models import ProductForm

ALL_GRADES = "*"


def _ordered(prefix: str = "") -> models.Q:
    names = [f"{prefix}p{level}_g" for level in (10, 20, 50, 80, 90)]
    rule = models.Q()
    for low, high in pairwise(names):
        rule &= models.Q(**{f"{low}__lte": models.F(high)})
    return rule


class Quantiles(models.Model):
    """Demand of one week, and what of it is pledged or ordered already."""

    booked_g = models.PositiveBigIntegerField(default=0)
    p10_g = models.PositiveBigIntegerField()
    p20_g = models.PositiveBigIntegerField()
    p50_g = models.PositiveBigIntegerField()
    p80_g = models.PositiveBigIntegerField()
    p90_g = models.PositiveBigIntegerField()

    class Meta:
        abstract = True


class ForecastPoint(Quantiles):
    """Demand of a form and grade at a hub in a delivery week. No grade named: empty."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="points")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()

    class Meta:
        ordering = ["run", "form", "grade", "hub", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "form", "grade", "hub", "monday"], name="cell_is_forecast_once"
            ),
            models.CheckConstraint(condition=_ordered(), name="forecast_quantiles_are_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.form_id} {self.grade} {self.hub_id} {self.monday}"


class ForecastTotal(Quantiles):
    """Demand summed over hubs (``hub`` empty), grades (``grade`` is ``*``) or both.

    The ``to_`` columns are of all weeks up to and with this one. A line of one grade at one hub
    stands here too, for the sake of those.
    """

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="totals")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    monday = models.DateField()
    to_booked_g = models.PositiveBigIntegerField(default=0)
    to_p10_g = models.PositiveBigIntegerField()
    to_p20_g = models.PositiveBigIntegerField()
    to_p50_g = models.PositiveBigIntegerField()
    to_p80_g = models.PositiveBigIntegerField()
    to_p90_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["run", "form", "grade", "hub", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "form", "grade", "hub", "monday"], name="total_is_forecast_once"
            ),
            models.UniqueConstraint(
                fields=["run", "form", "grade", "monday"],
                condition=models.Q(hub__isnull=True),
                name="total_of_all_hubs_is_forecast_once",
            ),
            models.CheckConstraint(
                condition=_ordered() & _ordered("to_"), name="forecast_totals_are_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.form_id} {self.grade} {self.hub_id} {self.monday}"
