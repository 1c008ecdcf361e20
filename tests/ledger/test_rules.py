"""What the database itself refuses, whoever writes to it."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from ledger import checks, guards
from ledger.books import balance_of
from ledger.models import Account, AccountKind, Transfer
from ledger.services import Entry, open_account, post, reverse
from tests.ledger.conftest import NOON, paid, released

pytestmark = pytest.mark.django_db


def put(*entries: Entry) -> int:
    return post(entries=entries, made_by="test", at=NOON)


def kept(account: Account) -> int | None:
    return Account.objects.get(pk=account.pk).balance


def faults() -> list[str]:
    """What does not hold in the ledger itself; other apps hold their own rules."""
    ours = [one for one in checks.run_all() if one.name.startswith("ledger.")]
    return [fault for result in ours for fault in result.faults]


def test_money_moves_and_the_books_hold(
    clearing: Account, escrow: Account, payable: Account
) -> None:
    put(paid(clearing, escrow, 8800), released(escrow, payable, 6000))

    assert (kept(escrow), kept(payable), kept(clearing)) == (2800, 6000, None)
    assert balance_of(clearing) == -8800
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": -5},
        {"key": ""},
        {"subject": "PL-1"},
        {"subject": "household:HH-1"},
        {"counterparty": "household:HH-1"},
        {"kind": "release"},
        {"kind": "gift"},
        {"kind": "reversal", "subject": "transfer:1"},
    ],
)
def test_a_transfer_out_of_shape_is_refused(
    clearing: Account, escrow: Account, change: dict[str, Any]
) -> None:
    facts = {
        "key": "pay:1",
        "kind": "pay",
        "debit": clearing,
        "credit": escrow,
        "amount": 100,
        "subject": "pledge:PL-1",
        "made_by": "test",
        "at": NOON,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(**{**facts, **change})

    assert kept(escrow) == 0


def test_an_account_does_not_pay_itself(clearing: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        put(paid(clearing, clearing, 100))


def test_two_currencies_are_refused(clearing: Account) -> None:
    foreign = open_account(code="escrow:HKD", kind=AccountKind.ESCROW, currency="HKD")

    with pytest.raises(DatabaseError, match="currency"), transaction.atomic():
        put(paid(clearing, foreign, 100))

    assert kept(foreign) == 0


CHANGES = ["UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer"]


@pytest.mark.parametrize("sql", CHANGES)
def test_a_transfer_is_never_changed_or_taken_back(
    clearing: Account, escrow: Account, sql: str
) -> None:
    put(paid(clearing, escrow, 100))

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute(sql)

    assert kept(escrow) == 100


@pytest.mark.parametrize(
    "change", [{"kind": "fee"}, {"currency": "USD"}, {"allow_negative": True, "balance": None}]
)
def test_an_account_keeps_what_it_is(escrow: Account, change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="keeps its kind"), transaction.atomic():
        Account.objects.filter(pk=escrow.pk).update(**change)


def test_an_account_with_transfers_stays(clearing: Account, escrow: Account) -> None:
    put(paid(clearing, escrow, 100))

    with pytest.raises(IntegrityError), transaction.atomic():
        escrow.delete()


def test_a_reversal_is_the_mirror_and_happens_once(clearing: Account, escrow: Account) -> None:
    put(paid(clearing, escrow, 100))
    first = Transfer.objects.get()

    mirror = reverse(transfer=first, made_by="test", at=NOON)
    again = reverse(transfer=first, made_by="test", at=NOON)

    assert mirror == again
    assert (mirror.debit, mirror.credit, mirror.reverses) == (escrow, clearing, first)
    assert kept(escrow) == 0
    assert faults() == []


def test_a_balance_edited_by_hand_is_found(clearing: Account, escrow: Account) -> None:
    put(paid(clearing, escrow, 100))
    Account.objects.filter(pk=escrow.pk).update(balance=99)

    assert faults() == ["账户 escrow:PS-1 写着 99 分，逐笔加起来是 100 分。"]
    with pytest.raises(CommandError, match=r"ledger\.balances"):
        call_command("ledger_check")


def test_a_guard_taken_away_is_found_and_put_back() -> None:
    drop = {
        "sqlite": "DROP TRIGGER ledger_transfer_made",
        "postgresql": "DROP TRIGGER ledger_transfer_made ON ledger_transfer",
    }[connection.vendor]
    connection.cursor().execute(drop)
    assert any("ledger_transfer_made" in fault for fault in faults())

    guards.install()

    assert faults() == []
    call_command("ledger_check")
