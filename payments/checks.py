"""Invariants of payments, run every night and by ``manage.py ledger_check``."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ledger import checks
from ledger.models import AccountKind, Transfer, TransferKind
from payments.models import Attempt, AttemptState, Movement, Payment, PaymentState, Refund
from payments.models.refund import RefundState

CLEARING = "stripe_clearing"


def register() -> None:
    """Add them to the ledger's registry."""
    checks.register("payments.parts", _parts_sum)
    checks.register("payments.tries", _paid_by_one_try)
    checks.register("payments.escrow", _paid_is_in_escrow)
    checks.register("payments.refunds", _refunds_left_escrow)
    checks.register("payments.provider", _lines_have_transfers)


def _summed(rows: QuerySet[Transfer], by: str) -> Coalesce:
    grouped = rows.order_by().values(by).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(grouped), 0)


def _parts_sum() -> Iterator[str]:
    totals = Payment.objects.annotate(
        asked=Coalesce(Sum("parts__amount"), 0),
        got=Coalesce(Sum("parts__paid"), 0),
        back=Coalesce(Sum("parts__refunded"), 0),
        kept=Coalesce(Sum("parts__aside"), 0),
    )
    same = Q(asked=F("amount"), got=F("paid"), back=F("refunded"), kept=F("aside"))
    for payment in totals.exclude(same).iterator():
        yield _("付款 %(code)s 各部分加起来和总数不一样。") % {"code": payment.code}


def _paid_by_one_try() -> Iterator[str]:
    won = Attempt.objects.filter(payment=OuterRef("pk"), state=AttemptState.SUCCEEDED)
    rows = Payment.objects.annotate(won=Subquery(won.values("pk")[:1]))
    wrong = Q(state=PaymentState.PAID, won=None) | (
        ~Q(state=PaymentState.PAID) & Q(won__isnull=False)
    )
    for payment in rows.filter(wrong).iterator():
        yield _("付款 %(code)s 的状态和扣款结果对不上。") % {"code": payment.code}


def _paid_is_in_escrow() -> Iterator[str]:
    posted = Transfer.objects.filter(group=OuterRef("key"), kind=TransferKind.PAY)
    tries = Attempt.objects.filter(state__in=[AttemptState.SUCCEEDED, AttemptState.SURPLUS])
    rows = tries.annotate(posted=_summed(posted, "group")).exclude(posted=F("payment__amount"))
    for attempt in rows.select_related("payment").iterator():
        facts = {"key": attempt.key, "amount": attempt.payment.amount, "posted": attempt.posted}
        yield _("%(key)s 收到 %(amount)s 分，账本记了 %(posted)s 分。") % facts


def _refunds_left_escrow() -> Iterator[str]:
    moved = Transfer.objects.filter(group=OuterRef("code"), kind=TransferKind.REFUND)
    escrow = AccountKind.ESCROW
    asked = _summed(moved.filter(debit__kind=escrow), "group")
    undone = _summed(moved.filter(credit__kind=escrow), "group")
    rows = Refund.objects.filter(part__isnull=False).annotate(owed=asked - undone)
    kept = Q(state=RefundState.FAILED, owed=0) | (
        ~Q(state=RefundState.FAILED) & Q(owed=F("amount"))
    )
    for refund in rows.exclude(kept).iterator():
        facts = {"code": refund.code, "amount": refund.amount, "owed": refund.owed}
        yield _("退款 %(code)s 是 %(amount)s 分，账本里出了 %(owed)s 分。") % facts


def _lines_have_transfers() -> Iterator[str]:
    """Each line of the provider's books is our transfers of its group, and none of ours is alone.

    A transfer whose line the provider has not written yet is passed over: the sweep asks for it,
    and the daily comparison of the balance finds it if it never comes.
    """
    told: Counter[str] = Counter()
    for group, amount, fee in Movement.objects.values_list("group", "amount", "fee").iterator():
        told[group] += amount - fee
    ours = _through_clearing()
    for group, net in sorted(told.items()):
        if ours[group] != net:
            facts = {"group": group, "net": net, "ours": ours[group]}
            yield _("%(group)s：对方账上净 %(net)s 分，我们记了 %(ours)s 分。") % facts


def _through_clearing() -> Counter[str]:
    """What came in through the provider less what went out, by group."""
    found: Counter[str] = Counter()
    for leg, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(**{f"{leg}__code": CLEARING}).order_by()
        for group, total in rows.values_list("group").annotate(total=Sum("amount")):
            found[group] += sign * total
    return found
