"""Charging saved cards: once, whatever the line does, and again only when the plan says so."""

from datetime import timedelta

import pytest

from devtools.stripe_emulator.testing import Running
from ledger.books import balance_of
from ledger.models import Transfer
from payments import books, services
from payments.models import Attempt, AttemptState, PaymentState
from payments.services.lapsing import give_up_overdue, wake_due
from payments.services.sweeping import sweep
from tests.payments.conftest import (
    ASKS,
    CAMPAIGN,
    LATER_NO,
    LOST,
    NOON,
    POOR,
    RETURN,
    Remembering,
    due,
    faults,
    hear,
    held,
    later,
    paid,
    with_card,
)

pytestmark = pytest.mark.django_db

INTENTS = "/v1/payment_intents"


def test_a_saved_card_is_charged_once_when_due(stripe: Running, owner: Remembering) -> None:
    payment = paid(stripe)

    services.charge(code=payment.code, at=NOON)
    hear(stripe, at=NOON)

    payment.refresh_from_db()
    assert (payment.state, payment.paid, payment.paid_with) == (PaymentState.PAID, 12800, "card")
    assert owner.facts(payment.code) == ["card_saved", "paid"]
    assert len(stripe.world.charges()) == 1
    assert balance_of(books.escrow(CAMPAIGN)) == 12800
    assert held() == stripe.world.balance()["net"] == 12800 - 670
    assert faults() == []


def test_a_card_is_not_charged_before_it_is_due(stripe: Running) -> None:
    payment = with_card(stripe)

    services.charge(code=payment.code, at=NOON)

    assert payment.state == PaymentState.READY
    assert stripe.world.charges() == []


def test_make_due_counts_once_and_leaves_others(stripe: Running) -> None:
    first, second = with_card(stripe, "1"), with_card(stripe, "2")
    services.void(code=second.code, at=NOON)

    assert services.make_due(codes=[first.code, second.code], at=NOON) == 1
    assert services.make_due(codes=[first.code, second.code], at=NOON) == 0


@pytest.mark.parametrize("fault", ["error_after", "drop_reply"])
def test_what_happened_without_an_answer_is_adopted(
    stripe: Running, owner: Remembering, fault: str
) -> None:
    payment = due(stripe)
    stripe.faults.add(fault, on=INTENTS, method="POST", times=1)

    services.charge(code=payment.code, at=NOON)
    payment.refresh_from_db()
    assert payment.state == PaymentState.CHARGING
    assert payment.attempts.get().state == AttemptState.UNKNOWN
    sweep(at=NOON + timedelta(minutes=1))
    payment.refresh_from_db()
    assert payment.state == PaymentState.CHARGING
    sweep(at=later(stripe, minutes=3))

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    assert len(stripe.world.charges()) == 1
    assert owner.facts(payment.code) == ["card_saved", "paid"]
    assert faults() == []


@pytest.mark.parametrize("fault", ["rate_limit", "unavailable", "drop_request"])
def test_what_did_not_happen_is_asked_again_with_the_same_key(stripe: Running, fault: str) -> None:
    payment = due(stripe)
    stripe.faults.add(fault, on=INTENTS, method="POST", times=1)

    services.charge(code=payment.code, at=NOON)
    assert stripe.world.charges() == []
    sweep(at=later(stripe, minutes=3))

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    assert payment.attempts.get().n == 1


