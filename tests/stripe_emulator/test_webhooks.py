"""Events told to the platform: signed, again until heard, and every way it can go wrong."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from devtools.stripe_emulator.testing import Running, running
from tests.stripe_emulator.shop import NOON, charge, refused, saved_card

PATIENCE_S = 30.0


@dataclass
class Ear:
    """Hears events; may be deaf at first."""

    secret: str
    deaf: int = 0
    heard: list[str] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)

    def __call__(self, payload: bytes, signature: str) -> int:
        self.payloads.append(payload)
        if self.deaf:
            self.deaf -= 1
            return 500
        self.heard.append(stripe.Webhook.construct_event(payload, signature, self.secret).type)
        return 200


@pytest.fixture
def ear(emulator: Running) -> Ear:
    return Ear(emulator.webhook_secret)


def test_a_charge_tells_its_story(emulator: Running, client, ear: Ear) -> None:
    charge(client, saved_card(client))

    told = emulator.deliver_events(ear)

    assert ear.heard == [
        "customer.created",
        "payment_method.attached",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]
    assert told == len(ear.heard)
    assert emulator.deliver_events(ear) == 0


def test_another_secret_does_not_open_it(emulator: Running, client) -> None:
    client.v1.customers.create({})
    seen: list[Exception] = []

    def open_(payload: bytes, signature: str) -> None:
        try:
            stripe.Webhook.construct_event(payload, signature, "whsec_other")
        except stripe.SignatureVerificationError as error:
            seen.append(error)

    emulator.deliver_events(open_)

    assert len(seen) == 1


def test_an_event_says_which_request_caused_it(emulator: Running, client) -> None:
    made = client.v1.customers.create({}, {"idempotency_key": "k1"})

    event = client.v1.events.list().data[0]

    assert (event.request.id, event.request.idempotency_key) == (
        made.last_response.request_id,
        "k1",
    )
    assert event.pending_webhooks == 1


def test_what_was_not_heard_is_told_again_later(emulator: Running, client, ear: Ear) -> None:
    emulator.clock.freeze(NOON)
    client.v1.customers.create({})
    ear.deaf = 2

    tries = [emulator.deliver_events(ear)]
    for seconds in (9, 1, 59, 1):
        emulator.clock.advance(seconds=seconds)
        tries.append(emulator.deliver_events(ear))

    assert tries == [0, 0, 0, 0, 1]
    assert ear.heard == ["customer.created"]
    assert len(set(ear.payloads)) == 1
    assert len(ear.payloads) == 3
    assert client.v1.events.list().data[0].pending_webhooks == 0


def test_after_three_days_it_is_told_no_more(emulator: Running, client, ear: Ear) -> None:
    emulator.clock.freeze(NOON)
    client.v1.customers.create({})
    ear.deaf = 1000
    for _step in range(40):
        emulator.deliver_events(ear)
        emulator.clock.advance(hours=2)
    tried, ear.deaf = len(ear.payloads), 0
    emulator.clock.advance(days=1)

    assert emulator.deliver_events(ear) == 0
    assert 10 < tried < 40
    assert len(client.v1.events.list().data) == 1


def test_an_exception_counts_as_not_heard(emulator: Running, client, ear: Ear) -> None:
    client.v1.customers.create({})

    def fall(_payload: bytes, _signature: str) -> None:
        raise RuntimeError("the platform fell over")

    assert emulator.deliver_events(fall) == 0
    assert emulator.deliver_events(ear, everything=True) == 1


def test_an_event_may_come_twice(emulator: Running, client, ear: Ear) -> None:
    emulator.faults.add("duplicate", on="payment_intent.", count=3)
    charge(client, saved_card(client))

    emulator.deliver_events(ear)

    assert ear.heard.count("payment_intent.succeeded") == 3
    assert ear.heard.count("charge.succeeded") == 1


def test_an_event_may_never_come(emulator: Running, client, ear: Ear) -> None:
    emulator.faults.add("drop", on="payment_intent.succeeded")
    charge(client, saved_card(client))

    emulator.deliver_events(ear, everything=True)

    assert "payment_intent.succeeded" not in ear.heard
    assert client.v1.events.list({"type": "payment_intent.succeeded"}).data


def test_an_event_may_come_late(emulator: Running, client, ear: Ear) -> None:
    emulator.clock.freeze(NOON)
    emulator.faults.add("delay", on="charge.", seconds=3600)
    charge(client, saved_card(client))
    emulator.deliver_events(ear)
    before = list(ear.heard)
    emulator.clock.advance(hours=1)

    emulator.deliver_events(ear)

    assert "charge.succeeded" not in before
    assert ear.heard[-1] == "charge.succeeded"


def test_events_may_come_in_any_order(emulator: Running, client, ear: Ear) -> None:
    emulator.faults.add("reorder")
    emulator.faults.seed(1)
    for _number in range(5):
        charge(client, saved_card(client))

    emulator.deliver_events(ear)

    order = [row["type"] for row in emulator.world.events()]
    assert sorted(ear.heard) == sorted(order)
    assert ear.heard != order


def test_every_event_can_be_told_again(emulator: Running, client, ear: Ear) -> None:
    charge(client, saved_card(client))
    emulator.deliver_events(ear)
    once = sorted(ear.heard)

    emulator.knob("events", count=2)
    emulator.deliver_events(ear)

    assert sorted(ear.heard) == sorted(once * 3)


@pytest.mark.parametrize("share", [0.3])
def test_chance_is_repeatable(client, emulator: Running, share: float) -> None:
    owner = saved_card(client)
    seen = []
    for _round in range(2):
        emulator.faults.clear()
        emulator.faults.seed(7)
        emulator.faults.add("unavailable", on="/v1/payment_intents", share=share)
        answers = []
        for _number in range(12):
            try:
                charge(client, owner)
                answers.append(True)
            except stripe.APIError:
                answers.append(False)
        seen.append(answers)

    assert seen[0] == seen[1]
    assert 0 < seen[0].count(False) < 12


def test_no_fault_of_an_unknown_kind(emulator: Running) -> None:
    with pytest.raises(ValueError, match="no such fault: earthquake"):
        emulator.faults.add("earthquake")


@pytest.fixture
def listener() -> Iterator[tuple[str, Ear]]:
    """A real address that hears events."""
    ear = Ear("whsec_real")

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(ear(body, self.headers["Stripe-Signature"]))
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", ear
    server.shutdown()
    server.server_close()
    thread.join()


def test_events_reach_a_real_address_and_are_tried_again(listener: tuple[str, Ear]) -> None:
    url, ear = listener
    ear.deaf = 1
    with running(webhook_url=url, webhook_secret=ear.secret) as em:
        client = stripe.StripeClient(em.secret_key, base_addresses={"api": em.base})
        client.v1.customers.create({})
        _until(lambda: len(ear.payloads) == 1)
        em.knob("clock", advance={"seconds": 11})
        _until(lambda: ear.heard == ["customer.created"])

        charge(client, saved_card(client))
        _until(lambda: "payment_intent.succeeded" in ear.heard)

    assert len(set(ear.payloads)) == len(ear.payloads) - 1


def _until(true: object) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():  # type: ignore[operator]
        if time.monotonic() > ends:
            raise AssertionError("it did not happen")
        time.sleep(0.01)  # until the emulator's thread has spoken


def test_a_refused_charge_is_told_too(emulator: Running, client, ear: Ear) -> None:
    owner = saved_card(client, "pm_card_chargeCustomerFail")
    refused(charge, client, owner)

    emulator.deliver_events(ear)

    assert ear.heard[-2:] == ["charge.failed", "payment_intent.payment_failed"]
