"""The stock ledger: append-only, never below zero, and its fold is the balance."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core import ticks
from core.errors import NotAllowed
from logistics.errors import NotEnoughGrams
from logistics.models import LotBalance, LotState, StockMove
from logistics.selectors.stock import Held, gram_totals, packs_on_hand, stock_drift
from logistics.services.moves import Document, place_of_hub, place_of_station, post_move
from logistics.services.processing import move_lot, spoil
from logistics.services.stock import refresh_all
from shop.availability import free_packs
from tests.factories.growers import (
    HubFactory,
    StationHubFactory,
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.logistics import make_form, make_lot
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db
PAPER = Document(code="test", by=None, at=NOON)


def test_move_cannot_be_changed_or_deleted():
    move = make_lot(ListingFactory(), 5_000).moves.get()
    move.weight_g = 1

    for refused in (move.save, move.delete, StockMove.objects.all().delete):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotAllowed):
        StockMove.objects.update(weight_g=1)

    assert StockMove.objects.get().weight_g == 5_000


def test_move_key_is_used_once():
    lot = make_lot(ListingFactory(), 5_000)
    place = lot.balances.get().place

    with pytest.raises(IntegrityError), transaction.atomic():
        post_move(
            key=f"{lot.code}:in",
            lot=lot,
            weight_g=1,
            reason="receive",
            document=PAPER,
            to_place=place,
        )

    assert lot.balances.get().weight_g == 5_000


def test_more_than_lies_there_is_refused_and_writes_no_move():
    lot = make_lot(ListingFactory(), 5_000)
    place = lot.balances.get().place

    with pytest.raises(NotEnoughGrams, match="5 kg"):
        post_move(
            key="out", lot=lot, weight_g=5_001, reason="spoil", document=PAPER, from_place=place
        )

    assert StockMove.objects.count() == 1


def test_balance_below_zero_is_refused_by_the_database():
    balance = make_lot(ListingFactory(), 5_000).balances.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LotBalance.objects.filter(pk=balance.pk).update(weight_g=-1)


def test_direction_of_a_move_must_fit_its_reason():
    lot = make_lot(ListingFactory(), 5_000)
    place = lot.balances.get().place

    with pytest.raises(IntegrityError), transaction.atomic():
        post_move(key="odd", lot=lot, weight_g=1, reason="pack", document=PAPER, to_place=place)


def test_lot_closes_when_its_last_gram_leaves():
    lot = make_lot(ListingFactory(), 5_000)
    place = lot.balances.get().place

    post_move(key="out", lot=lot, weight_g=5_000, reason="pack", document=PAPER, from_place=place)

    lot.refresh_from_db()
    assert lot.state == LotState.CLOSED


def test_lot_moves_only_to_a_hub_its_station_delivers_to():
    lot = make_lot(ListingFactory(), 5_000)
    station = lot.shop.station
    linked, other = HubFactory(), HubFactory()
    StationHubFactory(station=station, hub=linked)
    facts = {"lot_code": lot.code, "weight_g": 2_000, "by": None, "at": NOON}
    here = place_of_station(station)

    move_lot(from_place=here, to_place=place_of_hub(linked), key="m1", **facts)
    move_lot(from_place=here, to_place=place_of_hub(linked), key="m1", **facts)
    with pytest.raises(NotAllowed):
        move_lot(from_place=here, to_place=place_of_hub(other), key="m2", **facts)

    assert list(lot.balances.order_by("weight_g").values_list("weight_g", flat=True)) == [
        2_000,
        3_000,
    ]


def test_stranger_neither_moves_nor_writes_off():
    lot = make_lot(ListingFactory(), 5_000)
    hub = HubFactory()
    StationHubFactory(station=lot.shop.station, hub=hub)
    here, stranger = place_of_station(lot.shop.station), UserFactory()
    facts = {"lot_code": lot.code, "weight_g": 1, "key": "k", "by": stranger, "at": NOON}

    with pytest.raises(NotAllowed):
        move_lot(from_place=here, to_place=place_of_hub(hub), **facts)
    with pytest.raises(NotAllowed):
        spoil(place=here, why="发霉", **facts)

    assert lot.balances.get().weight_g == 5_000


def test_write_off_leaves_the_shelf_with_its_reason():
    listing = ListingFactory(form=make_form(), packs=0)
    lot = make_lot(listing, 5_000)
    planner = person_with("planner", lot.cooperative)

    spoil(
        lot_code=lot.code,
        place=lot.balances.get().place,
        weight_g=1_000,
        why="受潮发霉",
        key="s1",
        by=planner,
        at=NOON,
    )

    assert free_packs([listing.pk]) == {listing.pk: 8}
    assert lot.moves.get(reason="spoil").document == "受潮发霉"


def test_expired_lot_leaves_the_shelf_by_itself():
    listing = ListingFactory(packs=0)
    make_lot(listing, 5_000, expires_on=date(2026, 8, 29))
    assert free_packs([listing.pk]) == {listing.pk: 10}

    refresh_all(NOON.replace(day=29))

    assert free_packs([listing.pk]) == {listing.pk: 0}


def test_the_tick_refreshes_the_shelf_every_day():
    [job] = [job for job in ticks.jobs() if job.name == "logistics.stock"]

    assert (job.every_minutes, job.run) == (24 * 60, refresh_all)


def test_stock_check_reports_drift():
    lot = make_lot(ListingFactory(), 5_000)
    call_command("stock_check")

    lot.balances.update(weight_g=4_999)

    assert [(d.lot, d.balance_g, d.ledger_g) for d in stock_drift()] == [(lot.code, 4_999, 5_000)]
    assert not gram_totals().conserved
    with pytest.raises(CommandError):
        call_command("stock_check")


def test_pool_belongs_to_the_cooperative_so_its_other_shop_may_sell():
    listing = ListingFactory(packs=0)
    sister = VillageShopFactory(cooperative=listing.shop.cooperative)
    stranger = VillageShopFactory()

    make_lot(listing, 1_000, shop=sister)
    make_lot(listing, 9_000, shop=stranger)

    assert free_packs([listing.pk]) == {listing.pk: 2}


@pytest.mark.parametrize(
    ("pool_g", "held", "packs"),
    [
        (5_000, [Held(500, 0, 5_000, True)], [10]),
        (5_499, [Held(500, 3, 5_499, True)], [10]),
        # Two pack sizes of one shop share the free grams; none counts twice.
        (6_000, [Held(500, 0, 3_000, True), Held(1_000, 0, 3_000, True)], [6, 3]),
        # Promises first, whoever brought the grams; the rest to those who brought them.
        (6_000, [Held(500, 4, 0, True), Held(500, 0, 6_000, True)], [4, 8]),
        # Short of the promises: shared in proportion to them.
        (3_000, [Held(500, 8, 0, True), Held(500, 4, 3_000, True)], [4, 2]),
        # Nobody on sale brought any: equally.
        (2_000, [Held(500, 0, 0, True), Held(500, 0, 0, True)], [2, 2]),
        (2_000, [Held(500, 0, 2_000, False)], [0]),
        (0, [Held(500, 2, 0, True)], [0]),
    ],
)
def test_packs_on_hand_share_a_pool(pool_g, held, packs):
    assert packs_on_hand(pool_g, held) == packs
