"""From a backer's card to the household: a campaign's pledge charged, delivered, settled, paid."""

from datetime import timedelta

import pytest

from ledger.books import balance_of
from ledger.models import Account
from logistics.models import HouseholdRelease
from logistics.services.settling import settle_all
from shop.models import Purchase
from shop.money import escrow_of
from shop.services.order_refunds import order_money, refund_order
from tests.factories.payouts import batch_of, delivered, grown, grown_listing
from tests.factories.presale import DEADLINE, NOON, CampaignFactory
from tests.payments.conftest import faults
from tests.shop.paying import backer, jobs, stripe

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
AFTER = DEADLINE + timedelta(minutes=1)


@pytest.fixture
def campaign(stripe):
    """A campaign of one pledge that was charged at its success, and the harvest for it."""
    listing = grown_listing()
    found = CampaignFactory(listing=listing, goal_packs=3)
    backer(stripe, found, 3)
    jobs(stripe, at=AFTER)
    grown(listing)
    return found


def balance(code):
    return balance_of(Account.objects.get(code=code))


def test_a_campaigns_escrow_ends_at_nought_and_its_households_are_paid(campaign):
    order = Purchase.objects.get()
    assert order.paid_at is not None
    total = order_money(order).paid
    assert escrow_of(order) == (f"escrow:campaign:{campaign.code}", total)

    delivered(order, settle=False)
    assert settle_all(NOON) == 1
    batch = batch_of(campaign.listing.shop.cooperative, upto="paid")

    assert balance(f"escrow:campaign:{campaign.code}") == 0
    release = HouseholdRelease.objects.get()
    assert release.payout.batch == batch
    assert balance(f"payable:household:{release.household.code}") == 0
    assert faults() == []


def test_a_part_refunded_after_settlement_leaves_the_household_its_money(stripe, campaign):
    order = Purchase.objects.get()
    delivered(order)
    release = HouseholdRelease.objects.get()

    refund_order(code=order.code, amount_fen=1000, reason="少了一份", key="r", by=None, at=AFTER)
    jobs(stripe, at=AFTER)

    assert balance(f"payable:household:{release.household.code}") == release.amount_fen
    assert order_money(order).refunded == 1000
    assert sum(row["amount"] for row in stripe.world.refunds()) == 1000
    assert faults() == []
