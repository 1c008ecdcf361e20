"""What must hold between the books and deposits given back twice; ``ledger_check`` runs it."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from ledger import checks
from ledger.models import Account, Transfer, TransferKind
from payments.models import Payment
from shop.models import (
    CampaignStage,
    DoubleDeposit,
    DoubleState,
    LineCancellation,
    PurchaseState,
)
from shop.services.double_deposits import HELD

FAILED = (CampaignStage.REFUNDING, CampaignStage.CLOSED)


def register() -> None:
    """Add them to the ledger's registry."""
    checks.register("shop.double_deposits", doubles_are_in_the_books)
    checks.register("shop.double_deposit_amounts", doubles_are_deposits)


def doubles_are_in_the_books() -> Iterator[str]:
    """Each was taken once from who bore it, and sent once; what is held is what waits."""
    posted = {
        (row.key, row.amount, row.debit.code)
        for row in Transfer.objects.filter(kind=TransferKind.AMENDS).select_related("debit")
    }
    wanted = set()
    for row in DoubleDeposit.objects.select_related("pledge").iterator():
        if row.state != DoubleState.OWED:
            wanted.add((f"double:{row.pledge.code}:owe", row.amount_fen, row.source))
        if row.state == DoubleState.PAID:
            wanted.add((f"double:{row.pledge.code}:bank", row.amount_fen, HELD))
    for key, amount, account in sorted(posted ^ wanted):
        facts = {"key": key, "amount": amount, "account": account}
        yield _("加倍返还的定金 %(key)s（%(account)s，%(amount)s 分）账上和记录对不上。") % facts
    waiting = DoubleDeposit.objects.filter(state=DoubleState.FUNDED)
    owed = waiting.aggregate(sum=Sum("amount_fen"))["sum"] or 0
    held = Account.objects.filter(code=HELD).values_list("balance", flat=True).first() or 0
    if owed != held:
        facts = {"held": held, "owed": owed}
        yield _("加倍返还的定金账上有 %(held)s 分，该有 %(owed)s 分。") % facts


def doubles_are_deposits() -> Iterator[str]:
    """As much as was paid as deposit, and only where the seller failed, with all or with one."""
    cancelled = LineCancellation.objects.filter(
        purchase__order__pledge_link__pledge=OuterRef("pledge"),
        purchase__state=PurchaseState.CANCELLED,
    )
    failed = Q(pledge__campaign__stage__in=FAILED) | Exists(cancelled)
    rows = DoubleDeposit.objects.select_related("pledge")
    codes = rows.values_list("pledge__deposit_code", flat=True)
    paid = dict(Payment.objects.filter(code__in=codes).values_list("code", "paid"))
    right = set(rows.filter(failed).values_list("pk", flat=True))
    for row in rows.annotate(code=F("pledge__deposit_code")):
        if paid.get(row.code) != row.amount_fen or row.pk not in right:
            facts = {"code": row.pledge.code, "amount": row.amount_fen}
            yield _("预约 %(code)s 记了加倍返还 %(amount)s 分，和付过的定金对不上。") % facts
