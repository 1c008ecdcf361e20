"""Charging a saved card: write down, ask, take down; killed anywhere, the sweep goes on from there.

1. The try is written and committed. 2. The provider is asked, with the try's key. 3. What it said,
the payment's state, the ledger and what the owner does are one transaction. A time-out is no
answer: the try stays open, and the same question is asked again.
"""

from datetime import datetime, timedelta

from django.db import transaction

from payments import hooks
from payments.errors import GateClosed, Unreachable
from payments.gateway import Refused, gateway
from payments.models import (
    Attempt,
    AttemptKind,
    AttemptState,
    HostedPage,
    PageState,
    Payment,
    PaymentState,
    Way,
)
from payments.services.gate import gate_is_closed, through_gate
from payments.services.looking import shut_page
from payments.services.moving import WAIT_FOR_ANSWER, locked, move
from payments.services.settling import CURRENCY, fail, params_hash, settle
from payments.states import CHARGEABLE

ERROR_LENGTH = 200
LEFT_ALONE = timedelta(hours=1)  # a buyer on a page is not disturbed so long


def charge(*, code: str, at: datetime) -> Payment:
    """Try a saved card once if it is due; call it outside a transaction.

    Twice at once, or again after it was paid, changes nothing.
    """
    if gate_is_closed():
        return Payment.objects.get(code=code)
    _shut_old_page(code, at=at)
    attempt = _write_down(code=code, at=at)
    settled = None
    if attempt is not None:
        hooks.point("charge.written")
        settled = ask_provider(attempt=attempt, at=at)
    return settled or Payment.objects.get(code=code)


def _shut_old_page(code: str, *, at: datetime) -> None:
    """A page somebody opened and left would keep the card from being tried as planned."""
    old = HostedPage.objects.filter(state=PageState.OPEN, created_at__lte=at - LEFT_ALONE)
    page = old.select_related("payment").filter(payment__code=code).first()
    if page is None or not _is_due(page.payment, at=at):
        return
    try:
        shut_page(page=page, at=at)
    except Unreachable:
        return  # it is tried again with the next wake-up


@transaction.atomic
def _write_down(*, code: str, at: datetime) -> Attempt | None:
    payment = locked(code)
    tries = dict(payment.attempts.values_list("n", "ended_at"))
    if not _is_due(payment, at=at) or None in tries.values():
        return None
    n = max(tries, default=0) + 1
    key = f"payment:{payment.code}:{n}"
    params = _params(payment, key)
    attempt = Attempt.objects.create(
        payment=payment,
        n=n,
        kind=AttemptKind.CARD,
        key=key,
        params=params,
        params_hash=params_hash(params),
        created_at=at,
        look_at=at + WAIT_FOR_ANSWER,
    )
    move(payment, PaymentState.CHARGING)
    return attempt


def _is_due(payment: Payment, *, at: datetime) -> bool:
    planned = payment.next_try_at is not None and payment.next_try_at <= at
    is_card = payment.way == Way.CARD_LATER and bool(payment.card_id)
    return is_card and planned and payment.state in CHARGEABLE


def _params(payment: Payment, key: str) -> dict[str, object]:
    return {
        "amount": payment.amount,
        "currency": CURRENCY,
        "customer": payment.customer_id,
        "payment_method": payment.card_id,
        "description": payment.description,
        "metadata": {"attempt": key, "payment": payment.code},
    }


def ask_provider(*, attempt: Attempt, at: datetime) -> Payment | None:
    """Put the try's question, the same each time, and take down the answer; None without one."""
    if params_hash(attempt.params) != attempt.params_hash:
        _note(attempt, error="the question was changed")
        return None
    try:
        with through_gate(at=at):
            hooks.point("charge.before_call")
            intent = gateway().charge(attempt.params, key=attempt.key)
    except GateClosed:
        return None
    except Unreachable as error:
        _note(attempt, error=error.detail)
        return None
    except Refused as error:
        _refused(attempt, error, at=at)
        return None
    hooks.point("charge.after_call")
    settled = settle(intent=intent, at=at)
    hooks.point("charge.settled")
    return settled


def _note(attempt: Attempt, *, error: str) -> None:
    """Nobody knows what became of it."""
    rows = Attempt.objects.filter(pk=attempt.pk, ended_at__isnull=True)
    rows.update(state=AttemptState.UNKNOWN, error=error[:ERROR_LENGTH])


@transaction.atomic
def _refused(attempt: Attempt, error: Refused, *, at: datetime) -> None:
    """The provider will not do it: no money moved."""
    payment = locked(attempt.payment.code)
    row = payment.attempts.get(pk=attempt.pk)
    if row.is_open:
        row.error = str(error)[:ERROR_LENGTH]
        fail(payment, row, code=error.code or "refused", at=at)
