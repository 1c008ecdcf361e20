"""Some hundred payments over a bad line, and several workers at once: the books end to the fen."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from payments import books, services
from payments.errors import Unreachable
from payments.gateway import gateway
from payments.models import Attempt, AttemptState, Gate, Payment, PaymentState, Refund, RefundState
from payments.services.lapsing import due_cards
from payments.services.sweeping import open_refunds, sweep
from tests.payments.conftest import (
    CAMPAIGN,
    NOON,
    Remembering,
    asked,
    due,
    faults,
    hear,
    held,
    later,
    paid,
)

HOW_MANY = 500
BAD_LINE = ("error", "error_after", "drop_reply", "drop_request", "rate_limit", "unavailable")


def all_due(stripe: Running) -> None:
    """Payments that are due, all by one saved card."""
    client = gateway()._v1  # type: ignore[attr-defined]
    customer = client.customers.create({}).id
    card = client.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    for n in range(HOW_MANY):
        asked(str(n), amounts=(1000 + n,))
    facts = {"customer_id": customer, "card_id": card, "state": PaymentState.DUE}
    Payment.objects.update(**facts, due_at=NOON, next_try_at=NOON)


def work(at: datetime) -> None:
    """What the tick and its worker do."""
    Gate.objects.update(closed_at=None)  # the operator looks in
    sweep(at=at)
    for payment in due_cards(at=at):
        services.charge(code=payment.code, at=at)
    for refund in open_refunds(at=at):
        services.send(code=refund.code, at=at)


@pytest.mark.django_db
def test_five_in_a_hundred_calls_go_wrong(stripe: Running, owner: Remembering) -> None:
    chance = random.Random(7)  # noqa: S311  # a repeatable story
    all_due(stripe)
    for kind in BAD_LINE:
        stripe.faults.add(kind, method="POST", share=0.05 / len(BAD_LINE))

    at = NOON
    work(at)
    assert Attempt.objects.filter(state=AttemptState.UNKNOWN).count() > 5  # a bad line indeed
    for _pass in range(3):
        at = later(stripe, minutes=10)
        work(at)
    for payment in Payment.objects.filter(state=PaymentState.PAID).prefetch_related("parts"):
        if chance.random() < 0.2:
            facts = {"subject": payment.parts.all()[0].subject, "reason": "x", "by": None}
            services.refund(code=payment.code, amount=500, key=payment.code, at=at, **facts)
    for _pass in range(3):
        work(at)
        at = later(stripe, hours=24)
    stripe.faults.clear()
    work(at)
    hear(stripe, at=at)
    work(later(stripe, hours=1))

    assert set(Payment.objects.values_list("state", flat=True)) == {PaymentState.PAID}
    assert set(Refund.objects.values_list("state", flat=True)) == {RefundState.SUCCEEDED}
    taken = sum(row["amount"] for row in stripe.world.charges())
    back = sum(row["amount"] for row in stripe.world.refunds())
    assert len(stripe.world.charges()) == HOW_MANY
    assert taken == sum(1000 + n for n in range(HOW_MANY))
    assert balance_of(books.escrow(CAMPAIGN)) == taken - back
    assert held() == stripe.world.balance()["net"]
    assert owner.facts().count("paid") == HOW_MANY
    assert faults() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_workers_charge_a_card_once(stripe: Running, owner: Remembering) -> None:
    payment = due(stripe)

    def charge(_n: int) -> None:
        try:
            services.charge(code=payment.code, at=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(charge, range(16)))

    payment.refresh_from_db()
    assert (payment.state, payment.attempts.count()) == (PaymentState.PAID, 1)
    assert len(stripe.world.charges()) == 1
    assert owner.facts(payment.code).count("paid") == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_sweeps_and_messages_at_once_take_it_down_once(
    stripe: Running, owner: Remembering
) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on="/v1/payment_intents", method="POST", times=1)
    services.charge(code=payment.code, at=NOON)
    at = later(stripe, minutes=3)

    def go_on(n: int) -> None:
        try:
            sweep(at=at) if n % 2 else hear(stripe, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(go_on, range(12)))
    hear(stripe, at=at + timedelta(minutes=5))

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    assert owner.facts(payment.code).count("paid") == 1
    assert held() == stripe.world.balance()["net"]
    assert faults() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_refunds_at_once_return_what_there_is(stripe: Running) -> None:
    payment = paid(stripe)

    def back(n: int) -> bool:
        facts = {"subject": "pledge:1-0", "amount": 5000, "reason": "x", "by": None}
        try:
            services.refund(code=payment.code, key=f"r{n}", at=NOON, **facts)
        except Exception:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(back, range(6)))

    payment.refresh_from_db()
    assert (done.count(True), payment.refunded) == (2, 10000)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_clicks_open_one_page(stripe: Running) -> None:
    payment = asked(way="now")  # type: ignore[arg-type]

    def click(_n: int) -> str:
        try:
            return services.hosted_page(code=payment.code, return_url="https://x.test", at=NOON)
        except Unreachable:  # the same question is being answered this moment
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(click, range(8)))

    assert len(found - {""}) == 1
    assert len(stripe.world.all("checkout.session")) == 1
