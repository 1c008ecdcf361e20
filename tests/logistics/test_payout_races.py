"""Orders settled while a batch is made, twice at once: every weight is paid once."""

import pytest

from ledger import checks
from logistics.models import HouseholdRelease, OrderSettlement, PayoutBatch, PayoutDue
from logistics.services.payouts import make_batch
from logistics.services.settling import settle_order
from shop.models import Purchase
from tests.factories.payouts import SOON, batch_of, grown, grown_listing, paid_order, two_of
from tests.factories.shop import NOON
from tests.logistics.test_races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]


def faults():
    return [fault for result in checks.run_all() for fault in result.faults]


def delivered_orders(number):
    listing = grown_listing()
    grown(listing)
    grown(listing)
    orders = [
        paid_order(listing, packs=1, checkout_key=f"race-{n}", settle=False) for n in range(number)
    ]
    return listing.shop.cooperative, orders


def test_the_same_order_is_settled_once_by_many():
    _cooperative, [order] = delivered_orders(1)

    at_once([lambda: settle_order(code=order.code, at=NOON)] * 8)

    assert OrderSettlement.objects.count() == 1
    assert faults() == []


def test_orders_are_settled_side_by_side_while_batches_are_made():
    cooperative, orders = delivered_orders(6)
    planner, _approver = two_of(cooperative)

    jobs = [lambda code=one.code: settle_order(code=code, at=NOON) for one in orders]
    make = [lambda: make_batch(cooperative=cooperative, until=SOON, by=planner, at=NOON)] * 3
    at_once([*jobs[:3], *make, *jobs[3:]])

    assert OrderSettlement.objects.count() == Purchase.objects.count() == 6
    assert faults() == []
    batch_of(cooperative, upto="paid") if HouseholdRelease.objects.filter(payout=None) else None
    assert PayoutBatch.objects.exists()
    assert faults() == []
    for due in PayoutDue.objects.all():
        assert due.covered <= due.amount
