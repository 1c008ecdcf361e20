"""A payer's bank takes money back, and sometimes gives it back again."""

from datetime import datetime

from django.db import transaction

from ledger.books import balance_of
from ledger.models import Account, Transfer, TransferKind
from payments import books
from payments.gateway import Disputed, Line, gateway
from payments.models import Attempt, Dispute, Movement, PaymentPart
from payments.services.moving import locked
from payments.services.settling import NotOurs


def look_at_dispute(*, id: str, at: datetime) -> Dispute:
    """Fetch a dispute and take it down."""
    return settle_dispute(found=gateway().disputed(id), at=at)


def settle_dispute(*, found: Disputed, at: datetime) -> Dispute:
    """Know of it first, then post what the bank took or gave back. Outside a transaction.

    What cannot be posted yet is known all the same: nobody may send that money once more.

    Raises
    ------
    NotOurs
        The money was not taken by us.
    Overdrawn
        Neither the guarantee fund nor what waits in escrow is enough: a person must look.
    """
    row = _noted(found, at=at)
    _post_lines(found, code=row.payment.code, at=at)
    return row


@transaction.atomic
def _noted(found: Disputed, *, at: datetime) -> Dispute:
    code = Attempt.objects.filter(intent_id=found.intent).values_list("payment__code", flat=True)
    if not found.intent or not code:
        raise NotOurs(found.id)
    payment = locked(code[0])
    facts = {"amount": found.amount, "state": found.state, "seen_at": at}
    row, _made = Dispute.objects.update_or_create(
        provider_id=found.id,
        defaults=facts,
        create_defaults={**facts, "payment": payment, "opened_at": found.at},
    )
    return row


@transaction.atomic
def _post_lines(found: Disputed, *, code: str, at: datetime) -> None:
    """Each line of the provider's books, once."""
    part = locked(code).parts.order_by("pk")[0]
    for line in found.lines:
        if not Movement.objects.filter(provider_id=line.id).exists():
            bearer = _bearer(found, line, part)
            subject = part.subject
            books.post_dispute(line, bearer=bearer, group=found.id, subject=subject, at=at)
            books.post_line(line, group=found.id, subject=subject, at=at)


def _bearer(found: Disputed, line: Line, part: PaymentPart) -> Account:
    """The guarantee fund bears it while it can, else what still waits for this very buyer."""
    if line.amount > 0:
        taken = Transfer.objects.filter(group=found.id, kind=TransferKind.DISPUTE)
        first = taken.select_related("debit").first()
        return books.guarantee() if first is None else first.debit
    fund = books.guarantee()
    return fund if balance_of(fund) >= -line.amount else books.escrow(part.escrow)
