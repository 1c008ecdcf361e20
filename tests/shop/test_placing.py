"""Orders: one a shop, at once, never over the stock, once a form."""

from decimal import Decimal

import pytest
from oscar.core.loading import get_model

from core.codes import code_is_sound
from core.errors import BadInput, NotAllowed
from shop.availability import free_packs
from shop.contact import Fulfilment, Wanted
from shop.errors import NotEnoughStock, NotForSale
from shop.models import Purchase, PurchaseState
from shop.services.moving import cancel_order, move_order, receive_payment
from shop.services.placing import place_orders
from tests.factories.growers import UserFactory
from tests.factories.shop import (
    BUYER,
    NOON,
    ListingFactory,
    PurchaseFactory,
    delivery_to_gansu,
    make_collection_station,
)

pytestmark = pytest.mark.django_db


def place(*wanted, key="key-1", fulfilment=None):
    return place_orders(
        basket_lines=[Wanted(listing, packs) for listing, packs in wanted],
        contact=BUYER,
        fulfilment=fulfilment or Fulfilment.collect_at(make_collection_station()),
        checkout_key=key,
        user=None,
        at=NOON,
    )


def stock_of(listing):
    record = get_model("partner", "StockRecord").objects.get(product=listing.product)
    return record.num_in_stock, record.num_allocated


def test_basket_over_two_shops_becomes_one_order_a_shop():
    first, second = ListingFactory(price=Decimal("58.00")), ListingFactory(price=Decimal("20.50"))

    orders = place((first, 2), (second, 1))

    assert [(o.shop, o.order.total_incl_tax) for o in orders] == [
        (first.shop, Decimal("116.00")),
        (second.shop, Decimal("20.50")),
    ]


def test_order_number_is_a_random_code_with_check_character():
    purchase = PurchaseFactory()

    assert purchase.code.startswith("SD-")
    assert code_is_sound(purchase.code)
    assert purchase.order.number == purchase.code


def test_placing_promises_packs_without_taking_them_off_the_shelf():
    listing = ListingFactory(packs=20)

    place((listing, 3))

    assert stock_of(listing) == (20, 3)
    assert free_packs([listing.pk]) == {listing.pk: 17}


def test_same_listing_twice_in_a_basket_is_one_line():
    listing = ListingFactory(packs=3)

    [purchase] = place((listing, 1), (listing, 2))

    assert purchase.order.lines.get().quantity == 3


def test_every_shortage_is_named_and_nothing_is_taken():
    plenty, few, none = ListingFactory(packs=9), ListingFactory(packs=1), ListingFactory(packs=0)

    with pytest.raises(NotEnoughStock) as caught:
        place((plenty, 1), (few, 2), (none, 1))

    assert [(s.listing_code, s.wanted, s.left) for s in caught.value.shortages] == [
        (few.code, 2, 1),
        (none.code, 1, 0),
    ]
    assert stock_of(plenty) == (9, 0)
    assert not Purchase.objects.exists()


def test_same_form_sent_twice_gives_the_same_orders():
    listing = ListingFactory(packs=2)

    first = place((listing, 2), key="same")
    second = place((listing, 2), key="same")

    assert [o.code for o in first] == [o.code for o in second]
    assert stock_of(listing) == (2, 2)


@pytest.mark.parametrize("season_state", ["teaser", "presale", "dormant"])
def test_listing_out_of_season_cannot_be_ordered(season_state):
    listing = ListingFactory(season_state=season_state)

    with pytest.raises(NotForSale, match=listing.product.title):
        place((listing, 1))


def test_withdrawn_listing_cannot_be_ordered():
    listing = ListingFactory(state="draft")

    with pytest.raises(NotForSale, match="已经下架"):
        place((listing, 1))


def test_empty_basket_is_refused():
    with pytest.raises(BadInput, match="空的"):
        place()


def test_delivery_charges_carriage_and_promises_its_days():
    listing = ListingFactory(price=Decimal("58.00"), pack_weight_g=500)

    [purchase] = place((listing, 2), fulfilment=delivery_to_gansu())

    assert purchase.order.shipping_incl_tax == Decimal("6.50")  # 1,060 g with packaging
    assert purchase.order.total_incl_tax == Decimal("122.50")
    assert (purchase.promised_from_on - purchase.placed_at.date()).days == 2
    assert (purchase.promised_to_on - purchase.placed_at.date()).days == 6


def test_packing_takes_the_packs_off_the_shelf():
    purchase = PurchaseFactory(packs=2)
    listing = purchase.order.lines.get().product.listing

    move_order(code=purchase.code, to="packed", by=None, at=NOON)

    assert stock_of(listing) == (18, 0)


def test_packing_more_than_is_on_hand_is_refused():
    purchase = PurchaseFactory(listing=ListingFactory(packs=2), packs=2)
    record = purchase.order.lines.get().stockrecord
    record.num_in_stock = 1
    record.save()

    with pytest.raises(NotEnoughStock):
        move_order(code=purchase.code, to="packed", by=None, at=NOON)

    purchase.refresh_from_db()
    assert purchase.state == PurchaseState.PLACED


def test_cancelling_frees_the_stock():
    purchase = PurchaseFactory(packs=2)
    listing = purchase.order.lines.get().product.listing

    cancel_order(code=purchase.code, by=None, at=NOON)

    assert stock_of(listing) == (20, 0)


@pytest.mark.parametrize("state", ["packed", "sent", "delivered", "cancelled"])
def test_only_a_placed_order_can_be_cancelled(state):
    purchase = PurchaseFactory(state=state)

    with pytest.raises(NotAllowed, match=purchase.code):
        cancel_order(code=purchase.code, by=None, at=NOON)


def test_order_keeps_every_step_with_its_time():
    purchase = PurchaseFactory(state="delivered")

    steps = list(purchase.changes.values_list("new", flat=True))

    assert steps == ["placed", "packed", "sent", "delivered"]
    assert purchase.delivered_at == NOON


def test_payment_is_received_once_and_to_the_fen():
    purchase, keeper = PurchaseFactory(state="sent"), UserFactory()

    paid = receive_payment(
        code=purchase.code, amount=Decimal("116.00"), means="cash", by=keeper, at=NOON
    )

    assert (paid.amount, paid.received_by, paid.received_at) == (Decimal("116.00"), keeper, NOON)
    with pytest.raises(NotAllowed, match="已经收过"):
        receive_payment(
            code=purchase.code, amount=Decimal("116.00"), means="cash", by=keeper, at=NOON
        )


def test_wrong_amount_is_refused():
    purchase = PurchaseFactory(state="sent")

    with pytest.raises(BadInput, match=r"116\.00"):
        receive_payment(
            code=purchase.code, amount=Decimal("115.99"), means="code", by=UserFactory(), at=NOON
        )


def test_money_is_not_taken_before_the_parcel_is_on_its_way():
    purchase = PurchaseFactory()

    with pytest.raises(NotAllowed, match="交货时才收钱"):
        receive_payment(
            code=purchase.code, amount=Decimal("116.00"), means="cash", by=UserFactory(), at=NOON
        )
