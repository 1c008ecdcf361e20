"""Where the money of a delivered order went: to households by their slips, the rest as published.

The transfers are the ledger's; these rows tie each to the line, the household and the slip it is
for, so that a payout can be followed to the orders it came from and back.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from core.units import from_fen
from growers.models import Cooperative, Household
from ledger.models import Transfer
from logistics.models.payout import Payout
from logistics.models.weighing import PayoutDue
from shop.models import Purchase


class ShareGroup(models.Model):
    """Settled orders told about together, closed and fixed once enough households are in it.

    A share of one order would tell which household it came from; the groups never overlap and a
    closed one never changes, so two of them never tell more than each.
    """

    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.PROTECT, related_name="share_groups"
    )
    households = models.PositiveIntegerField(default=0)
    grower_fen = models.BigIntegerField(default=0)
    priority_fen = models.BigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(priority_fen__gte=0, priority_fen__lte=F("grower_fen")),
                name="priority_is_a_part_of_what_growers_got",
            ),
            models.UniqueConstraint(
                fields=["cooperative"],
                condition=Q(closed_at__isnull=True),
                name="cooperative_has_one_open_share_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.households}"


class OrderSettlement(models.Model):
    """The money of an order left its escrow, once."""

    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="settlement")
    amount_fen = models.BigIntegerField()
    group = models.ForeignKey(ShareGroup, on_delete=models.PROTECT, related_name="settlements")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="settlement_has_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.amount_fen}"


class HouseholdRelease(models.Model):
    """What one order line brought one household: one transfer of the ledger."""

    settlement = models.ForeignKey(
        OrderSettlement, on_delete=models.PROTECT, related_name="releases"
    )
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="releases")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="releases")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="releases")
    transfer = models.OneToOneField(
        Transfer, on_delete=models.PROTECT, related_name="household_release"
    )
    amount_fen = models.BigIntegerField()
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="releases"
    )

    class Meta:
        ordering = ["settlement", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="release_has_amount"),
            models.UniqueConstraint(
                fields=["line", "household"], name="line_is_released_once_a_household"
            ),
        ]
        indexes = [models.Index(fields=["cooperative", "payout"])]

    def __str__(self) -> str:
        return f"{self.line_id} {self.household_id} {self.amount_fen}"

    @property
    def amount(self) -> Decimal:
        """In yuan, as people read it."""
        return from_fen(self.amount_fen)


class SlipShare(models.Model):
    """The part of a slip that went into an order line, and what it brought.

    ``due_fen`` is the slip's own price for that weight. It goes to the household while the slip is
    open; where the cooperative has paid the slip already, it goes back to the cooperative
    (``release`` then carries only ``extra_fen``, if anything). So no weight is paid twice.
    """

    settlement = models.ForeignKey(
        OrderSettlement, on_delete=models.PROTECT, related_name="slip_shares"
    )
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="+")
    due = models.ForeignKey(PayoutDue, on_delete=models.PROTECT, related_name="shares")
    release = models.ForeignKey(
        HouseholdRelease, on_delete=models.PROTECT, null=True, related_name="slip_shares"
    )
    weight_g = models.PositiveBigIntegerField()  # of what was weighed, rounded
    due_fen = models.BigIntegerField()
    extra_fen = models.BigIntegerField()
    paid_before = models.BooleanField()  # the cooperative had paid the slip

    class Meta:
        ordering = ["settlement", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "due"], name="slip_is_in_a_line_once"),
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, extra_fen__gte=0), name="slip_share_takes_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.due_id} {self.due_fen}+{self.extra_fen}"
