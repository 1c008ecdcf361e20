"""Weighing: against an accepted contract, at its price, up to its weight, once a key."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotAllowed
from logistics.models import Lot, LotSource, PayoutDue, StockMove, WeighTicket
from logistics.services.weighing import weigh
from shop.availability import free_packs
from tests.factories.growers import StationFactory, UserFactory
from tests.factories.logistics import keeper_of, make_contract, make_form, make_ticket
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db


def test_slip_lot_move_and_due_come_together():
    contract = make_contract()

    ticket = make_ticket(contract, by=keeper_of(contract.station))

    lot = ticket.source.lot
    assert (ticket.net_g, ticket.accepted_g, ticket.price_per_kg) == (
        10_000,
        10_000,
        Decimal("18.00"),
    )
    assert (lot.grade, lot.harvested_on, lot.expires_on) == (
        "一级",
        date(2026, 8, 28),
        date(2027, 2, 24),
    )
    assert lot.balances.get().weight_g == 10_000
    assert lot.balances.get().place.station == contract.station
    assert (ticket.due.amount, ticket.due.due_on) == (Decimal("180.00"), date(2026, 9, 4))
    assert ticket.due.household == contract.household


def test_same_key_gives_the_same_slip():
    contract = make_contract()

    first = make_ticket(contract, key="phone-1")
    again = make_ticket(contract, key="phone-1", gross_g=99_000)

    assert again == first
    assert (WeighTicket.objects.count(), Lot.objects.count(), StockMove.objects.count()) == (
        1,
        1,
        1,
    )


def test_key_of_another_contract_is_refused():
    make_ticket(key="phone-1")

    with pytest.raises(NotAllowed):
        make_ticket(make_contract(), key="phone-1")


@pytest.mark.parametrize("state", ["offered", "declined", "cancelled", "fulfilled"])
def test_only_an_accepted_contract_is_weighed(state):
    contract = make_contract(state=state)

    with pytest.raises(NotAllowed, match=contract.code):
        make_ticket(contract)

    assert not WeighTicket.objects.exists()


def test_only_the_keeper_of_the_contracts_station_weighs():
    contract = make_contract()

    for stranger in (UserFactory(), keeper_of(StationFactory())):
        with pytest.raises(NotAllowed):
            make_ticket(contract, by=stranger)


def test_more_than_the_contract_is_taken_only_up_to_it_and_fulfils_it():
    contract = make_contract(weight_g=12_000)
    make_ticket(contract)

    ticket = make_ticket(contract, gross_g=6_000)

    contract.refresh_from_db()
    assert (ticket.net_g, ticket.accepted_g, ticket.returned_g) == (5_000, 2_000, 3_000)
    assert ticket.due.amount == Decimal("36.00")
    assert contract.state == "fulfilled"
    with pytest.raises(NotAllowed, match="交满"):
        make_ticket(contract)


def test_contract_stays_accepted_while_weight_is_open():
    contract = make_contract(weight_g=10_001)

    make_ticket(contract)

    contract.refresh_from_db()
    assert contract.state == "accepted"


def test_other_grade_needs_a_reason_and_keeps_the_price():
    contract = make_contract()

    with pytest.raises(BadInput) as refused:
        make_ticket(contract, grade="特级")
    ticket = make_ticket(contract, grade="特级", regrade_reason="颗粒大、开口齐")

    assert refused.value.field == "regrade_reason"
    assert (ticket.grade, ticket.source.lot.grade) == ("特级", "特级")
    assert ticket.price_per_kg == Decimal("18.00")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"gross_g": 1_000, "tare_g": 1_000}, "gross"),
        ({"tare_g": -1}, "tare"),
        ({"grade": "不存在级", "regrade_reason": "x"}, "grade"),
        ({"harvested_on": date(2026, 8, 29)}, "harvested_on"),
        ({"harvested_on": date(2026, 3, 1)}, "harvested_on"),
    ],
)
def test_figures_that_cannot_be_right_are_refused_beside_their_field(facts, field):
    contract = make_contract()

    with pytest.raises(BadInput) as refused:
        make_ticket(contract, **facts)

    assert refused.value.field == field
    assert not Lot.objects.exists()


def test_amount_is_rounded_half_up_to_the_fen():
    contract = make_contract(price_per_kg=Decimal("17.85"))

    ticket = make_ticket(contract, gross_g=1_101, tare_g=1_000)

    assert ticket.due.amount == Decimal("1.80")  # 0.101 kg × 17.85 = 1.80285


def test_unknown_contract_is_said():
    with pytest.raises(BadInput, match="CT-NONE"):
        weigh(
            contract_code="CT-NONE",
            gross_g=2,
            tare_g=1,
            grade="",
            key="k",
            by=None,
            at=NOON,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"net_g": 9_999},
        {"accepted_g": 10_001},
        {"price_per_kg": Decimal("14.99")},
    ],
)
def test_database_refuses_a_slip_that_does_not_add_up(wrong):
    ticket = make_ticket()

    with pytest.raises(IntegrityError), transaction.atomic():
        WeighTicket.objects.filter(pk=ticket.pk).update(**wrong)


def test_source_is_a_ticket_or_a_lot():
    ticket = make_ticket()

    with pytest.raises(IntegrityError), transaction.atomic():
        LotSource.objects.create(lot=ticket.source.lot, weight_g=1)


def test_weighing_fills_the_shelf():
    form = make_form()
    listing = ListingFactory(form=form, grade=form.crop.grades.get(name_zh="一级"), packs=0)
    contract = make_contract(shop=listing.shop, form=form)

    make_ticket(contract)

    assert free_packs([listing.pk]) == {listing.pk: 20}


def test_paid_equals_slips():
    contract = make_contract()

    tickets = [make_ticket(contract, gross_g=1_000 + 333 * n) for n in (1, 2, 3)]

    owed = sum(PayoutDue.objects.values_list("amount", flat=True))
    assert owed == sum(ticket.due.amount for ticket in tickets) == Decimal("35.96")
