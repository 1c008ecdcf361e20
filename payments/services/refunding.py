"""Giving money back: promised in one transaction, sent by a job, settled by what the provider says.

Once promised it is owed. If the provider cannot return it (the window of a wallet is over, an
account is closed) people send it by bank, one saying so and another checking.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from payments import books, hooks, plan, ports
from payments.bank_numbers import receipt_number
from payments.errors import GateClosed, NothingToPay, TooMuchBack, Unreachable
from payments.gateway import Line, Refused, Returned, gateway
from payments.models import (
    AttemptState,
    Payment,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
)
from payments.services.gate import through_gate
from payments.services.moving import locked
from payments.services.settling import NotOurs
from payments.states import REFUND_RANK
from payments.taken_back import with_taken_back
from payments.tasks import wake

if TYPE_CHECKING:
    from growers.models import User

KEY_LASTS = timedelta(hours=23)  # the provider keeps what a key meant for 24
LEASE = timedelta(minutes=2)
ASK_AFTER = timedelta(hours=6)  # its message should have come by then
ERROR_LENGTH = 200
TO_SEND = (RefundState.ASKED, RefundState.UNKNOWN)


@transaction.atomic
def refund(
    *,
    code: str,
    subject: str,
    amount: int,
    key: str,
    reason: str,
    by: "User | None",
    at: datetime,
) -> Refund:
    """Owe ``amount`` fen of the part ``subject`` back to the payer, once for ``key``.

    Raises
    ------
    TooMuchBack
        More than is left of that part.
    NothingToPay
        It was not paid.
    """
    payment = locked(code)
    found = Refund.objects.filter(key=key).first()
    if found is not None:
        return found
    if payment.state != PaymentState.PAID:
        raise NothingToPay(_("这一笔还没付，没有可退的。"))
    part = payment.parts.get(subject=subject)
    if not 0 < amount <= part.left:
        raise TooMuchBack(wanted=amount, left=part.left)
    row = Refund(key=key, payment=payment, part=part, amount=amount, reason=reason[:200], by=by)
    return _owe(row, payment, part, at=at)


def _owe(row: Refund, payment: Payment, part: PaymentPart, *, at: datetime) -> Refund:
    part.refunded += row.amount
    payment.refunded += row.amount
    part.save(update_fields=["refunded"])
    payment.save(update_fields=["refunded"])
    row.attempt = payment.attempts.get(state=AttemptState.SUCCEEDED)
    row.created_at = row.next_try_at = at
    paid_at = payment.paid_at or at
    if not plan.refund_is_open(paid_with=payment.paid_with, paid_at=paid_at, at=at):
        row.state, row.next_try_at, row.error = RefundState.OFFLINE, None, "window"
    row.save()
    books.post_refund_asked(row, part, at=at)
    wake("give_back", [row.code])
    return row


def send(*, code: str, at: datetime) -> Refund:
    """Ask the provider to return it, if that is still to be done; outside a transaction."""
    row = _claimed(code, at=at)
    if row is not None:
        hooks.point("refund.claimed")
        _ask(row, at=at)
    return Refund.objects.get(code=code)


def _claimed(code: str, *, at: datetime) -> Refund | None:
    due = Refund.objects.filter(code=code, state__in=TO_SEND, next_try_at__lte=at)
    if not due.update(next_try_at=at + LEASE):
        return None
    Refund.objects.filter(code=code, tried_at__isnull=True).update(tried_at=at)
    return Refund.objects.select_related("attempt").get(code=code)


def _ask(row: Refund, *, at: datetime) -> None:
    try:
        with through_gate(at=at):
            returned = _send_or_find(row, at=at)
    except GateClosed:
        return
    except Unreachable as error:
        open_rows = Refund.objects.filter(pk=row.pk, state__in=TO_SEND)
        open_rows.update(state=RefundState.UNKNOWN, error=error.detail[:ERROR_LENGTH])
        return
    except Refused as error:
        _fail(row.code, error=error.code or str(error), at=at)
        return
    hooks.point("refund.after_call")
    settle_refund(returned=returned, at=at)


def _send_or_find(row: Refund, *, at: datetime) -> Returned:
    """A key too old to be repeated might pay twice: look whether it was done first."""
    intent = row.attempt.intent_id or ""
    if row.tried_at is not None and at >= row.tried_at + KEY_LASTS:
        found = gateway().find_returned(intent=intent, refund=row.code)
        if found is not None:
            return found
        Refund.objects.filter(pk=row.pk).update(tried_at=at)
    return gateway().give_back(intent=intent, amount=row.amount, refund=row.code)


@transaction.atomic
def settle_refund(*, returned: Returned, at: datetime) -> Refund:
    """Take down what became of a refund; later words of lower rank change nothing.

    Raises
    ------
    NotOurs
        No refund of ours has this code.
    """
    row = _locked_refund(returned)
    _post_lines(row, returned.lines, at=at)
    state = RefundState(returned.state)
    if REFUND_RANK[state] <= REFUND_RANK[row.state]:
        return row
    row.provider_id, row.next_try_at = returned.id, None
    if state == RefundState.FAILED:
        _to_people(row, error=returned.error or "failed", at=at)
        return row
    row.state, row.error = state, ""
    if state == RefundState.PENDING:
        row.next_try_at = at + ASK_AFTER
    if state == RefundState.SUCCEEDED:
        _reached(row, at=at)
    row.save()
    hooks.point("refund.before_commit")
    return row


def _locked_refund(returned: Returned) -> Refund:
    found = Refund.objects.filter(code=returned.refund).values_list("payment__code", flat=True)
    if not returned.refund or not found:
        raise NotOurs(returned.id)
    payment = locked(found[0])
    row = payment.refunds.select_related("part", "attempt").get(code=returned.refund)
    row.payment = payment
    return row


def _post_lines(row: Refund, lines: tuple[Line, ...], *, at: datetime) -> None:
    """Money left, or came back: follow the provider's own books."""
    for line in sorted(lines, key=lambda one: one.amount):
        books.post_line(line, group=row.code, subject=books.ledger_subject(row), at=at)
        if line.amount < 0:
            books.post_refund_left(row, at=at)
        else:
            books.post_refund_came_back(row, at=at)


