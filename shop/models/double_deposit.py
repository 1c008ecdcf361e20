"""A deposit that is given back twice, because the seller failed (product.md E11).

The first time it is a refund like any other. This is the second time: owed since the failure, then
taken from the shop's own money or the guarantee fund, then sent by bank by two persons.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.models.pledge import Pledge


class DoubleState(models.TextChoices):
    OWED = "owed", _("等出钱")
    FUNDED = "funded", _("钱出了，等银行转账")
    PAID = "paid", _("转给买家了")


class DoubleDeposit(models.Model):
    """As much again as the deposit; one for each pledge, for good."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="double_deposit")
    state = models.CharField(max_length=8, choices=DoubleState.choices, default=DoubleState.OWED)
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=60, blank=True)  # the ledger's account that bore it
    owed_at = models.DateTimeField()
    funded_at = models.DateTimeField(null=True, blank=True)
    bank_number = models.CharField(max_length=60, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["owed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="double_deposit_is_money"),
            models.CheckConstraint(
                condition=Q(state="owed", source="", funded_at__isnull=True)
                | (~Q(state="owed") & ~Q(source="") & Q(funded_at__isnull=False)),
                name="double_deposit_funded_has_source",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") & Q(paid_at__isnull=True, approved_by__isnull=True)
                | Q(
                    state="paid",
                    paid_at__isnull=False,
                    proposed_by__isnull=False,
                    approved_by__isnull=False,
                )
                & ~Q(bank_number="")
                & ~Q(approved_by=F("proposed_by")),
                name="double_deposit_paid_by_two_persons",
            ),
            models.UniqueConstraint(
                fields=["bank_number"],
                condition=~Q(bank_number=""),
                name="bank_number_sends_one_second_deposit",
            ),
        ]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.amount_fen}"
