"""Buyers who pay an order at once through the emulator, and what our jobs do meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from devtools.stripe_emulator.testing import Running, running
from ledger import checks
from payments import services
from payments.models import Refund, RefundState
from payments.services.inbox import process_due, receive
from payments.services.lapsing import give_up_overdue
from shop.contact import Fulfilment, OrderTerms, Wanted
from shop.models import Listing, Purchase
from shop.order_rules import hold_until
from shop.services.order_payments import ask_payment, came_back, page_to_pay
from shop.services.placing import place_orders
from shop.services.vouchers import use_voucher
from tests.factories.shop import BUYER, NOON, make_collection_station
from tests.payments.conftest import use

RETURN = "https://shanhuo.test/back/"
GOOD, POOR = "4242424242424242", "4000000000009995"


@pytest.fixture
def stripe(settings: Any) -> Iterator[Running]:
    """The emulator, its clock at our noon."""
    with running(now=NOON) as provider:
        use(settings, provider)
        yield provider


def awaiting(
    *listings: Listing,
    packs: int = 2,
    key: str = "pay-now",
    at: datetime = NOON,
    voucher: str = "",
    **terms: Any,
) -> list[Purchase]:
    """Orders that wait for one payment, for collection."""
    placed = place_orders(
        basket_lines=[Wanted(one, packs) for one in listings],
        contact=BUYER,
        fulfilment=Fulfilment.collect_at(make_collection_station()),
        checkout_key=key,
        user=None,
        at=at,
        terms=OrderTerms(hold_until=hold_until(at), **terms),
    )
    use_voucher(code=voucher, purchases=placed, at=at)
    ask_payment(purchases=placed, at=at)
    return placed


def finish(
    stripe: Running,
    purchase: Purchase,
    *,
    means: str = "card",
    card: str = GOOD,
    at: datetime = NOON,
) -> Purchase:
    """Pay on the provider's page and come back."""
    url = page_to_pay(purchase=purchase, return_url=RETURN, at=at)
    answer = stripe.buyer.pay(url, card=card, way=means)
    if answer not in (RETURN, url):
        stripe.buyer.approve(answer)
    came_back(code=purchase.payment_code, at=at)
    purchase.refresh_from_db()
    return purchase


def paid(stripe: Running, *listings: Listing, **facts: Any) -> list[Purchase]:
    """Orders that are paid."""
    placed = awaiting(*listings, **facts)
    finish(stripe, placed[0])
    for one in placed:
        one.refresh_from_db()
    return placed


def send_refunds(stripe: Running, *, at: datetime = NOON) -> None:
    """What the jobs do: refunds are sent, and the provider says what became of them."""
    from payments.gateway import gateway

    rows = Refund.objects.filter(state__in=[RefundState.ASKED, RefundState.UNKNOWN])
    for code in list(rows.values_list("code", flat=True)):
        services.send(code=code, at=at)
    stripe.settle()
    stripe.deliver_events(
        lambda body, signature: (
            receive(told=gateway().read_message(body, signature), at=at) or None
        ),
        everything=True,
    )
    process_due(at=at)


def time_out(at: datetime) -> None:
    """What the tick does when a hold is over."""
    give_up_overdue(at=at)


def faults() -> list[str]:
    """What does not hold in the books."""
    return [fault for result in checks.run_all() for fault in result.faults]