def test_a_kept_error_is_given_up_after_its_key_and_tried_under_the_next(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("error", on=INTENTS, method="POST", times=1)
    services.charge(code=payment.code, at=NOON)

    for _hour in range(22):
        sweep(at=later(stripe, hours=1))
    payment.refresh_from_db()
    assert payment.state == PaymentState.CHARGING
    at = later(stripe, hours=2)
    sweep(at=at)
    payment.refresh_from_db()
    assert (payment.state, payment.next_try_at) == (PaymentState.DUE, at)
    services.charge(code=payment.code, at=at)

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    states = list(payment.attempts.values_list("n", "state", "error"))
    assert states == [(1, "failed", "lost"), (2, "succeeded", "")]
    assert faults() == []


def test_after_its_key_is_forgotten_a_try_is_found_by_our_mark(stripe: Running) -> None:
    payment = due(stripe)
    stripe.faults.add("drop_reply", on=INTENTS, method="POST", times=1)
    services.charge(code=payment.code, at=NOON)

    sweep(at=later(stripe, hours=25))

    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    assert len(stripe.world.charges()) == 1


def test_a_soft_decline_follows_the_plan_and_then_is_given_up(
    stripe: Running, owner: Remembering
) -> None:
    payment = with_card(stripe, card=LATER_NO)
    stripe.card("0341", "insufficient_funds")
    services.make_due(codes=[payment.code], at=NOON)

    tried = []
    at = NOON
    for _hour in range(24 * 7 + 1):
        before = Attempt.objects.count()
        services.charge(code=payment.code, at=at)
        if Attempt.objects.count() > before:
            tried.append((at - NOON) / timedelta(hours=1))
        give_up_overdue(at=at)
        at = later(stripe, hours=1)

    payment.refresh_from_db()
    assert tried == [0, 24, 72, 166]
    assert payment.state == PaymentState.DROPPED
    assert owner.facts(payment.code) == ["card_saved", *["troubled failed_soft"] * 4, "dropped"]
    assert faults() == []


@pytest.mark.parametrize(
    ("answer", "state", "hours"),
    [
        ("lost_card", PaymentState.FAILED_HARD, None),
        ("stolen_card", PaymentState.FAILED_HARD, None),
        ("pickup_card", PaymentState.FAILED_HARD, None),
        ("expired_card", PaymentState.FAILED_HARD, None),
        ("incorrect_cvc", PaymentState.FAILED_HARD, None),
        ("authenticate", PaymentState.ACTION_REQUIRED, None),
        ("generic_decline", PaymentState.FAILED_HARD, 166),
        ("insufficient_funds", PaymentState.FAILED_SOFT, 24),
        ("processing_error", PaymentState.FAILED_SOFT, 24),
    ],
)
def test_the_kind_of_decline_decides_the_next_try(
    stripe: Running, answer: str, state: str, hours: int | None
) -> None:
    payment = with_card(stripe)
    stripe.card("4242", answer)
    services.make_due(codes=[payment.code], at=NOON)

    payment = services.charge(code=payment.code, at=NOON)

    expected = None if hours is None else NOON + timedelta(hours=hours)
    assert (payment.state, payment.next_try_at) == (state, expected)
    assert payment.attempts.get().state == AttemptState.FAILED
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("card", [LATER_NO, ASKS])
def test_a_declined_card_is_put_right_on_a_page(
    stripe: Running, owner: Remembering, card: str
) -> None:
    payment = due(stripe, card=card)
    services.charge(code=payment.code, at=NOON)

    url = services.hosted_page(code=payment.code, return_url=RETURN, at=NOON)
    stripe.buyer.pay(url)
    payment = services.refresh(code=payment.code, at=NOON)

    assert payment.state == PaymentState.PAID
    assert [attempt.state for attempt in payment.attempts.all()] == ["failed", "succeeded"]
    assert owner.facts(payment.code)[-1] == "paid"
    assert faults() == []


def test_the_tick_wakes_what_is_due_once(
    stripe: Running, django_capture_on_commit_callbacks: object
) -> None:
    payment = due(stripe)
    soon = NOON + timedelta(minutes=5)

    assert wake_due(at=soon) == 0  # a job was ordered when it came due
    with django_capture_on_commit_callbacks(execute=False) as ordered:  # type: ignore[operator]
        assert wake_due(at=soon + timedelta(minutes=6)) == 1
    assert wake_due(at=soon + timedelta(minutes=7)) == 0
    assert len(ordered) == 1
    assert payment.state == PaymentState.DUE


def test_cards_that_cannot_be_saved_are_not_ready(stripe: Running) -> None:
    for card in (POOR, LOST):
        payment = with_card(stripe, card, card=card)
        assert payment.state == PaymentState.WAITING
