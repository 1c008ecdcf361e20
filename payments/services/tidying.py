"""Closing what is not needed any more: open pages, and saved cards after paying or giving up."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from payments.errors import Unreachable
from payments.gateway import Missing, Refused, gateway
from payments.models import PageState, Payment, PaymentState
from payments.services.looking import offers_too_much, shut_page
from payments.services.moving import open_attempt
from payments.states import ENDED

PAUSE = timedelta(minutes=5)
ROWS_AT_ONCE = 100


def to_tidy(*, at: datetime) -> QuerySet[Payment]:
    """Payments with something to close."""
    return Payment.objects.filter(tidy_at__lte=at).order_by("tidy_at", "pk")


def tidy_due(*, at: datetime) -> int:
    """Tidy all that is due; how many were looked at."""
    rows = list(to_tidy(at=at).values_list("code", flat=True)[:ROWS_AT_ONCE])
    for code in rows:
        tidy(code=code, at=at)
    return len(rows)


def tidy(*, code: str, at: datetime) -> None:
    """Close the pages and forget the cards of one payment; what fails is tried again."""
    claimed = to_tidy(at=at).filter(code=code).order_by()
    if not claimed.update(tidy_at=at + PAUSE):
        return
    payment = Payment.objects.get(code=code)
    try:
        _tidy(payment, at=at)
    except (Unreachable, Refused):
        return  # it comes due again
    if open_attempt(payment) is None or payment.state not in ENDED | {PaymentState.PAID}:
        Payment.objects.filter(code=code, tidy_at=at + PAUSE).update(tidy_at=None)


def _tidy(payment: Payment, *, at: datetime) -> None:
    over = payment.state in ENDED or payment.state == PaymentState.PAID
    for page in payment.pages.filter(state=PageState.OPEN):
        if over or offers_too_much(page, payment):
            shut_page(page=page, at=at)
    for card in payment.old_cards:
        _forget(card)
    Payment.objects.filter(pk=payment.pk, old_cards=payment.old_cards).update(old_cards=[])
    if over and payment.card_id and open_attempt(payment) is None:
        _forget(payment.card_id)
        Payment.objects.filter(pk=payment.pk, card_id=payment.card_id).update(card_id="")


def _forget(card: str) -> None:
    try:
        gateway().forget_card(card)
    except Missing:
        return  # forgotten already
