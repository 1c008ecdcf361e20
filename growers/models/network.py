"""Cooperatives, village shops, stations, hubs and who is bound to whom."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.words import PlaceName
from growers.models.region import Region, ancestor_codes
from growers.models.scope import Scope, ScopedQuerySet, inside, valid_on


def _shops_of_households(scope: Scope, on: date) -> QuerySet["Binding", int]:
    """Shops that take, or whose village binding covers, the person's own household."""
    named = Q(household__in=scope.households)
    named |= Q(village__households__in=scope.households)
    return Binding.objects.filter(valid_on(on), named).values_list("shop_id", flat=True)


class CooperativeQuerySet(ScopedQuerySet["Cooperative"]):
    """Cooperatives by who may see them."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """One's own, the one that buys from one's household or shop, those in one's region."""
        return (
            Q(pk__in=scope.cooperatives)
            | Q(pk__in=Cooperative.objects.filter(households__in=scope.households).values("pk"))
            | Q(pk__in=Cooperative.objects.filter(shops__in=scope.shops).values("pk"))
            | inside("region_id", scope.prefixes)
        )


class PlanningAreaQuerySet(ScopedQuerySet["PlanningArea"]):
    """Planning areas by who may see them."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """Areas led by, or around, one's cooperative; areas in the region one watches."""
        around = {code for region in scope.cooperative_regions for code in ancestor_codes(region)}
        return (
            Q(lead__in=scope.cooperatives)
            | Q(region__in=around)
            | inside("region_id", scope.watched)
        )


class StationQuerySet(ScopedQuerySet["Station"]):
    """Stations by who may see them."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """One's own, those of one's shops, cooperative or household, those in one's region."""
        shops = VillageShop.objects.filter(
            Q(pk__in=scope.shops)
            | Q(cooperative__in=scope.cooperatives)
            | Q(pk__in=_shops_of_households(scope, on))
        )
        return (
            Q(pk__in=scope.stations)
            | Q(pk__in=shops.values("station"))
            | inside("township_id", scope.prefixes)
        )


class VillageShopQuerySet(ScopedQuerySet["VillageShop"]):
    """Village shops by who may see them in the workspaces (the storefront shows all)."""

    def visible_to(self, scope: Scope, on: date) -> Q:
        """One's own, those of one's station, cooperative or household, those in one's region."""
        return (
            Q(pk__in=scope.shops)
            | Q(station__in=scope.stations)
            | Q(cooperative__in=scope.cooperatives)
            | Q(pk__in=_shops_of_households(scope, on))
            | inside("village_id", scope.prefixes)
        )


class Cooperative(PlaceName):
    """Buys from its member households and carries the contracts."""

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    objects = CooperativeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PlanningArea(PlaceName):
    """A county or the city: plans belong to it; its lead cooperative sees all of it."""

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    region = models.OneToOneField(Region, on_delete=models.PROTECT, related_name="planning_area")
    lead = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="leads")
    objects = PlanningAreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class HubKind(models.TextChoices):
    COUNTY = "county", _("县级仓")
    METROPOLITAN = "metropolitan", _("外运仓")


class Hub(PlaceName):
    """A county hub serves its county's stations; the metropolitan hub serves other provinces."""

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=14, choices=HubKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Station(PlaceName):
    """A township collection station: weighs, hands over, takes cash."""

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    township = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="stations")
    address = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    hubs = models.ManyToManyField(Hub, through="StationHub", related_name="stations")
    objects = StationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class StationHub(models.Model):
    """A hub that a station may deliver to, and what a kilogram costs on the way."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="links")
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="links")
    cost_fen_per_kg = models.PositiveIntegerField()

    class Meta:
        ordering = ["station", "hub"]
        constraints = [
            models.UniqueConstraint(fields=["station", "hub"], name="station_hub_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} → {self.hub_id}"


class VillageShop(PlaceName):
    """An online shop run in a village; receives for its cooperative."""

    code = models.CharField(max_length=16, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    village = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="shops")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="shops")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="shops")
    phone = models.CharField(max_length=20, blank=True)
    opened_on = models.DateField()
    objects = VillageShopQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class BindingKind(models.TextChoices):
    MANY_HOUSEHOLDS = "many_households", _("一店带多户")
    ONE_VILLAGE = "one_village", _("一店带一村")
    MANY_VILLAGES = "many_villages", _("一店带多村")


class Binding(models.Model):
    """A shop takes the produce of one household, or of a village, for a span of days."""

    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="bindings")
    kind = models.CharField(max_length=16, choices=BindingKind.choices)
    household = models.ForeignKey(
        "growers.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bindings",
    )
    village = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="bindings"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    weight_cap_g_per_week = models.PositiveBigIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["shop", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind="many_households", household__isnull=False, village__isnull=True
                )
                | models.Q(
                    kind__in=["one_village", "many_villages"],
                    household__isnull=True,
                    village__isnull=False,
                ),
                name="binding_names_household_or_village",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="binding_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(valid_to__isnull=True, household__isnull=False),
                name="household_is_bound_to_one_shop_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["village"],
                condition=models.Q(valid_to__isnull=True, village__isnull=False),
                name="village_is_bound_to_one_shop_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.kind}"
