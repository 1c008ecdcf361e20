"""What the bank is told to pay to whom: batches of two persons, and their payouts."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.crypto import EncryptedTextField
from core.units import from_fen
from growers.models import Cooperative, Household
from ledger.models import Transfer
from logistics.states import BatchState


class PayoutBatch(models.Model):
    """One bank file of a cooperative: one person makes it, another approves it and has it paid."""

    code = models.CharField(max_length=16, unique=True)
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.MADE)
    amount_fen = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)  # paid, or cancelled
    end_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="batch_has_amount"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="batch_is_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(ended_by=F("made_by")),
                name="batch_is_paid_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["made", "cancelled"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="batch_goes_on_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["made", "approved"], ended_at__isnull=True)
                | Q(
                    state__in=["paid", "cancelled"],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
                name="batch_ended_has_time_and_person",
            ),
        ]
        indexes = [models.Index(fields=["cooperative", "state"])]

    def __str__(self) -> str:
        return self.code


class Payout(models.Model):
    """What one household gets by one batch: its shares of orders, and what slips still owe it."""

    code = models.CharField(max_length=16, unique=True)
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payouts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="payouts")
    amount_fen = models.BigIntegerField()
    transfer = models.OneToOneField(
        Transfer, on_delete=models.PROTECT, null=True, related_name="payout"
    )  # payable → bank, once it is paid

    class Meta:
        ordering = ["batch", "household__code"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payout_has_amount"),
            models.UniqueConstraint(
                fields=["batch", "household"], name="batch_pays_a_household_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def amount(self) -> Decimal:
        """In yuan, as people read it."""
        return from_fen(self.amount_fen)


class BankFile(models.Model):
    """The file of a batch as the bank got it: sealed, and its fingerprint in clear."""

    batch = models.OneToOneField(PayoutBatch, on_delete=models.PROTECT, related_name="bank_file")
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["batch"]

    def __str__(self) -> str:
        return self.sha256[:12]
