"""Plots as land; what grows on them is a planting of the harvest calendar."""

from datetime import date

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from growers.models.household import Household
from growers.models.region import Region
from growers.models.scope import Scope, ScopedQuerySet


class LandPlotQuerySet(ScopedQuerySet["LandPlot"]):
    """Plots are seen with their household."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """Plots of the households the person may see."""
        seen = Household.objects.filter(Household.objects.all().visible_to(scope, on))
        return Q(household__in=seen)


class LandPlot(models.Model):
    """A plot worked by a household."""

    code = models.CharField(max_length=16, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plots")
    village = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="plots")
    area_mu = models.DecimalField(max_digits=7, decimal_places=2)
    altitude_m = models.IntegerField()
    objects = LandPlotQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(area_mu__gt=0), name="plot_has_area"),
            models.CheckConstraint(
                condition=models.Q(altitude_m__gte=300, altitude_m__lte=4500),
                name="plot_altitude_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.code
