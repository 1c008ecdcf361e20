"""A paid batch in the books: what the cooperative brings for its slips, then what the bank paid."""

from datetime import datetime

from core.units import fen
from growers.models import User
from ledger.models import Account, Transfer, TransferKind
from ledger.services import Entry, post
from logistics.accounts import bank_account, cooperative_account, household_accounts
from logistics.models import Payout, PayoutBatch, PayoutDue


def post_payouts(batch: PayoutBatch, *, by: User, at: datetime) -> None:
    """Post a batch's transfers, each once, and tie every payout to its own."""
    payouts = list(batch.payouts.select_related("household"))
    accounts = household_accounts(one.household.code for one in payouts)
    entries = [*_owed(batch, accounts), *_paid(payouts, accounts)]
    post(entries=entries, made_by=f"user:{by.pk}", at=at)
    keys = {_key(one): one for one in payouts}
    made = dict(Transfer.objects.filter(key__in=keys).values_list("key", "pk"))
    for key, payout in keys.items():
        payout.transfer_id = made[key]
    Payout.objects.bulk_update(payouts, ["transfer"], batch_size=500)


def _owed(batch: PayoutBatch, accounts: dict[str, Account]) -> list[Entry]:
    """What orders did not cover of the batch's slips, from the cooperative."""
    source = cooperative_account(batch.cooperative.code)
    dues = PayoutDue.objects.filter(payout__batch=batch).select_related("ticket", "household")
    return [
        Entry(
            key=f"owed:{due.ticket.code}",
            kind=TransferKind.OWED,
            debit=source,
            credit=accounts[due.household.code],
            amount=fen(due.rest),
            subject=f"ticket:{due.ticket.code}",
            counterparty=f"household:{due.household.code}",
            group=f"batch:{batch.code}",
        )
        for due in dues
        if due.rest > 0
    ]


def _paid(payouts: list[Payout], accounts: dict[str, Account]) -> list[Entry]:
    bank = bank_account()
    return [
        Entry(
            key=_key(one),
            kind=TransferKind.PAYOUT,
            debit=accounts[one.household.code],
            credit=bank,
            amount=one.amount_fen,
            subject=f"payout:{one.code}",
            counterparty=f"household:{one.household.code}",
            group=f"batch:{one.batch.code}",
        )
        for one in payouts
    ]


def _key(payout: Payout) -> str:
    return f"payout:{payout.code}"
