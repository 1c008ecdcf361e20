"""Every fen: accounts, and transfers between two of them that are never changed.

A transfer always has two legs, so what one account loses another gains and the sum of all balances
is nought by construction. A balance is credits less debits. The database keeps it (``guards``),
and refuses to let it fall below nought unless the account says so.

The ledger knows no pledge and no household: ``subject`` and ``counterparty`` are codes with the
kind of thing in front (``pledge:PL-…``). Whoever causes a transfer keeps the row that ties it.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    CLEARING = "clearing", _("收款通道")
    ESCROW = "escrow", _("顾客预付")
    PAYABLE = "payable", _("应付")
    FEE = "fee", _("费用")
    REFUND = "refund", _("待退款")
    BANK = "bank", _("银行付出")
    GUARANTEE = "guarantee", _("保证金")


class Account(models.Model):
    """A place where money is or is owed; ``balance`` is None where it may fall below nought.

    Such an account (a payment provider's, the bank's) takes part in every transfer. Keeping its
    balance would make all transfers wait for one row, so it is summed when asked for.
    """

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    currency = models.CharField(max_length=3, default="CNY")
    allow_negative = models.BooleanField(default=False)
    balance = models.BigIntegerField(null=True)  # fen; kept by the database alone

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(allow_negative=True, balance__isnull=True)
                | Q(allow_negative=False, balance__gte=0),
                name="account_is_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TransferKind(models.TextChoices):
    PAY = "pay", _("付款")
    REFUND = "refund", _("退款")
    RELEASE = "release", _("结算")
    FEE = "fee", _("手续费")
    OWED = "owed", _("收购款")
    PAYOUT = "payout", _("付给")
    RETURN = "return", _("退货收回")
    DISPUTE = "dispute", _("争议")
    FUND = "fund", _("存入保证金")
    AMENDS = "amends", _("定金加倍返还")
    REVERSAL = "reversal", _("冲正")


# What each kind is about, and with whom: the words in front of the codes.
SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    TransferKind.PAY: (("pledge", "order"), ()),
    TransferKind.REFUND: (("pledge", "order"), ()),
    TransferKind.RELEASE: (
        ("pledge", "order"),
        ("household", "cooperative", "shop", "hub", "platform"),
    ),
    TransferKind.FEE: (("pledge", "order", "payout"), ("provider", "platform")),
    TransferKind.OWED: (("ticket",), ("household",)),
    TransferKind.PAYOUT: (("payout",), ("household", "shop", "hub")),
    TransferKind.RETURN: (("pledge", "order"), ("cooperative", "shop", "hub", "platform")),
    TransferKind.DISPUTE: (("pledge", "order"), ()),
    TransferKind.FUND: (("fund",), ()),
    TransferKind.AMENDS: (("pledge",), ("shop", "platform")),
    TransferKind.REVERSAL: (("transfer",), ()),
}


def _begins(field: str, words: Iterable[str]) -> Q:
    found = Q()
    for word in words:
        found |= Q(**{f"{field}__startswith": f"{word}:"})
    return found or Q(**{field: ""})


def _shape() -> Q:
    found = Q()
    for kind, (subjects, counterparties) in SHAPES.items():
        found |= (
            Q(kind=kind) & _begins("subject", subjects) & _begins("counterparty", counterparties)
        )
    return found


class Transfer(models.Model):
    """Money that went from one account to another, once; corrected only by its reversal."""

    key = models.CharField(max_length=120, unique=True)  # the same effect twice is one row
    group = models.CharField(max_length=60, blank=True, db_index=True)  # what happened together
    kind = models.CharField(max_length=10, choices=TransferKind.choices)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()  # fen
    subject = models.CharField(max_length=60, db_index=True)
    counterparty = models.CharField(max_length=60, blank=True, db_index=True)
    made_by = models.CharField(max_length=60)  # who or what caused it: user:12, job:close
    at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_money"),
            models.CheckConstraint(
                condition=~Q(debit=models.F("credit")), name="transfer_has_two_accounts"
            ),
            models.CheckConstraint(condition=_shape(), name="transfer_says_what_it_is_about"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="transfer_reverses_only_as_reversal",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="transfer_has_a_key"),
        ]

    def __str__(self) -> str:
        return self.key
