"""One credit, many checkouts at once: it is spent once and never overdrawn."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import BadInput, NotAllowed
from devtools.stripe_emulator.testing import Running
from payments.models import Refund
from shop.models import CreditUse, Purchase
from shop.services.credits import pay_out
from tests.factories.shop import ListingFactory
from tests.shop.buying import faults
from tests.shop.crediting import BUYS, bought, left, with_credit
from tests.shop.paying import stripe
from tests.shop.test_presale_races import all_at_once

__all__ = ["stripe"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_two_checkouts_at_once_spend_a_credit_once(stripe: Running) -> None:
    credit = with_credit(stripe, 1)
    listings = [ListingFactory() for _ in range(4)]

    def one(number: int) -> Callable[[], Any]:
        return lambda: bought(listings[number], seen=9200, key=f"race-{number}")

    results = all_at_once([one(number) for number in range(4)])

    errors = [one for one in results if isinstance(one, Exception)]
    assert len(errors) == 3
    assert all(isinstance(one, BadInput) for one in errors)
    assert left(credit) == 0
    assert CreditUse.objects.get().amount_fen == 9200
    assert Purchase.objects.filter(checkout_key__startswith="race").count() == 1
    assert faults() == []


def test_checkout_and_payout_at_once_take_it_one_way(stripe: Running) -> None:
    credit = with_credit(stripe, 1)
    listing = ListingFactory()

    results = all_at_once(
        [
            lambda: bought(listing, seen=9200, key="race"),
            lambda: pay_out(code=credit.code, at=BUYS),
            lambda: pay_out(code=credit.code, at=BUYS),
        ]
    )

    errors = [one for one in results if isinstance(one, Exception)]
    assert len(errors) == 2
    assert all(isinstance(one, BadInput | NotAllowed) for one in errors)
    assert CreditUse.objects.count() + Refund.objects.count() == 1
    assert left(credit) == 0
    assert faults() == []
