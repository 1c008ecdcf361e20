"""Money that its owner owes to the payer in another way, and that must not be refunded as well."""

from django.db import transaction

from payments.errors import TooMuchBack
from payments.models import Payment, PaymentPart
from payments.services.moving import locked


@transaction.atomic
def set_aside(*, code: str, subject: str, amount: int) -> PaymentPart:
    """Take ``amount`` fen of a paid part out of what can be refunded; its owner posts the transfer.

    Raises
    ------
    TooMuchBack
        More than is left of that part.
    """
    payment, part = _locked(code, subject)
    if not 0 < amount <= part.left:
        raise TooMuchBack(wanted=amount, left=part.left)
    return _shift(payment, part, amount)


@transaction.atomic
def put_back(*, code: str, subject: str, amount: int) -> PaymentPart:
    """What was set aside can be refunded again; its owner posts the transfer.

    Raises
    ------
    TooMuchBack
        More than was set aside.
    """
    payment, part = _locked(code, subject)
    if not 0 < amount <= part.aside:
        raise TooMuchBack(wanted=amount, left=part.aside)
    return _shift(payment, part, -amount)


def _locked(code: str, subject: str) -> tuple[Payment, PaymentPart]:
    payment = locked(code)
    return payment, payment.parts.get(subject=subject)


def _shift(payment: Payment, part: PaymentPart, amount: int) -> PaymentPart:
    payment.aside += amount
    part.aside += amount
    payment.save(update_fields=["aside"])
    part.save(update_fields=["aside"])
    return part
