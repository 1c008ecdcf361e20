"""Whatever happens in whatever order, the provider's books agree with its objects."""

import random
import threading
from contextlib import suppress
from typing import Any

import pytest
import stripe

from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import CARD, charge, off_session, page, saved_card

STEPS = 60
CARDS = (
    "pm_card_visa",
    "pm_card_chargeCustomerFail",
    "pm_card_refundFail",
    "pm_card_createDispute",
)


class Walk:
    """Random but repeatable things that buyers, shops and banks do."""

    def __init__(self, em: Running, client: stripe.StripeClient, seed: int) -> None:
        self.em, self.v1, self.client = em, client.v1, client
        self.chance = random.Random(seed)  # noqa: S311  # repeatable, not secret

    def step(self) -> None:
        act = self.chance.choice(
            [self.pay, self.pay, self.hold, self.wallet, self.refund, self.wait, self.crash]
        )
        with suppress(stripe.StripeError):  # refused: then nothing may have moved
            act()

    def pay(self) -> None:
        facts: dict[str, Any] = {
            "amount": self.chance.randint(400, 99999),
            "currency": "cny",
            **CARD,
        }
        facts["capture_method"] = self.chance.choice(["automatic", "automatic_async"])
        facts |= {"payment_method": self.chance.choice(CARDS), "confirm": True}
        self.v1.payment_intents.create(facts)  # type: ignore[arg-type]

    def hold(self) -> None:
        held = charge(self.client, saved_card(self.client), capture_method="manual", amount=5000)
        if self.chance.random() < 0.6:
            part = self.chance.randint(1, 5000)
            self.v1.payment_intents.capture(held.id, {"amount_to_capture": part})

    def wallet(self) -> None:
        way = self.chance.choice(["alipay", "wechat_pay"])
        app = self.em.buyer.pay(str(page(self.client).url), way=way)
        self.em.buyer.send(app, {"answer": self.chance.choice(["yes", "no"])})

    def refund(self) -> None:
        charges = self.em.world.charges()
        if charges:
            found = self.chance.choice(charges)
            self.v1.refunds.create(
                {"charge": found["id"], "amount": self.chance.randint(1, found["amount"])}
            )

    def wait(self) -> None:
        self.em.clock.advance(hours=self.chance.choice([0.01, 1, 100]))
        self.em.settle()

    def crash(self) -> None:
        kind = self.chance.choice(["drop_reply", "error", "error_after", "refund_fails"])
        self.em.faults.add(kind, on="" if kind == "refund_fails" else "/v1/", times=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_balance_is_what_its_objects_say(emulator: Running, client, seed: int) -> None:
    walk = Walk(emulator, client, seed)
    for _step in range(STEPS):
        walk.step()
    emulator.faults.clear()
    emulator.clock.advance(days=8)
    emulator.settle()

    world = emulator.world
    charges, refunds = (
        world.charges(),
        [row for row in world.refunds() if row["status"] != "failed"],
    )
    by_id = {row["id"]: row for row in world.all("balance_transaction")}
    balance = world.balance()

    assert len(charges) > 5
    assert refunds
    assert balance["charged"] == sum(row["amount_captured"] for row in charges)
    assert balance["refunded"] == -sum(row["amount"] for row in refunds)
    lost = [row for row in world.all("dispute") if row["status"] != "won"]
    assert balance["disputed"] == -sum(row["amount"] for row in lost)
    assert (
        balance["net"]
        == sum(balance[name] for name in ("charged", "refunded", "disputed")) - balance["fees"]
    )
    for row in charges:
        back = [refund["amount"] for refund in refunds if refund["charge"] == row["id"]]
        assert sum(back) == row["amount_refunded"] <= row["amount_captured"]
        assert by_id[row["balance_transaction"]]["amount"] == row["amount_captured"]
    free = client.v1.balance.retrieve()
    assert free.available[0].amount + free.pending[0].amount == balance["net"]


def _at_once(*calls: Any) -> list[object]:
    answers: list[object] = []

    def run(call: Any) -> None:
        try:
            answers.append(call().id)
        except stripe.StripeError as error:
            answers.append(error.http_status)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_many_at_once_under_one_key_charge_once(emulator: Running, client) -> None:
    owner = saved_card(client)
    key = {"idempotency_key": "pledge:1:1"}

    answers = _at_once(*[lambda: client.v1.payment_intents.create(off_session(owner), key)] * 8)

    charges = emulator.world.charges()
    assert len(charges) == 1
    assert set(answers) <= {charges[0]["payment_intent"], 409}


def test_many_at_once_under_their_own_keys_charge_each(emulator: Running, client) -> None:
    owner = saved_card(client)

    answers = _at_once(*[lambda: charge(client, owner)] * 8)

    assert len(set(answers)) == len(emulator.world.charges()) == 8


def test_many_at_once_never_give_back_more_than_was_paid(emulator: Running, client) -> None:
    paid = charge(client, saved_card(client))
    asked = {"payment_intent": paid.id, "amount": 2000}

    answers = _at_once(*[lambda: client.v1.refunds.create(asked)] * 6)

    assert answers.count(400) == 4
    assert emulator.world.balance()["refunded"] == -4000
