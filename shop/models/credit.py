"""Shop credit: money a backer left with us after a short harvest, to be spent or taken out.

Each credit has an account of its own in the ledger, whose balance is what is left of it and cannot
fall below nought. So every fen keeps its path: the pledge it was paid for, the orders it went to.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ledger.models import Account
from shop.models.purchase import Purchase
from shop.models.setback import SetbackChoice


class Credit(models.Model):
    """What one choice left of one payment; it belongs to whoever made the pledge, for ever."""

    code = models.CharField(max_length=16, unique=True)
    choice = models.ForeignKey(SetbackChoice, on_delete=models.PROTECT, related_name="credits")
    payment_code = models.CharField(max_length=24)  # what it was paid with, and goes back to
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="credits",
    )
    mobile = models.CharField(max_length=20, db_index=True)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    given_fen = models.BigIntegerField()
    paid_out_fen = models.BigIntegerField(default=0)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(given_fen__gt=0), name="credit_is_worth_something"),
            models.CheckConstraint(
                condition=Q(paid_out_fen__gte=0, paid_out_fen__lte=F("given_fen")),
                name="credit_pays_out_at_most_what_was_given",
            ),
            models.UniqueConstraint(
                fields=["choice", "payment_code"], name="choice_gives_credit_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CreditUse(models.Model):
    """What of a credit went into one order, and what came back from it."""

    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, related_name="uses")
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="credit_uses")
    amount_fen = models.BigIntegerField()
    back_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit", "purchase"], name="credit_is_in_an_order_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="credit_use_has_amount"),
            models.CheckConstraint(
                condition=Q(back_fen__gte=0, back_fen__lte=F("amount_fen")),
                name="credit_comes_back_at_most_as_spent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credit_id} {self.purchase_id}"

    @property
    def left(self) -> int:
        """Fen of it that are still in the order."""
        return self.amount_fen - self.back_fen
