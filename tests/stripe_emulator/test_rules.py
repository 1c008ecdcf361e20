"""Rules that bite: holds, wallets, windows, amounts."""

import pytest
import stripe

from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import (
    BACK,
    CARD,
    NOON,
    charge,
    off_session,
    page,
    paid_by,
    refused,
    saved_card,
)

DAY = 24 * 3600


def test_money_is_held_and_captured_in_part(emulator: Running, client) -> None:
    held = charge(client, saved_card(client), capture_method="manual")

    taken = client.v1.payment_intents.capture(held.id, {"amount_to_capture": 4000})

    assert (held.status, held.amount_capturable) == ("requires_capture", 5000)
    assert (taken.status, taken.amount_received) == ("succeeded", 4000)
    assert emulator.world.balance()["charged"] == 4000


def test_by_default_the_books_follow_the_answer(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    both = {"capture_method": "automatic_async", "expand": ["latest_charge.balance_transaction"]}
    paid = charge(client, saved_card(client), **both)
    emulator.clock.advance(seconds=2)

    booked = client.v1.charges.retrieve(paid.latest_charge.id, {"expand": ["balance_transaction"]})

    assert (paid.status, paid.latest_charge.balance_transaction) == ("succeeded", None)
    assert booked.balance_transaction.fee == 405
    assert [
        row["data"]["previous_attributes"] for row in emulator.world.events("charge.updated")
    ] == [{"balance_transaction": None}]


@pytest.mark.parametrize("amount", [0, 5001])
def test_no_more_than_what_is_held_is_captured(client, amount: int) -> None:
    held = charge(client, saved_card(client), capture_method="manual")

    error = refused(client.v1.payment_intents.capture, held.id, {"amount_to_capture": amount})

    assert error.param == "amount_to_capture"


@pytest.mark.parametrize(("off", "seconds"), [(True, (4 * 24 + 18) * 3600), (False, 7 * DAY)])
def test_a_hold_ends_with_its_window(emulator: Running, client, off: bool, seconds: int) -> None:
    emulator.clock.freeze(NOON)
    facts = off_session(saved_card(client), capture_method="manual")
    held = client.v1.payment_intents.create({**facts, "off_session": off})
    expanded = client.v1.charges.retrieve(held.latest_charge)
    before = expanded.payment_method_details.card.capture_before
    emulator.clock.advance(seconds=seconds - 1)
    still = client.v1.payment_intents.retrieve(held.id).status
    emulator.clock.advance(seconds=1)

    gone = client.v1.payment_intents.retrieve(held.id)

    assert before - held.created == seconds
    assert still == "requires_capture"
    assert (gone.status, gone.cancellation_reason) == ("canceled", "automatic")
    assert refused(client.v1.payment_intents.capture, held.id).http_status == 400
    assert emulator.world.balance()["net"] == 0


@pytest.mark.parametrize("wallet", ["alipay", "wechat_pay"])
def test_a_wallets_money_is_not_held(client, wallet: str) -> None:
    facts = {"amount": 5000, "currency": "cny", "capture_method": "manual"}

    alone = refused(
        client.v1.payment_intents.create, {**facts, "allowed_payment_method_types": [wallet]}
    )
    beside = client.v1.payment_intents.create(
        {**facts, "allowed_payment_method_types": ["card", wallet]}
    )

    assert alone.param == "allowed_payment_method_types"
    assert beside.payment_method_types == ["card"]


@pytest.mark.parametrize("wallet", ["alipay", "wechat_pay"])
def test_a_wallet_is_not_saved(emulator: Running, client, wallet: str) -> None:
    customer = client.v1.customers.create({}).id
    method = client.v1.payment_methods.create({"type": wallet}).id
    asked = {"mode": "setup", "success_url": BACK, "allowed_payment_method_types": [wallet]}

    refused(client.v1.payment_methods.attach, method, {"customer": customer})
    refused(client.v1.setup_intents.create, {"allowed_payment_method_types": [wallet]})
    refused(client.v1.checkout.sessions.create, asked)
    error = refused(
        client.v1.payment_intents.create,
        off_session({"payment_method": method}, allowed_payment_method_types=[wallet]),
    )

    assert error.param == "off_session"


def test_the_old_name_of_the_types_is_refused(client) -> None:
    error = refused(
        client.v1.payment_intents.create,
        {"amount": 5000, "currency": "cny", "payment_method_types": ["card"]},
    )

    assert error.code == "payment_method_types_no_longer_supported"


def test_a_page_to_come_back_to_is_wanted_where_one_may_be_led_away(client) -> None:
    facts = off_session(saved_card(client))
    del facts["allowed_payment_method_types"]

    error = refused(client.v1.payment_intents.create, facts)

    assert error.param == "return_url"
    assert client.v1.payment_intents.create({**facts, "return_url": BACK}).status == "succeeded"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount": 399}, "amount_too_small"),
        ({"amount": -1}, "parameter_invalid_integer"),
        ({"amount": 5000, "currency": "cny", "colour": "red"}, "parameter_unknown"),
        ({"currency": "cny"}, "parameter_missing"),
        ({"amount": 5000, "customer": "cus_none"}, "resource_missing"),
        ({"amount": 5000, "payment_method": "pm_none"}, "resource_missing"),
    ],
)
def test_wrong_parameters_are_named(client, facts: dict[str, object], code: str) -> None:
    error = refused(client.v1.payment_intents.create, {"currency": "cny", **facts})

    assert isinstance(error, stripe.InvalidRequestError)
    assert (error.http_status, error.code) == (400, code)


