"""How much reached those served first: told after settlement, of ten households or more."""

import pytest

from logistics.models import ShareGroup
from logistics.services.share_groups import LEAST_HOUSEHOLDS
from shop.money import told_share
from tests.factories.growers import HouseholdFactory, HouseholdStatusFactory, TierRuleFactory
from tests.factories.payouts import grown, grown_listing, paid_order

pytestmark = pytest.mark.django_db


def settled_orders(listing, homes):
    """One order of one pack from each household's own lot."""
    orders = []
    for number, home in enumerate(homes):
        grown(listing, household=home, net_g=500)
        orders.append(paid_order(listing, packs=1, checkout_key=f"share-{number}"))
    return orders


def households(listing, number, *, first):
    """Households of which the first so many are served first."""
    TierRuleFactory()
    homes = [HouseholdFactory(cooperative=listing.shop.cooperative) for _ in range(number)]
    for home in homes[:first]:
        HouseholdStatusFactory(household=home)
    return homes


def test_share_is_told_once_ten_households_stand_behind_it():
    listing = grown_listing()
    homes = households(listing, LEAST_HOUSEHOLDS, first=7)

    *before, last = settled_orders(listing, homes[:-1])
    assert {told_share(order) for order in (*before, last)} == {None}
    grown(listing, household=homes[-1], net_g=500)
    tenth = paid_order(listing, packs=1, checkout_key="tenth")

    told = told_share(tenth)
    assert (told.percent, told.households) == (70, 10)
    assert {told_share(order) for order in before} == {told}


def test_a_closed_group_never_changes_and_the_next_starts_from_nothing():
    listing = grown_listing()
    homes = households(listing, LEAST_HOUSEHOLDS, first=10)
    orders = settled_orders(listing, homes)
    told = told_share(orders[0])

    grown(listing, net_g=500)
    later = paid_order(listing, packs=1, checkout_key="later")

    assert told_share(orders[0]) == told
    assert told_share(later) is None
    assert list(ShareGroup.objects.order_by("pk").values_list("households", flat=True)) == [10, 1]


def test_the_same_household_many_times_is_one_household():
    listing = grown_listing()
    [home] = households(listing, 1, first=1)

    orders = settled_orders(listing, [home] * (LEAST_HOUSEHOLDS + 1))

    assert {told_share(order) for order in orders} == {None}


def test_nothing_is_told_before_settlement():
    listing = grown_listing()
    grown(listing)

    assert told_share(paid_order(listing, settle=False)) is None
