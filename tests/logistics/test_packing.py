"""Packing from lots (earliest expiry first, never an expired one), sending, handing over."""

from datetime import date
from decimal import Decimal

import pytest
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from logistics.errors import NotEnoughGrams
from logistics.models import Packing, StockMove
from logistics.selectors.stock import gram_totals, stock_drift
from logistics.services.packing import deliver_order, pack_order, send_order
from shop.availability import free_packs
from shop.models import Collection, PledgeOrder, Setback, SetbackChoice
from shop.services.stock import promise_ahead, stock_records
from tests.factories.growers import StationFactory, UserFactory, VillageShopFactory, person_with
from tests.factories.logistics import keeper_of, make_lot
from tests.factories.presale import CampaignFactory, PledgeFactory
from tests.factories.shop import NOON, ListingFactory, PurchaseFactory, delivery_to_gansu

pytestmark = pytest.mark.django_db


def order(packs=2, *, lots=((5_000, date(2027, 1, 1)),), **facts):
    """An order of 500 g packs with lots of (grams, expiry) behind it."""
    listing = ListingFactory(packs=0)
    made = [make_lot(listing, grams, expires_on=day) for grams, day in lots]
    return PurchaseFactory(listing=listing, packs=packs, **facts), listing, made


def on_hand(listing):
    record = get_model("partner", "StockRecord").objects.get(product=listing.product)
    return record.num_in_stock, record.num_allocated or 0


def lines_of(packing):
    return [(line.lot_id, line.weight_g) for line in packing.lines.all()]


def test_order_is_packed_to_the_gram_from_the_first_lot_to_expire():
    bought, listing, (later, sooner) = order(
        3, lots=[(5_000, date(2027, 1, 1)), (1_200, date(2026, 10, 1))]
    )

    packing = pack_order(code=bought.code, by=person_with("shop_operator", listing.shop), at=NOON)

    bought.refresh_from_db()
    assert lines_of(packing) == [(sooner.pk, 1_200), (later.pk, 300)]
    assert bought.state == "packed"
    assert on_hand(listing) == (9, 0)  # 4,700 g are left
    assert gram_totals().packed_g == 1_500
    assert stock_drift() == []


def test_short_harvest_packs_the_part_that_was_chosen():
    bought, listing, (lot,) = order(3, lots=[(1_500, date(2027, 1, 1))])
    pledge = PledgeFactory(campaign=CampaignFactory(listing=listing), packs=3)
    PledgeOrder.objects.create(pledge=pledge, order=bought.order)
    setback = Setback.objects.create(
        code="SB-1",
        campaign=pledge.campaign,
        kind="partial",
        percent=60,
        old_from_on=date(2026, 9, 20),
        old_to_on=date(2026, 10, 10),
        new_from_on=date(2026, 9, 20),
        new_to_on=date(2026, 10, 10),
        reason="晚霜",
        declared_at=NOON,
        choose_by=NOON,
    )
    SetbackChoice.objects.create(
        setback=setback,
        pledge=pledge,
        goods_fen=27_600,
        carriage_fen=0,
        weight_g=1_500,
        keep_fen=16_560,
        keep_g=900,
        remedy="partial",
    )

    packing = pack_order(code=bought.code, by=person_with("shop_operator", listing.shop), at=NOON)

    assert lines_of(packing) == [(lot.pk, 900)]
    assert gram_totals().packed_g == 900
    assert stock_drift() == []


def test_expired_lot_is_never_packed():
    bought, _listing, (expired, fresh) = order(
        2, lots=[(5_000, date(2026, 8, 29)), (5_000, date(2027, 1, 1))]
    )

    packing = pack_order(code=bought.code, by=None, at=NOON.replace(day=29))

    assert lines_of(packing) == [(fresh.pk, 1_000)]
    assert expired.balances.get().weight_g == 5_000


