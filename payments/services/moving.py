"""Locking a payment and moving it; every service goes through here."""

from datetime import timedelta

from payments.models import Attempt, Payment
from payments.states import NEXT_PAYMENT

WAIT_FOR_ANSWER = timedelta(minutes=2)  # longer than any call to the provider may take


def locked(code: str) -> Payment:
    """The payment, held until the transaction ends; all its rows are written under this lock."""
    return Payment.objects.select_for_update().get(code=code)


def move(payment: Payment, state: str) -> None:
    """Take a step of the table and save.

    Raises
    ------
    ValueError
        The table knows no such step.
    """
    if state != payment.state and state not in NEXT_PAYMENT[payment.state]:
        raise ValueError(f"{payment.code}: {payment.state} does not become {state}")
    payment.state = state
    payment.save()


def open_attempt(payment: Payment) -> Attempt | None:
    """The try whose result is still to come."""
    return payment.attempts.filter(ended_at__isnull=True).first()


def next_number(payment: Payment) -> int:
    """The number of the next try."""
    last = payment.attempts.order_by("-n").values_list("n", flat=True).first()
    return (last or 0) + 1