def _reached(row: Refund, *, at: datetime) -> None:
    row.ended_at = at
    books.post_refund_left(row, at=at)
    if row.part is not None:
        row.save()
        ports.owner_of(row.payment).refunded(row, at=at)


def _to_people(row: Refund, *, error: str, at: datetime) -> None:
    """The provider cannot return it: it stays owed, and is sent by bank."""
    row.state, row.error, row.ended_at = RefundState.OFFLINE, error[:ERROR_LENGTH], None
    row.next_try_at = None
    row.save()
    if row.part is not None:
        ports.owner_of(row.payment).refund_failed(row, at=at)


@transaction.atomic
def _fail(code: str, *, error: str, at: datetime) -> None:
    row = Refund.objects.select_related("payment").get(code=code)
    row.payment = locked(row.payment.code)
    row.refresh_from_db(fields=["state", "provider_id"])
    if row.state in TO_SEND:
        _to_people(row, error=error, at=at)


# By bank: one says it was sent, another approves --------------------------------------------------


@transaction.atomic
def propose_by_bank(*, code: str, number: str, by: "User", at: datetime) -> Refund:
    """Say that it was sent by bank under this number; somebody else must check it.

    Raises
    ------
    BadInput
        The number is missing or cannot be one.
    NotAllowed
        It is not waiting to be sent by bank, or the payer's bank has the money already.
    """
    row = _waiting_for_bank(code)
    row.bank_number, row.proposed_by = receipt_number(number), by
    row.save(update_fields=["bank_number", "proposed_by"])
    return row


@transaction.atomic
def approve_by_bank(*, code: str, number: str, by: "User", at: datetime) -> Refund:
    """Confirm that the bank sent it under this number; never the person who said so.

    Raises
    ------
    NotAllowed
        Nobody said yet that it was sent, or it was this person, or under another number by now,
        or the payer's bank has the money already.
    """
    row = _waiting_for_bank(code)
    if row.proposed_by is None:
        raise NotAllowed(_("还没有人登记银行回单号。"))
    if row.bank_number != number:
        raise NotAllowed(_("回单号刚刚改过，看一眼新的再核对。"))
    if row.proposed_by == by:
        raise NotAllowed(_("登记和核对要两个人，请另一位同事来核对。"))
    row.state, row.approved_by, row.ended_at = RefundState.OFFLINE_PAID, by, at
    row.save()
    books.post_refund_by_bank(row, by=f"user:{by.pk}", at=at)
    if row.part is not None:
        ports.owner_of(row.payment).refunded(row, at=at)
    return row


def _waiting_for_bank(code: str) -> Refund:
    row = Refund.objects.select_related("payment", "part", "proposed_by").get(code=code)
    row.payment = locked(row.payment.code)
    row.refresh_from_db(fields=["state", "proposed_by", "bank_number"])
    if row.state != RefundState.OFFLINE:
        raise NotAllowed(_("这一笔退款不在等银行转账。"))
    if with_taken_back(Refund.objects.filter(pk=row.pk)).filter(is_taken_back=True).exists():
        raise NotAllowed(_("付款人的银行已经要回了这笔钱，再转账就退重了。"))
    return row
