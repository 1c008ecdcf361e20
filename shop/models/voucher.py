"""Vouchers: a code for a fixed sum off, which the platform brings, so that no price changes.

Oscar's vouchers lower the price of lines. Here prices are growers' shares and stay as they are;
the platform pays its part into the order's escrow beside the buyer.
"""

from django.db import models
from django.db.models import F, Q

from shop.models.purchase import Purchase


class Voucher(models.Model):
    """So many times the same sum, for some days, from some sum of goods on."""

    code = models.CharField(max_length=20, unique=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    least_goods = models.DecimalField(max_digits=8, decimal_places=2)
    valid_from = models.DateField()
    valid_to = models.DateField()
    most_uses = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-valid_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, least_goods__gt=F("amount")),
                name="voucher_leaves_something_to_pay",
            ),
            models.CheckConstraint(
                condition=Q(used__lte=F("most_uses")), name="voucher_is_used_no_more_than_allowed"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="voucher_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VoucherUse(models.Model):
    """What a voucher brings to one order; given back when the order is cancelled unpaid."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="voucher_use")
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="voucher_use_has_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.purchase_id}"
