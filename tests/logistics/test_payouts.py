"""Batches: two persons, one bank file, every yuan settled once and traced to its orders."""

import csv
import hashlib
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotAllowed
from growers.models import AccessEvent, Cooperative, HouseholdIdentity
from ledger import checks
from ledger.books import balance_of
from ledger.models import Account
from logistics.models import HouseholdRelease, Payout, PayoutBatch, PayoutDue, PayoutState
from logistics.selectors.dues import dues_for, household_money, open_dues, owed
from logistics.selectors.payouts import payout_trace, ready_to_pay, unpayable_households
from logistics.services.bank_files import fetch_bank_file
from logistics.services.payouts import approve_batch, cancel_batch, make_batch, mark_batch_paid
from tests.factories.growers import CooperativeFactory, HouseholdFactory, UserFactory, person_with
from tests.factories.payouts import (
    SOON,
    batch_of,
    grown,
    grown_listing,
    paid_order,
    two_of,
    with_account,
)
from tests.factories.shop import NOON

pytestmark = pytest.mark.django_db

LATER = NOON.replace(day=29)


@pytest.fixture
def sold():
    """10 kg weighed (180 yuan), 1 kg of them sold through us and delivered."""
    listing = grown_listing()
    ticket = grown(listing)
    order = paid_order(listing)
    return ticket, order, listing.shop.cooperative


def faults():
    return [fault for result in checks.run_all() for fault in result.faults]


def balance(code):
    return balance_of(Account.objects.get(code=code))


def test_batch_settles_shares_of_orders_and_the_rest_of_slips(sold):
    ticket, _order, cooperative = sold
    household = ticket.contract.household

    batch = batch_of(cooperative, upto="paid")

    due = PayoutDue.objects.get()
    payout = Payout.objects.get()
    release = HouseholdRelease.objects.get()
    rest = 18000 - int(due.covered * 100)
    assert payout.amount_fen == batch.amount_fen == release.amount_fen + rest
    assert (due.state, due.paid_at, due.payout, release.payout) == ("paid", NOON, payout, payout)
    assert payout.transfer.counterparty == f"household:{household.code}"
    assert balance(f"payable:household:{household.code}") == 0
    assert balance("bank_out") == payout.amount_fen
    assert balance(f"cooperative:{cooperative.code}") == -rest
    money = household_money(household)
    assert (money.paid, money.due) == (Decimal(payout.amount_fen) / 100, Decimal(0))
    assert faults() == []


def test_overdue_list_empties(sold):
    _ticket, _order, cooperative = sold
    PayoutDue.objects.update(due_on=date(2026, 8, 20))
    planner = person_with("planner", cooperative)
    on = date(2026, 8, 28)
    assert owed(open_dues(dues_for(user=planner, on=on)), on=on).overdue > 0

    batch_of(cooperative, upto="paid")

    assert not open_dues(dues_for(user=planner, on=on)).exists()


def test_payout_is_traced_to_its_orders_and_slips(sold):
    ticket, order, cooperative = sold
    batch_of(cooperative)

    trace = payout_trace(Payout.objects.get())

    [(release, slips)] = trace.rows
    assert release.settlement.purchase == order
    assert [(share.due.ticket, share.weight_g) for share in slips] == [(ticket, 1_000)]
    assert [due.ticket for due in trace.dues] == [ticket]


def test_slips_not_due_yet_wait_and_what_was_sold_does_not(sold):
    _ticket, _order, cooperative = sold
    planner, _approver = two_of(cooperative)
    before = date(2026, 8, 28)
    assert ready_to_pay(cooperative, until=before).households == 1

    batch = make_batch(cooperative=cooperative, until=before, by=planner, at=NOON)

    due = PayoutDue.objects.get()
    assert batch.amount_fen == HouseholdRelease.objects.get().amount_fen
    assert (due.payout, due.state) == (None, "due")
    assert ready_to_pay(cooperative, until=before).fen == 0
    assert faults() == []


