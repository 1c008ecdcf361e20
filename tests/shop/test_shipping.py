"""Carriage: first kilogram, then every started step, by the province's zone."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from core.errors import NotAllowed
from core.units import from_fen
from shop.contact import Fulfilment, Wanted
from shop.models import RateCard, ZoneProvince
from shop.shipping.quotes import charge_for, quotes_for, rate_for, rates_in_force, weigh
from tests.factories.shop import ListingFactory, delivery_to_gansu, make_rate_card

pytestmark = pytest.mark.django_db

DAY = date(2026, 8, 28)
GOLDEN = Path(__file__).parent / "golden" / "quotes.csv"


def test_golden_quotes_to_every_province():
    call_command("load_shop_facts", verbosity=0)
    rates = rates_in_force(on=DAY)
    zones = dict(ZoneProvince.objects.values_list("province_code", "zone_id"))
    with GOLDEN.open() as file:
        golden = list(csv.DictReader(file))

    wrong = [
        row
        for row in golden
        if charge_for(rates[zones[row["province_code"]]], int(row["weight_g"]))
        != from_fen(int(row["charge_fen"]))
    ]

    assert len(golden) == 31 * 9
    assert wrong == []


@pytest.mark.parametrize(
    ("weight_g", "charge"),
    [(1, "5.00"), (1000, "5.00"), (1001, "6.50"), (2000, "6.50"), (2001, "8.00")],
)
def test_first_kilogram_then_every_started_one(weight_g, charge):
    make_rate_card(first_kg="5.00", further_kg="1.50")

    rate = rate_for(province_code="62", on=DAY)

    assert charge_for(rate, weight_g) == Decimal(charge)


def test_packaging_is_weighed_too():
    listing = ListingFactory(pack_weight_g=500)

    assert weigh([Wanted(listing, 2)]) == 1060


def test_collection_costs_nothing():
    listing = ListingFactory()

    [quote] = quotes_for([[Wanted(listing, 9)]], fulfilment=Fulfilment("collect"), on=DAY)

    assert quote.charge == Decimal("0.00")


def test_each_shop_sends_its_own_parcel():
    first, second = ListingFactory(), ListingFactory()

    quotes = quotes_for(
        [[Wanted(first, 1)], [Wanted(second, 2)]], fulfilment=delivery_to_gansu(), on=DAY
    )

    assert [quote.charge for quote in quotes] == [Decimal("5.00"), Decimal("6.50")]


def test_quotes_ask_the_database_twice_however_many_lines(django_assert_num_queries):
    fulfilment = delivery_to_gansu()
    wanted = [Wanted(ListingFactory(), 1) for _ in range(3)]

    with django_assert_num_queries(2):
        quotes_for([[want] for want in wanted], fulfilment=fulfilment, on=DAY)


def test_province_without_a_rate_is_refused():
    make_rate_card()

    with pytest.raises(NotAllowed, match="寄不到"):
        rate_for(province_code="71", on=DAY)


def test_card_that_has_ended_is_not_used():
    card = make_rate_card()
    RateCard.objects.filter(pk=card.pk).update(valid_to=date(2026, 8, 27))

    with pytest.raises(NotAllowed):
        rate_for(province_code="62", on=DAY)