def test_what_is_over_stays_over(client) -> None:
    done = charge(client, saved_card(client))
    gone = client.v1.payment_intents.create({"amount": 5000, "currency": "cny", **CARD})
    client.v1.payment_intents.cancel(gone.id)

    for verb in ("cancel", "confirm", "capture"):
        error = refused(getattr(client.v1.payment_intents, verb), done.id)
        assert error.code == "payment_intent_unexpected_state"
    error = refused(client.v1.payment_intents.confirm, gone.id, {"payment_method": "pm_card_visa"})
    assert error.code == "payment_intent_unexpected_state"


def test_refunds_never_pass_the_charge(emulator: Running, client) -> None:
    paid = charge(client, saved_card(client))
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 2000})

    above = refused(client.v1.refunds.create, {"payment_intent": paid.id, "amount": 3001})
    client.v1.refunds.create({"payment_intent": paid.id})
    again = refused(client.v1.refunds.create, {"payment_intent": paid.id})

    assert above.param == "amount"
    assert again.code == "charge_already_refunded"
    assert emulator.world.balance()["refunded"] == -5000
    assert client.v1.charges.retrieve(paid.latest_charge).refunded


def test_the_fee_is_not_given_back(emulator: Running, client) -> None:
    paid = charge(client, saved_card(client), amount=10_000)

    client.v1.refunds.create({"payment_intent": paid.id})

    assert emulator.world.balance() == {
        "charged": 10_000,
        "refunded": -10_000,
        "disputed": 0,
        "fees": 575,
        "net": -575,
    }


@pytest.mark.parametrize(("wallet", "days"), [("alipay", 90), ("wechat_pay", 180)])
def test_a_wallet_gives_back_within_its_window(emulator, client, wallet: str, days: int) -> None:
    emulator.clock.freeze(NOON)
    intent = paid_by(emulator, client, wallet)
    emulator.clock.advance(days=days)
    last = client.v1.refunds.create({"payment_intent": intent, "amount": 100})
    emulator.clock.advance(seconds=1)

    error = refused(client.v1.refunds.create, {"payment_intent": intent, "amount": 100})

    assert last.status == "pending"
    assert error.code == "charge_not_refundable"


def test_a_wallets_refund_arrives_later(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    refund = client.v1.refunds.create({"payment_intent": paid_by(emulator, client, "alipay")})
    emulator.clock.advance(seconds=29)
    before = client.v1.refunds.retrieve(refund.id).status
    emulator.clock.advance(seconds=1)

    after = client.v1.refunds.retrieve(refund.id).status

    assert (refund.status, before, after) == ("pending", "pending", "succeeded")
    assert len(emulator.world.events("refund.updated")) == 1


def test_a_wallets_refund_may_come_back(emulator: Running, client) -> None:
    intent = paid_by(emulator, client, "alipay")
    emulator.faults.add("refund_fails", times=1)
    refund = client.v1.refunds.create({"payment_intent": intent})
    emulator.clock.advance(minutes=1)

    after = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})

    assert after.status == "failed"
    assert after.failure_balance_transaction.amount == refund.amount
    assert emulator.world.balance()["refunded"] == 0
    assert len(emulator.world.events("refund.failed")) == 1
    assert client.v1.refunds.create({"payment_intent": intent}).status == "pending"


def test_a_cards_refund_may_come_back_too(emulator: Running, client) -> None:
    facts = {"amount": 5000, "currency": "cny", "confirm": True, **CARD}
    paid = client.v1.payment_intents.create({**facts, "payment_method": "pm_card_refundFail"})
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    emulator.clock.advance(minutes=1)

    assert refund.status == "succeeded"
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert client.v1.charges.retrieve(paid.latest_charge).amount_refunded == 0


def test_a_dispute_takes_the_money_and_a_fee(emulator: Running, client) -> None:
    facts = {"amount": 5000, "currency": "cny", "confirm": True, **CARD}
    paid = client.v1.payment_intents.create({**facts, "payment_method": "pm_card_createDispute"})
    emulator.clock.advance(minutes=2)
    dispute = client.v1.disputes.list({"payment_intent": paid.id}).data[0]
    lost = emulator.world.balance()

    no_refund = refused(client.v1.refunds.create, {"payment_intent": paid.id})
    won = client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )

    assert (lost["disputed"], lost["fees"]) == (-5000, 405 + 8500)
    assert no_refund.code == "charge_disputed"
    assert won.status == "won"
    assert emulator.world.balance()["net"] == 5000 - 405


def test_a_page_closes_by_itself(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    now = int(NOON.timestamp())
    open_ = page(client, expires_at=now + 1800)
    emulator.clock.advance(minutes=30)

    closed = client.v1.checkout.sessions.retrieve(open_.id)

    assert (open_.status, closed.status, closed.url) == ("open", "expired", None)
    assert refused(client.v1.checkout.sessions.expire, open_.id).http_status == 400
    assert refused(page, client, expires_at=now + 3600 * 30).param == "expires_at"


def test_money_becomes_free_after_a_week(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    charge(client, saved_card(client), amount=10_000)
    waiting = client.v1.balance.retrieve()
    emulator.clock.advance(days=7)

    free = client.v1.balance.retrieve()

    assert (waiting.available[0].amount, waiting.pending[0].amount) == (0, 9425)
    assert (free.available[0].amount, free.pending[0].amount) == (9425, 0)


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "nothing"])
def test_only_test_keys_are_answered(emulator: Running, key: str) -> None:
    stranger = stripe.StripeClient(key, base_addresses={"api": emulator.base})

    error = refused(stranger.v1.customers.create, {})

    assert isinstance(error, stripe.AuthenticationError)
    assert emulator.world.all("customer") == []
