"""What the test cards answer: saved, charged by their owner, charged without her."""

import pytest
import stripe

from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import BACK, CARD, charge, off_session, refused, saved_card

DECLINES = [
    ("visa_chargeDeclined", "card_declined", "generic_decline"),
    ("visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    ("chargeDeclinedExpiredCard", "expired_card", None),
    ("chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ("chargeDeclinedProcessingError", "processing_error", None),
]


@pytest.mark.parametrize(("name", "code", "decline"), DECLINES)
def test_a_declined_card_says_why(emulator: Running, client, name, code, decline) -> None:
    facts = {"amount": 5000, "currency": "cny", "confirm": True, **CARD}

    error = refused(
        client.v1.payment_intents.create, {**facts, "payment_method": f"pm_card_{name}"}
    )

    assert isinstance(error, stripe.CardError)
    assert (error.code, getattr(error.error, "decline_code", None)) == (code, decline)
    intent = client.v1.payment_intents.retrieve(error.error.payment_intent.id)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == code
    assert intent.payment_method is None
    assert client.v1.charges.retrieve(error.error.charge).status == "failed"
    assert emulator.world.balance()["net"] == 0


def test_a_declined_card_cannot_be_saved(client) -> None:
    customer = client.v1.customers.create({}).id

    error = refused(
        client.v1.payment_methods.attach, "pm_card_chargeDeclined", {"customer": customer}
    )

    assert error.code == "card_declined"
    assert client.v1.customers.payment_methods.list(customer).data == []


def test_a_card_may_be_saved_well_and_be_declined_later(client) -> None:
    owner = saved_card(client, "pm_card_chargeCustomerFail")

    error = refused(charge, client, owner)

    assert error.error.decline_code == "generic_decline"


def test_a_card_that_wants_its_owner_is_never_asked_when_she_is_away(emulator, client) -> None:
    owner = saved_card(client, "pm_card_authenticationRequired")

    error = refused(charge, client, owner)

    assert isinstance(error, stripe.CardError)
    assert error.code == error.error.decline_code == "authentication_required"
    assert error.error.payment_intent.status == "requires_payment_method"
    assert error.error.payment_method.id == owner["payment_method"]
    assert emulator.world.events("payment_intent.requires_action") == []


def test_its_owner_cures_it_on_the_page(emulator: Running, client) -> None:
    owner = saved_card(client, "pm_card_authenticationRequired")
    intent = refused(charge, client, owner).error.payment_intent

    asked = client.v1.payment_intents.confirm(
        intent.id, {"payment_method": owner["payment_method"], "return_url": BACK}
    )
    emulator.buyer.approve(asked.next_action.redirect_to_url.url)

    assert asked.status == "requires_action"
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert len(emulator.world.charges()) == 1


@pytest.mark.parametrize("way", ["attached", "set up"])
def test_a_card_set_up_with_its_owner_needs_her_no_more(emulator, client, way) -> None:
    customer = client.v1.customers.create({}).id
    card = "pm_card_authenticationRequiredOnSetup"
    if way == "attached":
        owner = saved_card(client, card)
    else:
        setup = client.v1.setup_intents.create(
            {"customer": customer, "payment_method": card, "confirm": True, "return_url": BACK}
        )
        emulator.buyer.approve(setup.next_action.redirect_to_url.url)
        owner = {"customer": customer, "payment_method": setup.payment_method}

    if way == "attached":
        assert refused(charge, client, owner).code == "authentication_required"
    else:
        assert charge(client, owner).status == "succeeded"


def test_who_fails_to_prove_herself_may_try_again(emulator: Running, client) -> None:
    facts = {"amount": 5000, "currency": "cny", "confirm": True, "return_url": BACK}
    facts |= {"payment_method": "pm_card_threeDSecure2Required", **CARD}
    intent = client.v1.payment_intents.create(facts)

    emulator.buyer.refuse(intent.next_action.redirect_to_url.url)

    again = client.v1.payment_intents.retrieve(intent.id)
    assert again.status == "requires_payment_method"
    assert again.last_payment_error.code == "payment_intent_authentication_failure"


def test_nobody_is_asked_when_the_caller_forbids_it(client) -> None:
    facts = {"amount": 5000, "currency": "cny", "confirm": True, **CARD}
    facts |= {"payment_method": "pm_card_threeDSecureRequired", "error_on_requires_action": True}

    error = refused(client.v1.payment_intents.create, facts)

    assert error.code == "authentication_required"


def test_a_saved_card_needs_its_customer(client) -> None:
    owner = saved_card(client)
    other = client.v1.customers.create({}).id

    without = refused(charge, client, {"payment_method": owner["payment_method"]})
    foreign = refused(charge, client, {**owner, "customer": other})

    assert without.http_status == foreign.http_status == 400


def test_a_detached_card_is_gone_for_good(client) -> None:
    owner = saved_card(client)
    client.v1.payment_methods.detach(owner["payment_method"])

    charged = refused(charge, client, owner)
    attached = refused(
        client.v1.payment_methods.attach,
        owner["payment_method"],
        {"customer": owner["customer"]},
    )
    again = refused(client.v1.payment_methods.detach, owner["payment_method"])

    assert {charged.http_status, attached.http_status, again.http_status} == {400}


def test_a_card_can_be_told_what_to_answer(emulator: Running, client) -> None:
    owner = saved_card(client)
    emulator.card(owner["payment_method"], "do_not_honor")

    declined = refused(charge, client, owner)
    emulator.card(owner["payment_method"], None)

    assert declined.error.decline_code == "do_not_honor"
    assert charge(client, owner).status == "succeeded"


def test_off_session_goes_with_confirm_only(client) -> None:
    facts = off_session(saved_card(client))
    del facts["confirm"]

    assert refused(client.v1.payment_intents.create, facts).param == "off_session"
