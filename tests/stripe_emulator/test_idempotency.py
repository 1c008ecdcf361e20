"""One key, one effect: as Stripe's documentation of idempotent requests says."""

import threading
import time
from http import HTTPStatus

import pytest
import stripe

from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import NOON, charge, off_session, refused, saved_card

KEY = {"idempotency_key": "pledge:1:1"}


def test_a_repeated_request_is_answered_from_memory(emulator: Running, client) -> None:
    owner = saved_card(client)

    first = client.v1.payment_intents.create(off_session(owner), KEY)
    again = client.v1.payment_intents.create(off_session(owner), KEY)

    assert again.id == first.id
    assert again.last_response.body == first.last_response.body
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.request_id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(emulator.world.charges()) == 1


def test_other_parameters_under_a_key_are_refused(emulator: Running, client) -> None:
    owner = saved_card(client)
    client.v1.payment_intents.create(off_session(owner), KEY)

    error = refused(client.v1.payment_intents.create, off_session(owner, amount=6000), KEY)

    assert isinstance(error, stripe.IdempotencyError)
    assert error.http_status == HTTPStatus.BAD_REQUEST
    assert "same parameters" in str(error)
    assert len(emulator.world.charges()) == 1


def test_the_order_of_parameters_does_not_matter(client) -> None:
    facts = off_session(saved_card(client))
    first = client.v1.payment_intents.create(facts, KEY)

    again = client.v1.payment_intents.create(dict(reversed(facts.items())), KEY)

    assert again.id == first.id


def test_another_address_under_a_key_is_refused(client) -> None:
    client.v1.customers.create({}, KEY)

    error = refused(client.v1.setup_intents.create, {}, KEY)

    assert isinstance(error, stripe.IdempotencyError)
    assert "same endpoint" in str(error)


def test_a_decline_is_final_for_its_key(emulator: Running, client) -> None:
    owner = saved_card(client)
    emulator.card("4242", "insufficient_funds")
    refused(client.v1.payment_intents.create, off_session(owner), KEY)
    emulator.card("4242", None)

    again = refused(client.v1.payment_intents.create, off_session(owner), KEY)
    other = client.v1.payment_intents.create(off_session(owner), {"idempotency_key": "pledge:1:2"})

    assert again.error.decline_code == "insufficient_funds"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert other.status == "succeeded"


@pytest.mark.parametrize(("kind", "charges"), [("error", 0), ("error_after", 1)])
def test_a_500_is_replayed(emulator: Running, client, kind: str, charges: int) -> None:
    owner = saved_card(client)
    emulator.faults.add(kind, on="/v1/payment_intents", times=1)

    first = refused(client.v1.payment_intents.create, off_session(owner), KEY)
    again = refused(client.v1.payment_intents.create, off_session(owner), KEY)

    assert (first.http_status, again.http_status) == (500, 500)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(emulator.world.charges()) == charges


@pytest.mark.parametrize(
    ("kind", "status"), [("rate_limit", 429), ("unavailable", 503), ("drop_request", None)]
)
def test_what_never_began_is_not_remembered(emulator: Running, client, kind, status) -> None:
    owner = saved_card(client)
    emulator.faults.add(kind, on="/v1/payment_intents", times=1)

    first = refused(client.v1.payment_intents.create, off_session(owner), KEY)
    again = client.v1.payment_intents.create(off_session(owner), KEY)

    assert first.http_status == status
    assert again.status == "succeeded"
    assert "Idempotent-Replayed" not in again.last_response.headers


def test_a_lost_answer_is_found_again(emulator: Running, client) -> None:
    owner = saved_card(client)
    emulator.faults.add("drop_reply", on="/v1/payment_intents", times=1)

    first = refused(client.v1.payment_intents.create, off_session(owner), KEY)
    again = client.v1.payment_intents.create(off_session(owner), KEY)

    assert isinstance(first, stripe.APIConnectionError)
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [row["payment_intent"] for row in emulator.world.charges()] == [again.id]


def test_a_bad_parameter_is_not_remembered(client) -> None:
    owner = saved_card(client)
    error = refused(client.v1.payment_intents.create, off_session(owner, amount="much"), KEY)

    good = client.v1.payment_intents.create(off_session(owner), KEY)

    assert error.code == "parameter_invalid_integer"
    assert good.status == "succeeded"


def test_a_request_under_a_key_in_use_is_told_to_wait(emulator: Running, client) -> None:
    owner = saved_card(client)
    emulator.faults.add("slow", on="/v1/payment_intents", times=1, seconds=60)
    answers: list[str] = []
    first = threading.Thread(
        target=lambda: answers.append(client.v1.payment_intents.create(off_session(owner), KEY).id)
    )
    first.start()
    while emulator.faults.listed()[0]["times"]:
        time.sleep(0.01)  # until the first request has begun

    error = refused(client.v1.payment_intents.create, off_session(owner), KEY)
    emulator.faults.clear()
    first.join()

    assert error.http_status == HTTPStatus.CONFLICT
    assert error.error.code == "idempotency_key_in_use"
    assert error.headers["Stripe-Should-Retry"] == "true"
    assert len(emulator.world.charges()) == len(answers) == 1


def test_keys_are_forgotten_after_a_day(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    first = client.v1.customers.create({}, KEY)
    emulator.clock.advance(hours=23, minutes=59)
    kept = client.v1.customers.create({}, KEY)
    emulator.clock.advance(minutes=1)

    forgotten = client.v1.customers.create({}, KEY)

    assert kept.id == first.id
    assert forgotten.id != first.id


def test_each_key_is_its_own(emulator: Running, client) -> None:
    owner = saved_card(client)

    made = {charge(client, owner).id, charge(client, owner).id}

    assert len(made) == 2
