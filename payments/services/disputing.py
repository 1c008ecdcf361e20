"""A payer's bank takes money back, and sometimes gives it back again."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from ledger.books import balance_of
from ledger.models import Account, Transfer, TransferKind
from payments import books, ports
from payments.gateway import Disputed, Line, gateway
from payments.models import (
    Attempt,
    Dispute,
    Movement,
    Payment,
    PaymentPart,
    Refund,
    RefundState,
)
from payments.services.moving import locked
from payments.services.settling import NotOurs
from payments.taken_back import LOST, taking, with_taken_back

if TYPE_CHECKING:
    from growers.models import User


def look_at_dispute(*, id: str, at: datetime) -> Dispute:
    """Fetch a dispute and take it down."""
    return settle_dispute(found=gateway().disputed(id), at=at)


def settle_dispute(*, found: Disputed, at: datetime) -> Dispute:
    """Know of it first, then post what the bank took or gave back. Outside a transaction.

    What cannot be posted yet is known all the same: nobody may send that money once more.

    Raises
    ------
    NotOurs
        The money was not taken by us.
    Overdrawn
        Neither the guarantee fund nor what waits in escrow is enough: a person must look.
    """
    row = _noted(found, at=at)
    _post_lines(found, code=row.payment.code, at=at)
    return row


@transaction.atomic
def _noted(found: Disputed, *, at: datetime) -> Dispute:
    code = Attempt.objects.filter(intent_id=found.intent).values_list("payment__code", flat=True)
    if not found.intent or not code:
        raise NotOurs(found.id)
    payment = locked(code[0])
    facts = {"amount": found.amount, "state": found.state, "seen_at": at}
    row, _made = Dispute.objects.update_or_create(
        provider_id=found.id,
        defaults=facts,
        create_defaults={**facts, "payment": payment, "opened_at": found.at},
    )
    return row


@transaction.atomic
def _post_lines(found: Disputed, *, code: str, at: datetime) -> None:
    """Each line of the provider's books, once."""
    part = locked(code).parts.order_by("pk")[0]
    for line in found.lines:
        if not Movement.objects.filter(provider_id=line.id).exists():
            bearer = _bearer(found, line, part)
            subject = part.subject
            books.post_dispute(line, bearer=bearer, group=found.id, subject=subject, at=at)
            books.post_line(line, group=found.id, subject=subject, at=at)


def _bearer(found: Disputed, line: Line, part: PaymentPart) -> Account:
    """The guarantee fund bears it while it can, else what still waits for this very buyer."""
    if line.amount > 0:
        taken = Transfer.objects.filter(group=found.id, kind=TransferKind.DISPUTE)
        first = taken.select_related("debit").first()
        return books.guarantee() if first is None else first.debit
    fund = books.guarantee()
    return fund if balance_of(fund) >= -line.amount else books.escrow(part.escrow)


# A dispute that is lost: its owed refund is closed ------------------------------------------------


@transaction.atomic
def close_taken_back(*, code: str, by: "User", at: datetime) -> Refund:
    """Close an owed refund whose money the payer's bank has returned; again, it changes nothing.

    The dispute took the money from the guarantee fund or the escrow; what was still promised goes
    back to the same account.

    Raises
    ------
    NotAllowed
        It is not owed, the bank took nothing of it or less than it, or has not decided, or the
        bank's part is not posted yet.
    """
    row = Refund.objects.select_related("payment", "part").get(code=code)
    row.payment = locked(row.payment.code)
    row.refresh_from_db(fields=["state"])
    if row.state == RefundState.TAKEN_BACK:
        return row
    _refuse_what_is_open(row)
    bearer = _who_bore(row.payment)
    books.post_refund_taken_by_bank(row, bearer=bearer, by=f"user:{by.pk}", at=at)
    row.state, row.ended_at, row.next_try_at = RefundState.TAKEN_BACK, at, None
    row.save()
    if row.part is not None:
        ports.owner_of(row.payment).refunded(row, at=at)
    return row


def _refuse_what_is_open(row: Refund) -> None:
    taken = with_taken_back(Refund.objects.filter(pk=row.pk, state=RefundState.OFFLINE)).first()
    if taken is None or not taken.is_taken_back:
        raise NotAllowed(_("这一笔没有被付款人的银行要回。"))
    if taken.is_undecided:
        raise NotAllowed(_("银行还没有判，判了再结。"))
    lost = taking().filter(payment=row.payment, state=LOST)
    closed = row.payment.refunds.filter(state=RefundState.TAKEN_BACK)
    if row.amount > _fen(lost) - _fen(closed):
        raise NotAllowed(_("银行要回的比这一笔少，差的那一部分请技术人员看。"))


def _fen(rows: QuerySet[Dispute] | QuerySet[Refund]) -> int:
    return int(rows.aggregate(fen=Sum("amount"))["fen"] or 0)


def _who_bore(payment: Payment) -> Account:
    groups = list(payment.disputes.values_list("provider_id", flat=True))
    taken = Transfer.objects.filter(group__in=groups, kind=TransferKind.DISPUTE)
    first = taken.select_related("debit").order_by("pk").first()
    if first is None:
        raise NotAllowed(_("银行要走的钱还没有入账。先把保证金补够，再看一次那条通知。"))
    return first.debit
