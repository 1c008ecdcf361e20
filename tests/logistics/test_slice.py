"""From the scale to the door: weighed fresh, dried, sold, packed, sent, fetched, owed."""

from decimal import Decimal

import pytest

from logistics.models import PayoutDue
from logistics.selectors.stock import gram_totals, stock_drift
from logistics.services.packing import deliver_order, pack_order, send_order
from logistics.services.processing import process
from shop.availability import free_packs
from shop.services.listings import publish_listing
from tests.factories.growers import person_with
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.logistics import keeper_of, make_contract, make_form, make_ticket
from tests.factories.shop import NOON, ListingFactory, ListingProofFactory, PurchaseFactory

pytestmark = pytest.mark.django_db


def test_what_a_household_brings_reaches_a_buyer_and_is_owed():
    fresh = make_form(shelf_life_days=5, grades=())
    dried = ProductFormFactory(crop=CropFactory(shelf_life_days=540), raw_crop=fresh.crop)
    listing = ListingFactory(form=dried, packs=0)
    shop = listing.shop
    contract = make_contract(shop=shop, form=fresh, grade="", weight_g=10_000)
    keeper = keeper_of(shop.station)

    ticket = make_ticket(contract, by=keeper)
    process(
        kind="dry",
        lot_codes=[ticket.source.lot.code],
        output_form=dried,
        output_g=3_000,
        loss_g=7_000,
        key="dry-1",
        by=person_with("planner", shop.cooperative),
        at=NOON,
    )
    bought = PurchaseFactory(listing=listing, packs=4)
    operator = person_with("shop_operator", shop)
    packing = pack_order(code=bought.code, by=operator, at=NOON)
    send_order(code=bought.code, by=operator, at=NOON)
    deliver_order(
        code=bought.code,
        amount=Decimal("232.00"),
        means="cash",
        by=keeper_of(bought.station),
        at=NOON,
    )

    contract.refresh_from_db()
    bought.refresh_from_db()
    [line] = packing.lines.all()
    parents = [source.parent for source in line.lot.sources.all()]
    assert (contract.state, bought.state) == ("fulfilled", "delivered")
    assert parents == [ticket.source.lot]
    assert free_packs([listing.pk]) == {listing.pk: 2}
    assert PayoutDue.objects.get().amount == Decimal("180.00")
    grams = gram_totals()
    assert (grams.received_g, grams.lost_g) == (10_000, 7_000)
    assert (grams.packed_g, grams.balance_g) == (2_000, 1_000)
    assert stock_drift() == []


def test_a_listing_published_over_a_full_store_can_be_bought_at_once(
    django_capture_on_commit_callbacks,
):
    form = make_form(shelf_life_days=540, grades=())
    listing = ListingFactory(form=form, packs=0, state="draft")
    ListingProofFactory(listing=listing)
    contract = make_contract(shop=listing.shop, form=form, grade="", weight_g=10_000)
    make_ticket(contract, by=keeper_of(listing.shop.station))
    before = free_packs([listing.pk])

    with django_capture_on_commit_callbacks(execute=True):
        publish_listing(code=listing.code, by=None, at=NOON)

    assert before == {listing.pk: 0}
    assert free_packs([listing.pk])[listing.pk] > 0
