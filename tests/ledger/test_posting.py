"""Posting: all or nothing, once only, and the same whatever the order or the number of tries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ledger import checks
from ledger.books import balance_of
from ledger.errors import KeyUsedOtherwise, Overdrawn
from ledger.models import Account, AccountKind, Transfer, TransferKind
from ledger.services import Entry, open_account, post
from tests.ledger.conftest import NOON, paid, released

PLACE = st.integers(0, 3)
MOVE = st.tuples(PLACE, PLACE, st.integers(1, 500), st.integers(0, 12))


def put(*entries: Entry) -> int:
    return post(entries=entries, made_by="test", at=NOON)


@pytest.mark.django_db
def test_the_same_key_is_posted_once(clearing: Account, escrow: Account) -> None:
    assert put(paid(clearing, escrow, 100), paid(clearing, escrow, 100)) == 1
    assert put(paid(clearing, escrow, 100)) == 0
    assert balance_of(escrow) == 100


@pytest.mark.django_db
def test_a_key_for_something_else_is_refused(clearing: Account, escrow: Account) -> None:
    put(paid(clearing, escrow, 100))

    with pytest.raises(KeyUsedOtherwise):
        put(paid(clearing, escrow, 101))
    with pytest.raises(KeyUsedOtherwise):
        put(paid(clearing, escrow, 5, "pay:2"), paid(clearing, escrow, 6, "pay:2"))

    assert balance_of(escrow) == 100


@pytest.mark.django_db
def test_more_than_there_is_posts_nothing(
    clearing: Account, escrow: Account, payable: Account
) -> None:
    with pytest.raises(Overdrawn):
        put(paid(clearing, escrow, 100), released(escrow, payable, 101))

    assert not Transfer.objects.exists()
    assert balance_of(escrow) == 0


@pytest.mark.django_db
def test_many_are_posted_in_few_queries(
    clearing: Account, escrow: Account, django_assert_max_num_queries: object
) -> None:
    entries = [paid(clearing, escrow, 1, f"pay:{n}") for n in range(3000)]

    with django_assert_max_num_queries(50):  # SQLite takes about 90 rows a statement  # type: ignore[operator]
        put(*entries)

    assert balance_of(escrow) == 3000


class AnyHistory(TestCase):
    """Whatever is posted, repeated or refused, the books hold."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(MOVE, max_size=25))
    def test_the_books_hold(self, moves: list[tuple[int, int, int, int]]) -> None:
        places = [
            open_account(code=f"place:{n}", kind=AccountKind.ESCROW, allow_negative=n == 0)
            for n in range(4)
        ]
        for debit, credit, amount, key in moves:
            if debit == credit:
                continue
            entry = Entry(
                key=f"k:{key}",
                kind=TransferKind.PAY,
                debit=places[debit],
                credit=places[credit],
                amount=amount,
                subject="order:OR-1",
            )
            try:
                put(entry)
            except (KeyUsedOtherwise, Overdrawn):
                continue

        assert [fault for result in checks.run_all() for fault in result.faults] == []
        assert all(balance_of(place) >= 0 for place in places[1:])
        assert sum(balance_of(place) for place in places) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_overdraw(clearing: Account, escrow: Account, payable: Account) -> None:
    put(paid(clearing, escrow, 1000))

    def take(n: int) -> bool:
        try:
            put(released(escrow, payable, 100, f"release:{n % 15}"))
        except Overdrawn:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, range(30)))

    assert answers.count(False) >= 5 * 1  # five keys find nothing left
    assert (balance_of(escrow), balance_of(payable)) == (0, 1000)
    assert Transfer.objects.count() == 11
