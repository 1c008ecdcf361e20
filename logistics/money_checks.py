"""What must hold between the ledger and our rows; ``ledger_check`` and the nightly job run it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.units import fen
from ledger import checks
from ledger.books import summed_accounts
from ledger.models import TransferKind
from logistics.accounts import household_code
from logistics.models import (
    HouseholdRelease,
    OrderSettlement,
    Payout,
    PayoutBatch,
    PayoutDue,
    SlipShare,
)
from logistics.states import LIVE_BATCH, BatchState


def register() -> None:
    """The invariants of paying households."""
    checks.register("logistics.payouts", payouts_are_what_they_settle)
    checks.register("logistics.batches", batches_are_their_payouts)
    checks.register("logistics.releases", releases_are_transfers)
    checks.register("logistics.covered", slips_are_covered_once)
    checks.register("logistics.payables", payables_are_open_releases)
    checks.register("logistics.settlements", settlements_are_transfers)


def _total(rows: "QuerySet[Any]", by: str, field: str) -> Coalesce:
    summed = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(summed.annotate(n=Sum(field)).values("n")), 0)


def payouts_are_what_they_settle() -> Iterator[str]:
    """Each payout is the sum of the shares and slips in it, and has its household's transfer."""
    live = Payout.objects.filter(batch__state__in=LIVE_BATCH).select_related(
        "batch", "household", "transfer"
    )
    rests: dict[int, int] = {}
    for due in PayoutDue.objects.filter(payout__isnull=False).order_by().iterator():
        rests[due.payout_id or 0] = rests.get(due.payout_id or 0, 0) + fen(due.rest)
    for one in live.annotate(shares=_total(HouseholdRelease.objects.all(), "payout", "amount_fen")):
        settled = one.shares + rests.get(one.pk, 0)
        if settled != one.amount_fen:
            facts = {"code": one.code, "is": one.amount_fen, "settles": settled}
            yield _("付款 %(code)s 是 %(is)s 分，它结清的加起来是 %(settles)s 分。") % facts
        if (one.batch.state == BatchState.PAID) != (one.transfer is not None):
            yield _("付款 %(code)s 的状态和账本对不上。") % {"code": one.code}
    yield from _wrong_payout_transfers()
    yield from _foreign_rows()


def _wrong_payout_transfers() -> Iterator[str]:
    rows = Payout.objects.filter(transfer__isnull=False).select_related("transfer", "household")
    for one in rows.iterator():
        transfer = one.transfer
        right = (one.amount_fen, f"household:{one.household.code}", TransferKind.PAYOUT)
        if transfer and (transfer.amount, transfer.counterparty, transfer.kind) != right:
            yield _("付款 %(code)s 和账本里的一笔不一样。") % {"code": one.code}


def _foreign_rows() -> Iterator[str]:
    """A payout settles rows of its own household and cooperative only."""
    for rows in (HouseholdRelease.objects.all(), PayoutDue.objects.all()):
        held = rows.filter(payout__isnull=False).order_by()
        wrong = held.exclude(
            household=F("payout__household"), cooperative=F("payout__batch__cooperative")
        )
        for code in wrong.values_list("payout__code", flat=True).distinct():
            yield _("付款 %(code)s 里有别家的钱。") % {"code": code}


def batches_are_their_payouts() -> Iterator[str]:
    """A batch is the sum of its payouts; a cancelled one holds nothing."""
    rows = PayoutBatch.objects.annotate(sum=_total(Payout.objects.all(), "batch", "amount_fen"))
    for batch in rows.exclude(sum=F("amount_fen")):
        yield _("付款批次 %(code)s 的合计不等于各户之和。") % {"code": batch.code}
    dead = PayoutBatch.objects.filter(state=BatchState.CANCELLED)
    held = dead.filter(Q(payouts__releases__isnull=False) | Q(payouts__dues__isnull=False))
    for code in held.order_by().values_list("code", flat=True).distinct():
        yield _("作废的付款批次 %(code)s 还占着钱。") % {"code": code}


def releases_are_transfers() -> Iterator[str]:
    """Every share of an order is one transfer to its household, and its slips sum to it."""
    rows = HouseholdRelease.objects.select_related("transfer", "household", "settlement__purchase")
    paid = Case(When(paid_before=True, then=F("extra_fen")), default=F("due_fen") + F("extra_fen"))
    slips = SlipShare.objects.annotate(given=paid)
    for one in rows.annotate(slips=_total(slips, "release", "given")).iterator():
        transfer, order = one.transfer, one.settlement.purchase.code
        right = (one.amount_fen, f"order:{order}", f"household:{one.household.code}")
        if (transfer.amount, transfer.subject, transfer.counterparty) != right:
            yield _("订单 %(code)s 付给一户的和账本不一样。") % {"code": order}
        if one.slips != one.amount_fen:
            yield _("订单 %(code)s 付给一户的不等于过秤单之和。") % {"code": order}


def slips_are_covered_once() -> Iterator[str]:
    """What covers a slip is what orders brought for it, and never more than it is worth."""
    all_of = SlipShare.objects.all()
    rows = PayoutDue.objects.select_related("ticket").annotate(
        brought=_total(all_of, "due", "due_fen"),
        given=_total(all_of.filter(paid_before=False), "due", "due_fen"),
    )
    for due in rows.filter(Q(covered__gt=0) | Q(brought__gt=0)).iterator():
        if fen(due.covered) != due.given or due.brought > fen(due.amount):
            yield _("过秤单 %(code)s 的重量付了不止一次。") % {"code": due.ticket.code}


def payables_are_open_releases() -> Iterator[str]:
    """A household's account holds exactly what orders brought it and no bank has paid."""
    open_ones = HouseholdRelease.objects.exclude(
        payout__isnull=False, payout__batch__state=BatchState.PAID
    )
    sums = open_ones.order_by().values_list("household__code").annotate(Sum("amount_fen"))
    owed = {household_code(code): total for code, total in sums}
    accounts = summed_accounts().filter(code__startswith=household_code(""))
    held = {one.code: one.summed for one in accounts}  # type: ignore[attr-defined]
    for code in sorted({*owed, *held}):
        if owed.get(code, 0) != held.get(code, 0):
            facts = {"code": code, "held": held.get(code, 0), "owed": owed.get(code, 0)}
            yield _("账户 %(code)s 有 %(held)s 分，该有 %(owed)s 分。") % facts


def settlements_are_transfers() -> Iterator[str]:
    """A settled order's transfers sum to what its settlement says."""
    from ledger.models import Transfer

    sums = Transfer.objects.filter(kind=TransferKind.RELEASE, subject__startswith="order:")
    posted = dict(sums.order_by().values_list("subject").annotate(Sum("amount")))
    rows = OrderSettlement.objects.values_list("purchase__code", "amount_fen")
    said = {f"order:{code}": amount for code, amount in rows}
    for subject in sorted({*posted, *said}):
        if posted.get(subject) != said.get(subject):
            yield _("%(subject)s 的结算和账本不一样。") % {"subject": subject}