def test_too_few_grams_pack_nothing_and_say_how_many():
    bought, _listing, (_lot,) = order(4, lots=[(2_000, date(2026, 8, 29))])

    with pytest.raises(NotEnoughGrams, match="要 2 kg，能用的只有 0 g"):
        pack_order(code=bought.code, by=None, at=NOON.replace(day=30))

    bought.refresh_from_db()
    assert bought.state == "placed"
    assert not Packing.objects.exists()
    assert StockMove.objects.count() == 1


def test_packing_twice_is_packing_once():
    bought, _listing, _lots = order()

    first = pack_order(code=bought.code, by=None, at=NOON)
    again = pack_order(code=bought.code, by=None, at=NOON)

    assert first == again
    assert gram_totals().packed_g == 1_000


def test_order_promised_ahead_of_the_harvest_is_packed_when_lots_come():
    listing = ListingFactory(packs=2)
    bought = PurchaseFactory(listing=listing, packs=2)
    promise_ahead(stock_records([listing])[listing.pk], 10)
    make_lot(listing, 1_500)  # 3 packs for 12 promised

    pack_order(code=bought.code, by=None, at=NOON)

    assert on_hand(listing) == (1, 10)


def test_only_the_shops_operator_packs_and_sends():
    bought, _listing, _lots = order()
    strangers = UserFactory(), person_with("shop_operator", VillageShopFactory())

    for stranger in strangers:
        with pytest.raises(NotAllowed):
            pack_order(code=bought.code, by=stranger, at=NOON)
    pack_order(code=bought.code, by=None, at=NOON)
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            send_order(code=bought.code, by=stranger, at=NOON)


def sent(**facts):
    bought, listing, _lots = order(**facts)
    pack_order(code=bought.code, by=None, at=NOON)
    send_order(code=bought.code, by=None, at=NOON)
    return bought, listing


def test_collected_order_is_paid_and_delivered_at_once():
    bought, _listing = sent()
    keeper = keeper_of(bought.station)

    deliver_order(code=bought.code, amount=Decimal("116.00"), means="cash", by=keeper, at=NOON)

    bought.refresh_from_db()
    money = Collection.objects.get(purchase=bought)
    assert (bought.state, bought.delivered_at) == ("delivered", NOON)
    assert (money.amount, money.means, money.received_by) == (Decimal("116.00"), "cash", keeper)


@pytest.mark.parametrize("amount", [None, Decimal("115.99"), Decimal("116.01")])
def test_wrong_money_hands_nothing_over(amount):
    bought, _listing = sent()

    with pytest.raises(BadInput) as refused:
        deliver_order(
            code=bought.code, amount=amount, means="cash", by=keeper_of(bought.station), at=NOON
        )

    bought.refresh_from_db()
    assert refused.value.field == "amount"
    assert (bought.state, Collection.objects.count()) == ("sent", 0)


def test_only_the_keeper_of_its_station_hands_over():
    bought, listing = sent()
    strangers = (
        UserFactory(),
        keeper_of(StationFactory()),
        person_with("shop_operator", listing.shop),
    )

    for stranger in strangers:
        with pytest.raises(NotAllowed):
            deliver_order(
                code=bought.code, amount=Decimal("116.00"), means="cash", by=stranger, at=NOON
            )

    assert not Collection.objects.exists()


def test_order_is_handed_over_once():
    bought, _listing = sent()
    facts = {"amount": Decimal("116.00"), "means": "code", "by": keeper_of(bought.station)}

    deliver_order(code=bought.code, at=NOON, **facts)
    with pytest.raises(NotAllowed):
        deliver_order(code=bought.code, at=NOON, **facts)

    assert Collection.objects.count() == 1


def test_order_by_post_is_marked_by_its_shop():
    bought, listing = sent(fulfilment=delivery_to_gansu())
    operator = person_with("shop_operator", listing.shop)

    deliver_order(code=bought.code, amount=None, means="", by=operator, at=NOON)

    bought.refresh_from_db()
    assert bought.state == "delivered"
    assert free_packs([listing.pk]) == {listing.pk: 8}
