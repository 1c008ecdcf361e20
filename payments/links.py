"""The signed address under which a buyer pays without signing in."""

from datetime import datetime

from django.core import signing
from django.urls import reverse

from payments import plan
from payments.models import Payment, Way

SALT = "payments.pay"


def pay_link(payment: Payment) -> str:
    """A path of ours, to be told to the payer only: whoever has it may pay."""
    return reverse("payments:pay", args=[token_of(payment)])


def token_of(payment: Payment) -> str:
    """What stands in the path: the code with our signature."""
    return signing.Signer(salt=SALT).sign(payment.code)


def code_of(token: str) -> str | None:
    """The payment's code, None when the signature is not ours."""
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None


def open_until(payment: Payment) -> datetime | None:
    """When paying by the link ends; None while nothing is due."""
    if payment.way == Way.CARD_LATER and payment.due_at is not None:
        return payment.due_at + plan.GIVE_UP_AFTER
    return payment.lapse_at
