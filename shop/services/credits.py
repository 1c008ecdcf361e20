"""Shop credit: given after a short harvest, spent on orders, brought back, paid out in money.

Everything is one transfer between an escrow and the credit's own account, in the transaction of
what causes it. Locks are taken last, after those of payments and orders, by number.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.templatetags.shanhuo import yuan
from core.units import from_fen, shares
from ledger.models import Account, AccountKind, Transfer, TransferKind
from ledger.services import Entry, open_account, post
from payments import services as payments
from payments.models import Payment, Refund
from shop.models import Credit, CreditUse, Pledge, Purchase, SetbackChoice
from shop.selectors.bills import credit_spent
from shop.selectors.credits import Holder, credits_of, is_frozen, spendable
from shop.services.pledge_moves import lock_payment
from shop.services.pledge_payments import payments_of

MADE_BY = "job:credit"


@transaction.atomic
def give_credit(*, choice: SetbackChoice, pledge: Pledge, amount: int, at: datetime) -> int:
    """Keep up to ``amount`` fen of what a locked pledge was paid as credit; how many fen."""
    given = 0
    for payment in payments_of(pledge):
        part = min(payment.left, amount - given)
        if part > 0:
            _give(choice, pledge, payment, part, at=at)
            given += part
    return given


def _give(
    choice: SetbackChoice, pledge: Pledge, payment: Payment, amount: int, *, at: datetime
) -> None:
    subject, code = f"pledge:{pledge.code}", new_code("CR")
    part = payments.set_aside(code=payment.code, subject=subject, amount=amount)
    account = open_account(code=f"credit:{code}", kind=AccountKind.PAYABLE)
    Credit.objects.create(
        code=code,
        choice=choice,
        payment_code=payment.code,
        user=pledge.user,
        mobile=pledge.mobile,
        account=account,
        given_fen=amount,
        given_at=at,
    )
    entry = Entry(
        key=f"credit:{code}:given",
        kind=TransferKind.REFUND,
        debit=_escrow(part.escrow),
        credit=account,
        amount=amount,
        subject=subject,
    )
    post(entries=[entry], made_by=MADE_BY, at=at)


def _escrow(code: str) -> Account:
    return open_account(code=code, kind=AccountKind.ESCROW)


@transaction.atomic
def spend_credit(
    *,
    holder: Holder,
    seen_fen: int,
    needs: Sequence[tuple[Purchase, str, int]],
    at: datetime,
) -> int:
    """Put a person's credit into the orders of a checkout, the oldest first; how many fen.

    ``needs`` are the orders, the escrow of each and what each still comes to; ``seen_fen`` is what
    the person was shown to have.

    Raises
    ------
    BadInput
        It is not what was shown any more: another checkout was faster, or some came back.
    """
    found = list(spendable(credits_of(holder)).select_for_update(of=("self",)).order_by("pk"))
    balances = _balances(found)
    here = sum(balances.values())
    if here != seen_fen:
        text = _("购物金刚刚变了，现在有 %(here)s，看一眼再下单。")
        raise BadInput(text % {"here": yuan(from_fen(here))}, field="use_credit")
    dues = [due for _one, _code, due in needs]
    total = credit_spent(here, sum(dues))
    parts = shares(total, dues) if total else [0] * len(dues)
    for (purchase, escrow, _due), part in zip(needs, parts, strict=True):
        _put_in(_taken(found, balances, part), purchase, _escrow(escrow), at=at)
    return total


def _put_in(
    taken: Sequence[tuple[Credit, int]], purchase: Purchase, escrow: Account, *, at: datetime
) -> None:
    CreditUse.objects.bulk_create(
        CreditUse(credit=credit, purchase=purchase, amount_fen=amount) for credit, amount in taken
    )
    entries = [_into_order(credit, purchase, escrow, amount) for credit, amount in taken]
    post(entries=entries, made_by=MADE_BY, at=at)


def _balances(found: Iterable[Credit]) -> dict[int, int]:
    """What is left of each; the rows are locked, so nobody else takes of it now."""
    rows = Account.objects.filter(pk__in=[credit.account_id for credit in found])
    kept = dict(rows.values_list("pk", "balance"))
    return {credit.pk: int(kept[credit.account_id] or 0) for credit in found}


def _taken(
    found: Sequence[Credit], balances: dict[int, int], wanted: int
) -> list[tuple[Credit, int]]:
    taken = []
    for credit in found:
        amount = min(balances[credit.pk], wanted)
        if amount > 0:
            balances[credit.pk] -= amount
            wanted -= amount
            taken.append((credit, amount))
    return taken


def _into_order(credit: Credit, purchase: Purchase, escrow: Account, amount: int) -> Entry:
    return Entry(
        key=f"credit:{credit.code}:spent:{purchase.code}",
        kind=TransferKind.PAY,
        debit=Account(pk=credit.account_id),
        credit=escrow,
        amount=amount,
        subject=f"order:{purchase.code}",
    )


@transaction.atomic
def bring_credit_back(
    *, purchase: Purchase, amount: int, escrow: str, key: str, at: datetime
) -> int:
    """Up to ``amount`` fen of the credit in an order go back to where they came from; how many.

    Once for ``key``: the caller has looked whether it was done before.
    """
    uses = CreditUse.objects.filter(purchase=purchase).select_related("credit")
    entries, back = [], 0
    for use in uses.select_for_update(of=("self",)).order_by("-pk"):
        part = min(use.left, amount - back)
        if part > 0:
            CreditUse.objects.filter(pk=use.pk).update(back_fen=F("back_fen") + part)
            entries.append(_out_of_order(use, purchase, _escrow(escrow), part, key=key))
            back += part
    post(entries=entries, made_by=MADE_BY, at=at)
    return back


def _out_of_order(
    use: CreditUse, purchase: Purchase, escrow: Account, amount: int, *, key: str
) -> Entry:
    return Entry(
        key=f"credit-back:{key}:{use.pk}",
        kind=TransferKind.REFUND,
        debit=escrow,
        credit=Account(pk=use.credit.account_id),
        amount=amount,
        subject=f"order:{purchase.code}",
    )


def credit_brought_back(key: str) -> int:
    """Fen that came back into credits under a key before."""
    rows = Transfer.objects.filter(key__startswith=f"credit-back:{key}:")
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


@transaction.atomic
def pay_out(*, code: str, at: datetime) -> Refund:
    """Give all that is left of a credit back in money, the way it was paid.

    Raises
    ------
    NotAllowed
        Nothing is left of it, or a bank takes back what it came of.
    """
    rows = Credit.objects.select_related("choice__pledge", "account")
    pledge = rows.get(code=code).choice.pledge
    lock_payment(pledge)
    credit = rows.select_for_update(of=("self",)).get(code=code)
    amount = _balances([credit])[credit.pk]
    if amount <= 0:
        raise NotAllowed(_("这一笔购物金已经没有余额了。"))
    if is_frozen(credit):
        raise NotAllowed(_("付款的银行正在要回这一笔钱，有了结果才能用。"))
    return _pay_out(credit, amount, subject=f"pledge:{pledge.code}", at=at)


def _pay_out(credit: Credit, amount: int, *, subject: str, at: datetime) -> Refund:
    key = f"credit:{credit.code}:out:{credit.paid_out_fen}"
    of_payment: dict[str, Any] = {"code": credit.payment_code, "subject": subject, "amount": amount}
    part = payments.put_back(**of_payment)
    entry = Entry(
        key=key,
        kind=TransferKind.REFUND,
        debit=credit.account,
        credit=_escrow(part.escrow),
        amount=amount,
        subject=subject,
    )
    post(entries=[entry], made_by=MADE_BY, at=at)
    credit.paid_out_fen += amount
    credit.save(update_fields=["paid_out_fen"])
    return payments.refund(**of_payment, key=key, reason=_("购物金退成钱"), by=None, at=at)
