"""Money brought into the guarantee fund, which bears what payers' banks take back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.codes import new_code


def deposit_code() -> str:
    return new_code("GF")


class FundDeposit(models.Model):
    """One person says that money came under a bank's number; another saw it and confirms."""

    code = models.CharField(max_length=20, unique=True, default=deposit_code)
    amount = models.BigIntegerField()  # fen
    bank_number = models.CharField(max_length=60)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)  # it was a mistake

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_brings_money"),
            models.CheckConstraint(condition=~Q(bank_number=""), name="deposit_has_bank_number"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & Q(dropped_at__isnull=True)
                    & ~Q(confirmed_by=F("proposed_by"))
                ),
                name="deposit_is_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["bank_number"],
                condition=Q(dropped_at__isnull=True),
                name="bank_number_fills_the_fund_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code
