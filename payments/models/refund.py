"""Money on its way back to who paid it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.codes import new_code
from payments.models.attempt import Attempt
from payments.models.payment import Payment, PaymentPart


class RefundState(models.TextChoices):
    ASKED = "asked", _("还没问")
    UNKNOWN = "unknown", _("没有回音")
    PENDING = "pending", _("等结果")
    SUCCEEDED = "succeeded", _("退到了")
    FAILED = "failed", _("没退成，退回账上")
    OFFLINE = "offline", _("要用银行转账退")
    OFFLINE_PAID = "offline_paid", _("已用银行转账退")
    TAKEN_BACK = "taken_back", _("付款人的银行已退给付款人")


def refund_code() -> str:
    return new_code("RF")


class Refund(models.Model):
    """So much of a part, once for its key; or a whole attempt that nobody wanted (no part)."""

    code = models.CharField(max_length=20, unique=True, default=refund_code)
    key = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    part = models.ForeignKey(
        PaymentPart, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()  # fen
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=RefundState.choices, default=RefundState.ASKED)
    provider_id = models.CharField(max_length=80, unique=True, null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # By bank: one person says it was sent and under which number, another checks and approves.
    bank_number = models.CharField(max_length=60, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_returns_money"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                name="refund_by_bank_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="offline_paid")
                | (Q(approved_by__isnull=False) & ~Q(bank_number="")),
                name="refund_by_bank_is_approved_with_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["pending", "succeeded"]) | Q(provider_id__isnull=False),
                name="refund_sent_has_provider_number",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def subject(self) -> str:
        """What the money was paid for."""
        return self.payment.subject if self.part is None else self.part.subject


class Dispute(models.Model):
    """The payer's bank takes money back, and may give it back again."""

    provider_id = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    amount = models.BigIntegerField()
    state = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.provider_id