def test_maker_never_approves_nor_pays(sold):
    _ticket, _order, cooperative = sold
    planner, approver = two_of(cooperative)
    person_with("approver", cooperative, user=planner)
    batch = make_batch(cooperative=cooperative, until=SOON, by=planner, at=NOON)

    with pytest.raises(NotAllowed, match="由另一位同事"):
        approve_batch(code=batch.code, by=planner, at=NOON)
    approve_batch(code=batch.code, by=approver, at=NOON)
    for step in (fetch_bank_file, mark_batch_paid):
        with pytest.raises(NotAllowed, match="由另一位同事"):
            step(code=batch.code, by=planner, at=NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"approved_by": "made_by", "approved_at": NOON, "state": "approved"},
        {"state": "approved"},
        {"state": "paid", "ended_at": NOON},
        {"amount_fen": 0},
    ],
)
def test_database_keeps_two_persons(sold, change):
    batch = batch_of(sold[2])
    facts = {key: batch.made_by if value == "made_by" else value for key, value in change.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutBatch.objects.filter(pk=batch.pk).update(**facts)


def test_strangers_make_approve_and_fetch_nothing(sold):
    _ticket, _order, cooperative = sold
    other = CooperativeFactory()
    strangers = UserFactory(), *two_of(other)
    for stranger in (*strangers, person_with("approver", cooperative)):
        with pytest.raises(NotAllowed):
            make_batch(cooperative=cooperative, until=SOON, by=stranger, at=NOON)
    batch = batch_of(cooperative, upto="approved")

    for stranger in (*strangers, person_with("planner", cooperative)):
        for step in (fetch_bank_file, mark_batch_paid):
            with pytest.raises(NotAllowed):
                step(code=batch.code, by=stranger, at=NOON)


def test_bank_file_is_the_same_ever_after_and_every_fetch_is_logged(sold):
    ticket, _order, cooperative = sold
    batch = batch_of(cooperative, upto="approved")
    first, second = person_with("approver", cooperative), person_with("approver", cooperative)

    got = fetch_bank_file(code=batch.code, by=first, at=NOON)
    HouseholdIdentity.objects.update(account="changed since")
    again = fetch_bank_file(code=batch.code, by=second, at=LATER)

    text = got.content.decode("utf-8-sig")
    [head, row] = csv.reader(StringIO(text))
    payout = Payout.objects.get()
    amount = f"{payout.amount_fen / 100:.2f}"
    assert head == ["序号", "收款人", "账号", "金额（元）", "附言"]
    assert row == ["1", "王测试0", "6228480000000000018", amount, payout.code]
    assert again.content == got.content
    assert got.sha256 == hashlib.sha256(got.content).hexdigest() == batch.bank_file.sha256
    seen = AccessEvent.objects.filter(household=ticket.contract.household, what="export")
    assert list(seen.order_by("at").values_list("user", flat=True)) == [first.pk, second.pk]


def test_bank_file_is_sealed_at_rest(sold):
    from django.db import connection

    batch_of(sold[2], upto="paid")

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM logistics_bankfile")
        [[stored]] = cursor.fetchall()
    assert "6228480000000000018" not in stored


def test_batch_is_paid_only_after_its_file_was_fetched(sold):
    batch = batch_of(sold[2], upto="approved")

    with pytest.raises(NotAllowed, match="还没有下载过"):
        mark_batch_paid(code=batch.code, by=person_with("approver", sold[2]), at=NOON)


def test_cancelled_batch_frees_what_it_held(sold):
    _ticket, _order, cooperative = sold
    batch = batch_of(cooperative, upto="approved")
    approver = person_with("approver", cooperative)
    with pytest.raises(BadInput):
        cancel_batch(code=batch.code, why=" ", by=approver, at=NOON)
    with pytest.raises(BadInput):
        cancel_batch(code=batch.code, why="错\x00了", by=approver, at=NOON)
    with pytest.raises(NotAllowed, match="批准过了，要作废请找审批人"):
        cancel_batch(code=batch.code, why="错了", by=batch.made_by, at=NOON)

    cancel_batch(code=batch.code, why="银行退回", by=approver, at=NOON)
    again = batch_of(cooperative, upto="paid")

    assert again.amount_fen == batch.amount_fen
    with pytest.raises(NotAllowed):
        mark_batch_paid(code=batch.code, by=approver, at=NOON)
    assert faults() == []


def test_what_a_batch_holds_is_in_no_other(sold):
    _ticket, _order, cooperative = sold
    batch_of(cooperative)

    with pytest.raises(BadInput, match="没有要付的钱"):
        batch_of(cooperative)


def test_order_delivered_while_its_slip_is_at_the_bank_gives_the_cooperative_its_money_back(sold):
    ticket, _order, cooperative = sold
    listing = HouseholdRelease.objects.get().line.product.listing
    batch = batch_of(cooperative, upto="approved")

    second = paid_order(listing, checkout_key="second")
    approver = person_with("approver", cooperative)
    fetch_bank_file(code=batch.code, by=approver, at=NOON)
    mark_batch_paid(code=batch.code, by=approver, at=NOON)

    releases = HouseholdRelease.objects.filter(settlement__purchase=second)
    assert sum(releases.values_list("amount_fen", flat=True)) < 1800  # no second slip's price
    assert household_money(ticket.contract.household).from_cooperative == 0
    assert faults() == []


def test_household_without_an_account_or_membership_waits_and_is_named():
    listing = grown_listing()
    cooperative = listing.shop.cooperative
    poor = grown(listing, household=HouseholdFactory(cooperative=cooperative))
    gone = grown(listing, household=with_account(HouseholdFactory(cooperative=cooperative)))
    paid = grown(listing)
    gone.contract.household.cooperative = None
    gone.contract.household.save()

    batch_of(cooperative)

    assert [one.household for one in Payout.objects.all()] == [paid.contract.household]
    left = unpayable_households(Cooperative.objects.filter(pk=cooperative.pk))
    assert set(left) == {poor.contract.household, gone.contract.household}


def test_many_households_are_paid_in_few_queries(django_assert_max_num_queries):
    listing = grown_listing()
    for _ in range(3):
        grown(listing)
    cooperative = listing.shop.cooperative
    planner, approver = two_of(cooperative)

    with django_assert_max_num_queries(60):
        batch = make_batch(cooperative=cooperative, until=SOON, by=planner, at=NOON)
        approve_batch(code=batch.code, by=approver, at=NOON)
        fetch_bank_file(code=batch.code, by=approver, at=NOON)
        mark_batch_paid(code=batch.code, by=approver, at=NOON)

    assert PayoutDue.objects.filter(state=PayoutState.PAID).count() == 3
    assert faults() == []


def test_payout_to_a_wrong_household_is_named(sold):
    batch_of(sold[2], upto="paid")
    other = with_account(HouseholdFactory(cooperative=sold[2]))
    Payout.objects.update(household=other)

    names = {result.name for result in checks.run_all() if result.faults}
    assert "logistics.payouts" in names
