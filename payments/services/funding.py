"""Filling the guarantee fund: one person says that money came, another saw it and confirms."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from payments import books
from payments.bank_numbers import receipt_number
from payments.models import FundDeposit

if TYPE_CHECKING:
    from growers.models import User


@transaction.atomic
def propose_deposit(*, amount_fen: int, number: str, by: "User", at: datetime) -> FundDeposit:
    """Say that so much came under a bank's number; nothing is booked before it is confirmed.

    Raises
    ------
    BadInput
        The amount is nought, or the number is missing, cannot be one, or was used before.
    """
    number = receipt_number(number)
    if amount_fen <= 0:
        raise BadInput(_("金额要大于零。"), field="amount")
    try:
        with transaction.atomic():
            return FundDeposit.objects.create(
                amount=amount_fen, bank_number=number, proposed_by=by, proposed_at=at
            )
    except IntegrityError:
        raise BadInput(_("这个回单号已经登记过了。"), field="number") from None


@transaction.atomic
def confirm_deposit(*, code: str, by: "User", at: datetime) -> FundDeposit:
    """The money is there: it is booked, once; never by the person who said so.

    Raises
    ------
    NotAllowed
        This person said so, or it was confirmed or dropped already.
    """
    row = _waiting(code)
    if row.proposed_by == by:
        raise NotAllowed(_("登记和核对要两个人，请另一位同事来核对。"))
    row.confirmed_by, row.confirmed_at = by, at
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    books.post_deposit(row, by=f"user:{by.pk}", at=at)
    return row


@transaction.atomic
def drop_deposit(*, code: str, at: datetime) -> FundDeposit:
    """It was a mistake: nothing was booked, and the number is free again.

    Raises
    ------
    NotAllowed
        It was confirmed or dropped already.
    """
    row = _waiting(code)
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    return row


def _waiting(code: str) -> FundDeposit:
    row = FundDeposit.objects.select_for_update(of=("self",)).get(code=code)
    if row.confirmed_at is not None:
        raise NotAllowed(_("%s 已经核对入账了。") % code)
    if row.dropped_at is not None:
        raise NotAllowed(_("%s 已经撤掉了。") % code)
    return row
