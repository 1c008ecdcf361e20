"""A contract: the household sells, its cooperative buys, the bound shop receives."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from contracts.models.plan import Plan
from contracts.states import ContractState
from growers.models import Cooperative, Household, Hub, Station, VillageShop
from growers.models.scope import Scope, ScopedQuerySet, inside
from harvest_calendar.models import ProductForm


class ContractQuerySet(ScopedQuerySet["Contract"]):
    """Contracts by who may see them."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """The household's own, those its buyer, shop or station deals with, one's region's."""
        return (
            Q(household__in=scope.households)
            | Q(cooperative__in=scope.cooperatives)
            | Q(shop__in=scope.shops)
            | Q(station__in=scope.stations)
            | inside("household__village_id", scope.prefixes)
        )


class Contract(models.Model):
    """One household, one form and grade, dated lines; the price never falls below the floor."""

    code = models.CharField(max_length=16, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="contracts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="contracts")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="contracts")
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="contracts")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="contracts")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="contracts")
    grade = models.CharField(max_length=40, blank=True)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    floor_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    weight_g = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=10, choices=ContractState.choices, default=ContractState.OFFERED
    )
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_note = models.CharField(max_length=200, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    fulfilled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objects = ContractQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-offered_at", "code"]
        indexes = [models.Index(fields=["station", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "household", "form", "grade"],
                name="contract_is_offered_once_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(floor_per_kg__gt=0) & Q(price_per_kg__gte=models.F("floor_per_kg")),
                name="contract_price_is_never_below_its_floor",
            ),
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="contract_has_weight"),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "declined", "fulfilled"))
                | (Q(answered_at__isnull=False) & Q(answered_by__isnull=False)),
                name="contract_answer_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ContractLine(models.Model):
    """What is to be delivered for a hub in a week."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="lines")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    weight_g = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["contract", "monday", "hub"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "hub", "monday"], name="contract_line_is_said_once"
            ),
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="contract_line_has_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.monday} {self.weight_g}"
