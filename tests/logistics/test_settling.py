"""A delivered order's money goes to growers by their slips, the rest as published, once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from growers.models import Household
from ledger import checks
from ledger.models import Account, Transfer
from logistics.models import HouseholdRelease, OrderSettlement, PayoutDue, SlipShare
from logistics.selectors.dues import household_money, open_dues
from logistics.services.processing import process
from logistics.services.settling import settle_all, settle_order
from shop.models import ShareKind
from shop.money import escrow_of
from shop.services.price_split import publish_split
from tests.factories.growers import HouseholdFactory
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.logistics import make_contract, make_form, make_lot, make_ticket
from tests.factories.payouts import (
    batch_of,
    delivered,
    grown,
    grown_listing,
    paid_order,
    pay_into_escrow,
    with_account,
)
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory, delivery_to_gansu

pytestmark = pytest.mark.django_db

SPLIT = {
    ShareKind.GROWER: Decimal("30.00"),
    ShareKind.PACKING: Decimal("8.00"),
    ShareKind.TRANSPORT: Decimal("10.00"),
    ShareKind.SHOP: Decimal("8.00"),
    ShareKind.PLATFORM: Decimal("2.00"),
}


def balance(code):
    return Account.objects.get(code=code).balance


def owed(household):
    account = Account.objects.filter(code=f"payable:household:{household.code}").first()
    return account.balance if account else 0


def faults():
    return [fault for result in checks.run_all() for fault in result.faults]


def released(order):
    rows = Transfer.objects.filter(kind="release", subject=f"order:{order.code}")
    return dict(rows.values_list("counterparty").annotate(Sum("amount")))


def test_household_gets_its_slips_price_and_the_published_share_beyond_it():
    listing = grown_listing()
    publish_split(listing=listing, amounts=SPLIT)
    ticket = grown(listing)

    order = paid_order(listing)  # 2 packs of 500 g at 58.00: 1 kg of a slip at 18.00

    household = ticket.contract.household
    shop = listing.shop.code
    assert released(order) == {
        f"household:{household.code}": 6000,
        f"shop:{shop}": 3200,
        f"hub:{order.hub.code}": 2000,
        "platform:shanhuo": 400,
    }
    share = SlipShare.objects.get()
    assert (share.weight_g, share.due_fen, share.extra_fen) == (1_000, 1800, 4200)
    assert PayoutDue.objects.get().covered == Decimal("18.00")
    assert escrow_of(order) == (f"escrow:shop:{shop}", 0)
    assert faults() == []


def test_money_is_moved_once_however_often_it_is_told(django_capture_on_commit_callbacks):
    listing = grown_listing()
    grown(listing)
    bought = pay_into_escrow(PurchaseFactory(listing=listing))

    with django_capture_on_commit_callbacks(execute=True):
        delivered(bought, settle=False)  # the signal settles it
    first = OrderSettlement.objects.get()
    again = settle_order(code=bought.code, at=NOON)
    swept = settle_all(NOON)

    assert (again, swept) == (first, 0)
    assert sum(released(bought).values()) == 11600
    assert faults() == []


def test_what_the_signal_missed_is_found_by_the_tick():
    listing = grown_listing()
    grown(listing)
    paid_order(listing, settle=False)

    assert settle_all(NOON) == 1
    assert faults() == []


def test_order_paid_on_collection_stays_the_cooperatives_debt():
    listing = grown_listing()
    ticket = grown(listing)

    delivered(PurchaseFactory(listing=listing))

    assert not OrderSettlement.objects.exists()
    assert open_dues(PayoutDue.objects.all()).get().rest == Decimal("180.00")
    assert owed(ticket.contract.household) == 0


def test_nothing_moves_before_the_order_is_delivered():
    listing = grown_listing()
    grown(listing)
    bought = pay_into_escrow(PurchaseFactory(listing=listing))

    assert settle_order(code=bought.code, at=NOON) is None
    assert escrow_of(bought) == (f"escrow:shop:{listing.shop.code}", 11600)


def test_two_households_behind_one_pack_share_by_weight_to_the_fen():
    listing = grown_listing(price=Decimal("58.00"))
    publish_split(
        listing=listing,
        amounts=SPLIT | {ShareKind.GROWER: Decimal("30.01"), ShareKind.PACKING: Decimal("7.99")},
    )
    small = grown(listing, net_g=500, harvested_on=date(2026, 8, 27))
    large = grown(listing, net_g=10_000)

    order = paid_order(listing, packs=3)  # 500 g of the first lot, 1,000 g of the second

    homes = [ticket.contract.household for ticket in (small, large)]
    got = [owed(home) for home in homes]
    assert sum(got) == 9003
    # 900 + 1800 fen are the slips' own price; what is beyond, 6303, by weight
    assert got == [900 + 2101, 1800 + 4202]
    assert sum(released(order).values()) == 17400
    assert faults() == []


def test_dried_packs_trace_to_what_was_weighed_fresh_with_its_losses():
    fresh = make_form(shelf_life_days=5, grades=())
    dried = ProductFormFactory(crop=CropFactory(shelf_life_days=540), raw_crop=fresh.crop)
    listing = ListingFactory(form=dried, packs=0)
    home = HouseholdFactory(cooperative=listing.shop.cooperative)
    contract = make_contract(
        shop=listing.shop, household=home, form=fresh, grade="", weight_g=10_000
    )
    ticket = make_ticket(contract)
    process(
        kind="dry",
        lot_codes=[ticket.source.lot.code],
        output_form=dried,
        output_g=3_000,
        loss_g=7_000,
        key="dry-1",
        by=None,
        at=NOON,
    )

    paid_order(listing, packs=3)  # half of what was dried: 5 kg fresh, 90 yuan

    share = SlipShare.objects.get()
    assert (share.weight_g, share.due_fen) == (5_000, 9000)
    assert PayoutDue.objects.get().covered == Decimal("90.00")
    assert faults() == []


def test_slip_sold_out_over_many_orders_is_covered_to_the_fen_and_no_further():
    listing = grown_listing(price=Decimal("61.00"))
    ticket = grown(listing, net_g=3_500, price_per_kg=Decimal("17.77"))

    for number in range(7):
        paid_order(listing, packs=1, checkout_key=f"k{number}")

    due = PayoutDue.objects.get()
    assert due.amount == Decimal("62.20")
    assert due.covered <= due.amount
    assert due.amount - due.covered <= Decimal("0.03")
    assert faults() == []
    assert ticket.due == due


def test_weight_the_cooperative_paid_for_already_is_not_paid_again():
    listing = grown_listing()
    publish_split(listing=listing, amounts=SPLIT)
    ticket = grown(listing)
    batch_of(listing.shop.cooperative, upto="paid")

    order = paid_order(listing)

    household = ticket.contract.household
    cooperative = listing.shop.cooperative.code
    assert released(order)[f"cooperative:{cooperative}"] == 1800  # comes back to who paid it
    assert owed(household) == 4200  # only what the shop publishes beyond the slip's price
    assert household_money(household).paid == Decimal("180.00")
    assert faults() == []


def test_grams_without_a_slip_go_to_the_cooperative_that_owns_the_lot():
    listing = grown_listing()
    publish_split(listing=listing, amounts=SPLIT)
    make_lot(listing, 5_000)

    order = paid_order(listing)

    assert not HouseholdRelease.objects.exists()
    assert released(order)[f"cooperative:{listing.shop.cooperative.code}"] == 6000
    assert faults() == []


def test_carriage_goes_to_logistics_and_a_part_refunded_is_taken_from_all():
    listing = grown_listing()
    publish_split(listing=listing, amounts=SPLIT)
    ticket = grown(listing)

    order = paid_order(listing, fulfilment=delivery_to_gansu(), amount_fen=6100)

    got = released(order)
    assert sum(got.values()) == 6100  # of 122.50
    assert got[f"household:{ticket.contract.household.code}"] == 2987
    assert escrow_of(order)[1] == 0
    assert faults() == []


def test_a_line_that_brought_less_than_its_slips_gives_growers_all_of_it():
    listing = grown_listing()
    ticket = grown(listing, price_per_kg=Decimal("18.00"))

    order = paid_order(listing, amount_fen=1200)

    assert released(order) == {f"household:{ticket.contract.household.code}": 1200}
    assert PayoutDue.objects.get().covered == Decimal("12.00")
    assert faults() == []


def test_a_broken_book_is_named():
    listing = grown_listing()
    grown(listing)
    paid_order(listing)
    with transaction.atomic():
        PayoutDue.objects.update(covered=Decimal("1.00"))
        HouseholdRelease.objects.update(amount_fen=7)

    names = {result.name for result in checks.run_all() if result.faults}
    assert {"logistics.covered", "logistics.releases", "logistics.payables"} <= names


def test_households_are_told_by_code_only():
    listing = grown_listing()
    ticket = grown(listing, household=with_account(HouseholdFactory()))
    paid_order(listing)

    assert Household.objects.get() == ticket.contract.household
    assert "王" not in " ".join(Transfer.objects.values_list("counterparty", flat=True))
