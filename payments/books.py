"""What payments write into the ledger, each once by its key.

Money comes in from ``stripe_clearing``, whose balance is therefore what the provider holds for us,
below nought. What the provider keeps for itself makes ``fee:stripe`` fall below nought: a cost.
``group`` ties what one line of the provider's books caused (``payments.checks`` compares them).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ledger.models import Account, AccountKind, TransferKind
from ledger.services import Entry, NewAccount, open_accounts, post
from payments.gateway.base import Line
from payments.models import Attempt, FundDeposit, Movement, PaymentPart, Refund

MADE_BY = "job:payments"
PROVIDER = "provider:stripe"


CLEARING = NewAccount("stripe_clearing", AccountKind.CLEARING, allow_negative=True)
PROVIDER_FEE = NewAccount("fee:stripe", AccountKind.FEE, allow_negative=True)
REFUND_PENDING = NewAccount("refund_pending", AccountKind.REFUND)
BANK_OUT = NewAccount("bank_out", AccountKind.BANK, allow_negative=True)
BANK_IN = NewAccount("bank_in", AccountKind.BANK, allow_negative=True)
GUARANTEE = NewAccount("guarantee_fund", AccountKind.GUARANTEE)


def _opened(one: NewAccount) -> Account:
    return open_accounts([one])[one.code]


def clearing() -> Account:
    """What the provider holds for us."""
    return _opened(CLEARING)


def provider_fee() -> Account:
    """What the provider kept."""
    return _opened(PROVIDER_FEE)


def refund_pending() -> Account:
    """What is owed back to payers and has not left yet."""
    return _opened(REFUND_PENDING)


def bank_out() -> Account:
    """What left by bank."""
    return _opened(BANK_OUT)


def bank_in() -> Account:
    """What came in by bank."""
    return _opened(BANK_IN)


def guarantee() -> Account:
    """What is kept for disputes."""
    return _opened(GUARANTEE)


def escrow(code: str) -> Account:
    """Where money waits until what it paid for is delivered."""
    return _opened(_escrow(code))


def _escrow(code: str) -> NewAccount:
    return NewAccount(code, AccountKind.ESCROW)


def _post(entries: list[Entry], *, at: datetime, by: str = MADE_BY) -> None:
    if entries:
        post(entries=entries, made_by=by, at=at)


def post_paid(
    attempt: Attempt, parts: Sequence[PaymentPart], *, line: Line | None, at: datetime
) -> None:
    """Clearing to escrow, one transfer for each part; and what the provider kept, if it says so."""
    places = [_escrow(part.escrow) for part in parts]
    accounts = open_accounts([CLEARING, PROVIDER_FEE, *places])
    entries = [
        Entry(
            key=f"pay:{attempt.payment.code}:{part.subject}",
            kind=TransferKind.PAY,
            debit=accounts[CLEARING.code],
            credit=accounts[part.escrow],
            amount=part.amount,
            subject=part.subject,
            group=attempt.key,
        )
        for part in parts
    ]
    if line is not None and _is_new(line, group=attempt.key) and line.fee:
        entries.append(_fee(line, accounts, group=attempt.key, subject=parts[0].subject))
    _post(entries, at=at)


def post_surplus(attempt: Attempt, *, subject: str, at: datetime) -> None:
    """Money nobody wanted: it waits to go back, and never was in escrow."""
    entry = Entry(
        key=f"pay:{attempt.key}:surplus",
        kind=TransferKind.PAY,
        debit=clearing(),
        credit=refund_pending(),
        amount=attempt.payment.amount,
        subject=subject,
        group=attempt.key,
    )
    _post([entry], at=at)


def ledger_subject(refund: Refund) -> str:
    """What a refund is about in the ledger's words: a part's, for a surplus the first one's."""
    part = refund.part or refund.payment.parts.order_by("pk")[0]
    return part.subject


def _refund(refund: Refund, *, step: str, debit: Account, credit: Account) -> Entry:
    return Entry(
        key=f"refund:{refund.code}:{step}",
        kind=TransferKind.REFUND,
        debit=debit,
        credit=credit,
        amount=refund.amount,
        subject=ledger_subject(refund),
        group=refund.code,
    )


