"""The seller failed: a deposit goes back twice (product.md E11).

The refund of the deposit itself is one like any other (``collecting.refund_all``). What is here is
the same amount again: owed in the transaction that declares the failure, or in which the shop
cancels one order (``shop_cancelling``); taken by the tick from what the shop is owed, else from the
guarantee fund, once for its key; then sent by bank by one person and checked by another. Where
neither account has enough it stays owed, and is tried again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import yuan
from core.units import from_fen
from growers.models import User
from ledger.errors import Overdrawn
from ledger.models import Account, AccountKind, TransferKind
from ledger.services import Entry, open_account, post
from payments import books
from payments.bank_numbers import receipt_number
from payments.models import Payment, PaymentState
from shop import pledge_wording as paying
from shop.models import DoubleDeposit, DoubleState, Pledge
from shop.services.pledge_notices import tell_all
from shop.services.telling import with_words

log = logging.getLogger(__name__)

HELD = "deposits_doubled"  # owed to backers and not yet sent
MADE_BY = "job:double_deposits"


def owe_doubles(pledges: Sequence[Pledge], *, at: datetime) -> int:
    """Write down a second deposit for those who paid one; in the failure's own transaction.

    A pledge that has one already gets no other.
    """
    codes = [pledge.deposit_code for pledge in pledges if pledge.deposit_code]
    paid = Payment.objects.filter(code__in=codes, state=PaymentState.PAID)
    amounts = dict(paid.values_list("code", "paid"))
    before = set(
        DoubleDeposit.objects.filter(pledge__in=pledges).values_list("pledge_id", flat=True)
    )
    rows = [
        DoubleDeposit(pledge=pledge, amount_fen=amounts[pledge.deposit_code], owed_at=at)
        for pledge in pledges
        if pledge.deposit_code in amounts and pledge.pk not in before
    ]
    DoubleDeposit.objects.bulk_create(rows, batch_size=500)
    _tell([row.pledge for row in rows], paying.DOUBLE_OWED, at=at)
    return len(rows)


def fund_doubles(*, at: datetime) -> int:
    """Take what is owed from who bears it; how many. Killed at any point, the next goes on."""
    owed = DoubleDeposit.objects.filter(state=DoubleState.OWED)
    return sum(_fund(pk, at=at) for pk in list(owed.values_list("pk", flat=True)))


@transaction.atomic
def _fund(pk: int, *, at: datetime) -> bool:
    rows = DoubleDeposit.objects.select_for_update(of=("self",))
    row = rows.select_related("pledge__campaign__listing__shop").get(pk=pk)
    if row.state != DoubleState.OWED:
        return False
    for source, bearer in _bearers(row.pledge):
        try:
            post(entries=[_entry(row, source, bearer)], made_by=MADE_BY, at=at)
        except Overdrawn:
            continue
        row.state, row.source, row.funded_at = DoubleState.FUNDED, source.code, at
        row.save()
        return True
    log.warning("nobody can bear the second deposit of pledge %s yet", row.pledge.code)
    return False


def _bearers(pledge: Pledge) -> list[tuple[Account, str]]:
    """The shop that failed, before the fund that stands in for it."""
    shop = pledge.campaign.listing.shop.code
    own = open_account(code=f"payable:shop:{shop}", kind=AccountKind.PAYABLE)
    return [(own, f"shop:{shop}"), (books.guarantee(), "platform:guarantee")]


def _entry(row: DoubleDeposit, source: Account, bearer: str) -> Entry:
    return Entry(
        key=f"double:{row.pledge.code}:owe",
        kind=TransferKind.AMENDS,
        debit=source,
        credit=open_account(code=HELD, kind=AccountKind.REFUND),
        amount=row.amount_fen,
        subject=f"pledge:{row.pledge.code}",
        counterparty=bearer,
    )


@transaction.atomic
def propose_double(*, code: str, number: str, by: User) -> DoubleDeposit:
    """Say that it left by bank under this number; somebody else must check it.

    Raises
    ------
    BadInput
        The number is missing, cannot be one, or another second deposit left under it.
    NotAllowed
        It is not waiting to be sent.
    """
    row = _waiting(code)
    row.bank_number, row.proposed_by = receipt_number(number), by
    try:
        with transaction.atomic():
            row.save(update_fields=["bank_number", "proposed_by"])
    except IntegrityError:
        raise BadInput(_("这个回单号已经登记过了。"), field="number") from None
    return row


@transaction.atomic
def approve_double(*, code: str, number: str, by: User, at: datetime) -> DoubleDeposit:
    """Confirm that the bank sent it under this number; never the person who said so.

    Raises
    ------
    NotAllowed
        Nobody said yet that it was sent, or it was this person, or under another number by now.
    """
    row = _waiting(code)
    if row.proposed_by_id is None:
        raise NotAllowed(_("还没有人登记银行回单号。"))
    if row.bank_number != number:
        raise NotAllowed(_("回单号刚刚改过，看一眼新的再核对。"))
    if row.proposed_by_id == by.pk:
        raise NotAllowed(_("登记和核对要两个人，请另一位同事来核对。"))
    entry = Entry(
        key=f"double:{code}:bank",
        kind=TransferKind.AMENDS,
        debit=open_account(code=HELD, kind=AccountKind.REFUND),
        credit=books.bank_out(),
        amount=row.amount_fen,
        subject=f"pledge:{code}",
        counterparty="platform:bank",
    )
    post(entries=[entry], made_by=f"user:{by.pk}", at=at)
    row.state, row.approved_by, row.paid_at = DoubleState.PAID, by, at
    row.save()
    _tell([row.pledge], paying.DOUBLE_PAID, at=at)
    return row


def _waiting(code: str) -> DoubleDeposit:
    rows = DoubleDeposit.objects.select_for_update(of=("self",)).select_related("pledge")
    row = rows.get(pledge__code=code)
    if row.state != DoubleState.FUNDED:
        raise NotAllowed(_("这一份现在“%(state)s”。") % {"state": row.get_state_display()})
    return row


def _tell(pledges: Sequence[Pledge], template: str, *, at: datetime) -> None:
    told = with_words(Pledge.objects.filter(pk__in=[pledge.pk for pledge in pledges]))
    amounts = dict(
        DoubleDeposit.objects.filter(pledge__in=told).values_list("pledge_id", "amount_fen")
    )
    tell_all(told, template, at=at, more=lambda one: {"refund": yuan(from_fen(amounts[one.pk]))})
