"""A plan of supply contracts and the inputs it was frozen with."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from contracts.states import ENDED, PlanState
from forecasting.models import ForecastRun
from growers.models import Household, Hub, PlanningArea, Station, VillageShop
from growers.models.scope import Scope, ScopedQuerySet
from harvest_calendar.models import ProductForm

if TYPE_CHECKING:
    from datetime import date


class Quantile(models.TextChoices):
    """How careful the demand is that contracts are made for."""

    P20 = "p20", _("稳一点：十回有八回卖得完")
    P50 = "p50", _("居中：一半对一半")


class PlanQuerySet(ScopedQuerySet["Plan"]):
    """Plans by who may see them: those of the planning areas a person may see."""

    def visible_to(self, scope: Scope, on: "date") -> Q:
        areas = PlanningArea.objects.filter(PlanningArea.objects.visible_to(scope, on))
        return Q(area__in=areas.values("pk"))


class Plan(models.Model):
    """One plan of an area; nobody types a volume, and another person than the proposer approves."""

    code = models.CharField(max_length=16, unique=True)
    area = models.ForeignKey(PlanningArea, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    is_open = models.BooleanField(default=True)
    eligibility_on = models.DateField()
    forecast_run = models.ForeignKey(ForecastRun, on_delete=models.PROTECT, related_name="plans")
    demand_quantile = models.CharField(max_length=3, choices=Quantile.choices, default=Quantile.P20)
    first_monday = models.DateField()
    last_monday = models.DateField()
    seed = models.CharField(max_length=64)
    seed_hash = models.CharField(max_length=64)
    unbound_households = models.PositiveIntegerField(default=0)
    engine_version = models.CharField(max_length=16, blank=True)
    inputs_hash = models.CharField(max_length=64, blank=True)
    output_hash = models.CharField(max_length=64, blank=True)
    rows_secret = models.CharField(max_length=64, blank=True)
    rows_root = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    solving_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["rows_secret"])

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True) & ~Q(state__in=ENDED)
                | Q(is_open=False) & Q(state__in=ENDED),
                name="plan_is_open_until_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    Q(proposed_by__isnull=False)
                    & ~Q(approved_by=models.F("proposed_by"))
                    & Q(approved_at__isnull=False)
                ),
                name="plan_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(PlanState.APPROVED, PlanState.OFFERED, PlanState.CLOSED))
                | Q(approved_by__isnull=False),
                name="plan_goes_on_only_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(first_monday__lte=models.F("last_monday")),
                name="plan_weeks_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PlanHousehold(models.Model):
    """A household as it stood on the eligibility date, and what the plan gives it.

    ``credit_fen`` is what it missed by draws of earlier plans and counts with here; ``missed_fen``
    what it misses by losing a draw of this one.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="households")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plan_rows")
    number = models.PositiveIntegerField()
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    tier = models.PositiveSmallIntegerField()
    need_fen = models.PositiveBigIntegerField()
    signed_fen = models.PositiveBigIntegerField(default=0)
    credit_fen = models.PositiveBigIntegerField(default=0)
    harvest_fen = models.PositiveBigIntegerField(default=0)
    fair_income_fen = models.PositiveBigIntegerField(default=0)
    income_fen = models.PositiveBigIntegerField(default=0)
    missed_fen = models.PositiveBigIntegerField(default=0)
    level = models.FloatField(default=0)
    leaf = models.CharField(max_length=64, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_open=True),
                name="household_is_in_one_open_plan",
            ),
            models.UniqueConstraint(
                fields=["plan", "household"], name="household_is_once_in_a_plan"
            ),
            models.UniqueConstraint(fields=["plan", "number"], name="plan_number_is_used_once"),
            models.CheckConstraint(condition=Q(need_fen__gt=0), name="plan_need_is_above_zero"),
            models.CheckConstraint(
                condition=Q(tier__gte=1, tier__lte=3), name="plan_tier_is_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class PlanCell(models.Model):
    """Demand of an area for a form and grade at a hub in a week; part of it may be signed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="cells")
    area = models.ForeignKey(PlanningArea, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    demand_g = models.PositiveBigIntegerField()
    signed_g = models.PositiveBigIntegerField(default=0)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    floor_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    min_lot_g = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["plan", "form", "grade", "hub", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "form", "grade", "hub", "monday"],
                condition=Q(is_open=True),
                name="demand_cell_is_in_one_open_plan",
            ),
            models.UniqueConstraint(
                fields=["plan", "form", "grade", "hub", "monday"],
                name="demand_cell_is_once_in_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(floor_per_kg__gt=0) & Q(price_per_kg__gte=models.F("floor_per_kg")),
                name="plan_price_is_never_below_its_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.form_id} {self.grade} {self.hub_id} {self.monday}"


class PlanLane(models.Model):
    """What a station can take of a form and grade in a week, as frozen for the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lanes")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=40, blank=True)
    monday = models.DateField()
    capacity_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["plan", "station", "form", "grade", "monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "station", "form", "grade", "monday"],
                name="lane_is_once_in_a_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.station_id} {self.form_id} {self.monday}"
