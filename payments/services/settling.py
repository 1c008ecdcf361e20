"""What the provider says about a try, taken down once: the answer to a call, a message and a sweep
all come here, and whoever is second changes nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from payments import books, hooks, plan, ports
from payments.errors import Mismatch
from payments.gateway import Intent
from payments.models import (
    Attempt,
    AttemptKind,
    AttemptState,
    DeclineKind,
    PageState,
    Payment,
    PaymentState,
    Refund,
)
from payments.services.moving import move
from payments.states import ENDED, UNPAID
from payments.tasks import wake
from payments.texts import tell_of_surplus

CURRENCY = "cny"
STATE_OF = {
    DeclineKind.SOFT: PaymentState.FAILED_SOFT,
    DeclineKind.HARD: PaymentState.FAILED_HARD,
    DeclineKind.NEVER: PaymentState.FAILED_HARD,
    DeclineKind.NEEDS_BUYER: PaymentState.ACTION_REQUIRED,
}


class NotOurs(LookupError):
    """The provider speaks of something we have no row of (yet)."""


def params_hash(params: Mapping[str, Any]) -> str:
    """What tells two questions apart."""
    text = json.dumps(params, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def settle(*, intent: Intent, at: datetime) -> Payment:
    """Take down what became of a try.

    Raises
    ------
    NotOurs
        No try of ours has this key.
    Mismatch
        The amount is not the one that was asked for.
    """
    attempt = _attempt_of(intent)
    payment = attempt.payment
    if intent.state == "succeeded":
        _succeeded(payment, attempt, intent, at=at)
    elif intent.state in ("declined", "cancelled"):
        _declined(payment, attempt, intent, at=at)
    elif attempt.is_open:
        attempt.state, attempt.intent_id = AttemptState.SENT, intent.id
        attempt.save()
    hooks.point("settle.before_commit")
    return payment


def _attempt_of(intent: Intent) -> Attempt:
    rows = Payment.objects.select_for_update(of=("self",))
    payment = rows.filter(attempts__key=intent.attempt).first() if intent.attempt else None
    if payment is None:
        raise NotOurs(intent.id)
    attempt = payment.attempts.get(key=intent.attempt)
    attempt.payment = payment
    return attempt


def _succeeded(payment: Payment, attempt: Attempt, intent: Intent, *, at: datetime) -> None:
    if (intent.amount, intent.currency) != (payment.amount, CURRENCY):
        raise Mismatch(f"{attempt.key}: {intent.amount} {intent.currency}")
    if attempt.state in (AttemptState.SUCCEEDED, AttemptState.SURPLUS):
        _book_line(payment, attempt, intent, at=at)
        return
    attempt.intent_id, attempt.ended_at, attempt.error = intent.id, at, ""
    wanted = _is_wanted(payment)
    attempt.state = AttemptState.SUCCEEDED if wanted else AttemptState.SURPLUS
    attempt.save()
    if wanted:
        _take_money(payment, attempt, intent, at=at)
    else:
        _send_back(payment, attempt, at=at)
        _book_line(payment, attempt, intent, at=at)


def _book_line(payment: Payment, attempt: Attempt, intent: Intent, *, at: datetime) -> None:
    if intent.line is not None:
        subject = payment.parts.order_by("pk")[0].subject
        books.post_line(intent.line, group=attempt.key, subject=subject, at=at)


def _is_wanted(payment: Payment) -> bool:
    if payment.state in ENDED:
        return ports.owner_of(payment).is_wanted(payment)
    return payment.state in UNPAID


def _take_money(payment: Payment, attempt: Attempt, intent: Intent, *, at: datetime) -> None:
    parts = list(payment.parts.order_by("pk"))
    payment.parts.update(paid=F("amount"))
    payment.paid, payment.paid_at, payment.paid_with = payment.amount, at, intent.means
    payment.next_try_at = payment.ended_at = None
    payment.decline_code = payment.decline_kind = ""
    payment.tidy_at = at
    move(payment, PaymentState.PAID)
    books.post_paid(attempt, parts, line=intent.line, at=at)
    ports.owner_of(payment).paid(payment, at=at)
    wake("tidy", [payment.code])


def _send_back(payment: Payment, attempt: Attempt, *, at: datetime) -> None:
    """Money came that nobody wants: it goes back whole, and never was in escrow."""
    subject = payment.parts.order_by("pk")[0].subject
    books.post_surplus(attempt, subject=subject, at=at)
    refund = Refund.objects.create(
        key=f"surplus:{attempt.key}",
        payment=payment,
        attempt=attempt,
        amount=payment.amount,
        reason="surplus",
        created_at=at,
        next_try_at=at,
    )
    tell_of_surplus(payment, at=at)
    wake("give_back", [refund.code])


def _declined(payment: Payment, attempt: Attempt, intent: Intent, *, at: datetime) -> None:
    """A decline is final for its key; on a page the buyer goes on trying until the page is shut."""
    if not attempt.is_open:
        return
    if attempt.kind == AttemptKind.PAGE and attempt.page.state == PageState.OPEN:
        return
    attempt.intent_id = intent.id or attempt.intent_id
    fail(payment, attempt, code=intent.decline or intent.state, at=at)


def fail(payment: Payment, attempt: Attempt, *, code: str, at: datetime) -> None:
    """End a try that brought nothing; of a card, plan the next and tell the owner.

    The payment is locked by the caller.
    """
    attempt.state, attempt.ended_at, attempt.decline_code = AttemptState.FAILED, at, code[:60]
    attempt.save()
    if attempt.kind != AttemptKind.CARD or payment.state != PaymentState.CHARGING:
        return
    kind = plan.kind_of(code)
    payment.decline_code, payment.decline_kind = code[:60], kind
    due_at = payment.due_at or at
    payment.next_try_at = plan.next_try(kind=kind, due_at=due_at, after=at)
    payment.woken_at = None
    move(payment, STATE_OF[kind])
    ports.owner_of(payment).troubled(payment, at=at)


def lose(payment: Payment, attempt: Attempt, *, at: datetime) -> None:
    """End a try of which the provider knows nothing; a card is tried anew at once."""
    attempt.state, attempt.ended_at, attempt.error = AttemptState.FAILED, at, "lost"
    attempt.save()
    if payment.state == PaymentState.CHARGING:
        payment.next_try_at, payment.woken_at = at, at
        move(payment, PaymentState.DUE)
        wake("charge", [payment.code])