def post_refund_asked(refund: Refund, part: PaymentPart, *, at: datetime) -> None:
    """Escrow to what is owed back."""
    pending = refund_pending()
    _post([_refund(refund, step="ask", debit=escrow(part.escrow), credit=pending)], at=at)


def post_refund_taken_back(refund: Refund, part: PaymentPart, *, at: datetime) -> None:
    """It is not owed back after all: into escrow again."""
    pending = refund_pending()
    _post([_refund(refund, step="undo", debit=pending, credit=escrow(part.escrow))], at=at)


def post_refund_left(refund: Refund, *, at: datetime) -> None:
    """The provider took it out of what it holds for us."""
    _post([_refund(refund, step="sent", debit=refund_pending(), credit=clearing())], at=at)


def post_refund_came_back(refund: Refund, *, at: datetime) -> None:
    """The provider put it back: it did not reach the payer."""
    _post([_refund(refund, step="back", debit=clearing(), credit=refund_pending())], at=at)


def post_refund_by_bank(refund: Refund, *, by: str, at: datetime) -> None:
    """It left by bank."""
    entry = _refund(refund, step="bank", debit=refund_pending(), credit=bank_out())
    _post([entry], at=at, by=by)


def post_refund_taken_by_bank(refund: Refund, *, bearer: Account, by: str, at: datetime) -> None:
    """The payer's bank has returned it; what was owed goes to who bore the bank's part."""
    entry = Entry(
        key=f"refund:{refund.code}:taken",
        kind=TransferKind.DISPUTE,
        debit=refund_pending(),
        credit=bearer,
        amount=refund.amount,
        subject=ledger_subject(refund),
        group=refund.code,
    )
    _post([entry], at=at, by=by)


def post_deposit(deposit: FundDeposit, *, by: str, at: datetime) -> None:
    """Money came by bank into the guarantee fund."""
    entry = Entry(
        key=f"fund:{deposit.code}",
        kind=TransferKind.FUND,
        debit=bank_in(),
        credit=guarantee(),
        amount=deposit.amount,
        subject=f"fund:{deposit.code}",
    )
    _post([entry], at=at, by=by)


def post_line(line: Line, *, group: str, subject: str, at: datetime) -> None:
    """Note a line of the provider's books, and post what the provider kept of it.

    The payment is locked by the caller, so that nobody else notes the line now.
    """
    if _is_new(line, group=group) and line.fee:
        accounts = open_accounts([CLEARING, PROVIDER_FEE])
        _post([_fee(line, accounts, group=group, subject=subject)], at=at)


def _is_new(line: Line, *, group: str) -> bool:
    if Movement.objects.filter(provider_id=line.id).exists():
        return False
    facts = {"kind": line.kind, "amount": line.amount, "fee": line.fee}
    Movement.objects.create(provider_id=line.id, group=group, at=line.at, **facts)
    return True


def _fee(line: Line, accounts: Mapping[str, Account], *, group: str, subject: str) -> Entry:
    ours, theirs = accounts[CLEARING.code], accounts[PROVIDER_FEE.code]
    kept, given = (theirs, ours) if line.fee > 0 else (ours, theirs)
    return Entry(
        key=f"fee:{line.id}",
        kind=TransferKind.FEE,
        debit=kept,
        credit=given,
        amount=abs(line.fee),
        subject=subject,
        counterparty=PROVIDER,
        group=group,
    )


def post_dispute(line: Line, *, bearer: Account, group: str, subject: str, at: datetime) -> None:
    """The payer's bank took money, or gave it back; ``bearer`` loses or gains it."""
    out = line.amount < 0
    entry = Entry(
        key=f"dispute:{line.id}",
        kind=TransferKind.DISPUTE,
        debit=bearer if out else clearing(),
        credit=clearing() if out else bearer,
        amount=abs(line.amount),
        subject=subject,
        group=group,
    )
    _post([entry], at=at)
