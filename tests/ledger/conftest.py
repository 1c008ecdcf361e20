"""Accounts and transfers to try the ledger with."""

from datetime import UTC, datetime

import pytest

from ledger.models import Account, AccountKind, TransferKind
from ledger.services import Entry, open_account

NOON = datetime(2026, 8, 28, 4, tzinfo=UTC)


@pytest.fixture
def clearing() -> Account:
    return open_account(code="clearing", kind=AccountKind.CLEARING, allow_negative=True)


@pytest.fixture
def escrow() -> Account:
    return open_account(code="escrow:PS-1", kind=AccountKind.ESCROW)


@pytest.fixture
def payable() -> Account:
    return open_account(code="payable:HH-1", kind=AccountKind.PAYABLE)


def paid(clearing: Account, escrow: Account, amount: int, key: str = "pay:1") -> Entry:
    return Entry(
        key=key,
        kind=TransferKind.PAY,
        debit=clearing,
        credit=escrow,
        amount=amount,
        subject="pledge:PL-1",
    )


def released(escrow: Account, payable: Account, amount: int, key: str = "release:1") -> Entry:
    return Entry(
        key=key,
        kind=TransferKind.RELEASE,
        debit=escrow,
        credit=payable,
        amount=amount,
        subject="order:OR-1",
        counterparty="household:HH-1",
    )
