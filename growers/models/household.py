"""Households, their dated status, and the rules that turn status into tier and need.

Nothing here is shown on a public, shop or product page.
"""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.crypto import EncryptedTextField
from growers.models.network import Binding, Cooperative, VillageShop
from growers.models.region import Region
from growers.models.scope import Scope, ScopedQuerySet, inside, valid_on


class HouseholdQuerySet(ScopedQuerySet["Household"]):
    """Households by who may see them and by the shop that takes their produce."""

    def bound_to(self, shops: QuerySet[VillageShop], on: date) -> Self:
        """Households still open whose own binding, or else their village's, names the shops."""
        dated = Binding.objects.filter(valid_on(on))
        own = dated.filter(household__isnull=False)
        villages = dated.filter(shop__in=shops, village__isnull=False)
        by_village = Q(village__in=villages.values("village"))
        no_own = ~Exists(own.filter(household=OuterRef("pk")))
        bound = Q(pk__in=own.filter(shop__in=shops).values("household")) | (by_village & no_own)
        return self.filter(bound, Q(closed_on__isnull=True) | Q(closed_on__gte=on))

    def visible_to(self, scope: Scope, on: date) -> Q:
        """Own household, bound to one's shop or station, member of one's cooperative, in one's
        region."""
        seen = Q(pk__in=scope.households) | Q(cooperative__in=scope.cooperatives)
        seen |= inside("village_id", scope.prefixes)
        if scope.shops or scope.stations:
            mine = Q(pk__in=scope.shops) | Q(station__in=scope.stations)
            bound = Household.objects.bound_to(VillageShop.objects.filter(mine), on)
            seen |= Q(pk__in=bound.values("pk"))
        return seen


class Household(models.Model):
    """A growing household; its code is printed on its card."""

    code = models.CharField(max_length=16, unique=True)
    village = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="households")
    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.PROTECT, null=True, blank=True, related_name="households"
    )
    registered_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    objects = HouseholdQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class HouseholdIdentity(models.Model):
    """Who the household is: sealed, read through one service that logs the reading."""

    household = models.OneToOneField(
        Household, on_delete=models.CASCADE, related_name="identity", primary_key=True
    )
    head_name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    address = EncryptedTextField(blank=True)
    account = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["household"]

    def __str__(self) -> str:
        return str(self.household_id)


class HouseholdMember(models.Model):
    """A person of the household from one day to another, both counted; need counts them."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    name = EncryptedTextField()
    relation = models.CharField(max_length=20)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["household", "joined_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
                name="member_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.relation}"


class StatusScheme(models.TextChoices):
    REGISTERED = "registered_2014", _("2014—2020年建档立卡")
    MONITORED = "monitored_2021", _("2021—2025年防返贫监测")
    REGULAR = "regular_2026", _("2026年起常态化帮扶")


class StatusCategory(models.TextChoices):
    REGISTERED_POOR = "registered_poor", _("建档立卡户")
    LIFTED = "lifted", _("脱贫户")
    UNSTABLE = "unstable", _("脱贫不稳定户")
    MARGINAL = "marginal", _("边缘易致贫户")
    SUDDEN_HARDSHIP = "sudden_hardship", _("突发严重困难户")
    PREVENTION = "prevention", _("防止返贫致贫对象")
    GENERAL = "general", _("一般农户")


class HouseholdStatus(models.Model):
    """What a household counts as under one scheme, from one day to another."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="statuses")
    scheme = models.CharField(max_length=20, choices=StatusScheme.choices)
    category = models.CharField(max_length=20, choices=StatusCategory.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120)
    history = HistoricalRecords()

    class Meta:
        ordering = ["household", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="status_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(valid_to__isnull=True),
                name="household_has_one_open_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.category}"


class TierRule(models.Model):
    """Policy: a category of a scheme is served in a tier, for a span of days."""

    scheme = models.CharField(max_length=20, choices=StatusScheme.choices)
    category = models.CharField(max_length=20, choices=StatusCategory.choices)
    tier = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3)])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["scheme", "category", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__gte=1, tier__lte=3), name="tier_is_1_to_3"
            ),
            models.UniqueConstraint(
                fields=["scheme", "category", "valid_from"], name="tier_rule_is_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.tier}"


class PovertyLine(models.Model):
    """The yuan line of a year; a household's need is members × line."""

    year = models.PositiveSmallIntegerField(unique=True)
    yuan_per_person = models.DecimalField(max_digits=8, decimal_places=2)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60)
    confidence = models.CharField(max_length=10)
    history = HistoricalRecords()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(yuan_per_person__gt=0), name="poverty_line_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.yuan_per_person}"
