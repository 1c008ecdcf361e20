"""The adapter against a provider: the emulator, or Stripe's test mode with ``STRIPE_TEST_KEY``.

Only what both can do without a browser is asked here, so that the same tests run against both.
"""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from devtools.stripe_emulator.testing import WEBHOOK_SECRET, running
from payments.errors import Unreachable
from payments.gateway import Missing, Refused
from payments.gateway.stripe_client import StripeGateway

TEST_KEY = os.environ.get("STRIPE_TEST_KEY", "")
AMOUNT = 12800


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeGateway]:
    """The adapter, and a provider behind it."""
    if TEST_KEY:
        assert TEST_KEY.startswith(("sk_test_", "rk_test_"))
        yield StripeGateway(TEST_KEY, WEBHOOK_SECRET)
        return
    with running() as provider:
        yield StripeGateway(provider.secret_key, WEBHOOK_SECRET, provider.base)


@pytest.fixture
def mark() -> str:
    """A key of this test's alone."""
    return f"test:{secrets.token_hex(8)}"


def question(stripe: StripeGateway, mark: str, card: str = "pm_card_visa") -> dict[str, object]:
    """A charge of a saved test card."""
    customer = stripe.customer(key=f"customer:{mark}", reference=mark)
    method = stripe._v1.payment_methods.attach(card, {"customer": customer}).id
    return {
        "amount": AMOUNT,
        "currency": "cny",
        "customer": customer,
        "payment_method": method,
        "description": "高坡花椒 3 袋",
        "metadata": {"attempt": mark, "payment": mark},
    }


def test_a_customer_is_made_once_for_a_key(stripe: StripeGateway, mark: str) -> None:
    first = stripe.customer(key=mark, reference=mark)

    assert stripe.customer(key=mark, reference=mark) == first


def test_a_saved_card_is_charged_and_found_again(stripe: StripeGateway, mark: str) -> None:
    params = question(stripe, mark)

    made = stripe.charge(params, key=mark)
    again = stripe.charge(params, key=mark)
    found = stripe.find_intent(customer=str(params["customer"]), attempt=mark)

    assert (made.state, made.amount, made.currency) == ("succeeded", AMOUNT, "cny")
    assert (made.means, made.attempt) == ("card", mark)
    assert again.id == made.id == stripe.intent(made.id).id
    assert found is not None
    assert found.id == made.id
    assert stripe.intent(made.id).line is not None
    assert stripe.find_intent(customer=str(params["customer"]), attempt="other") is None


def test_another_question_under_the_same_key_says_nothing(stripe: StripeGateway, mark: str) -> None:
    params = question(stripe, mark)
    stripe.charge(params, key=mark)

    with pytest.raises(Unreachable):
        stripe.charge({**params, "amount": AMOUNT + 1}, key=mark)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeCustomerFail", "generic_decline"),
        ("pm_card_authenticationRequired", "authentication_required"),
    ],
)
def test_a_declined_card_is_an_answer(
    stripe: StripeGateway, mark: str, card: str, code: str
) -> None:
    params = question(stripe, mark, card)

    made = stripe.charge(params, key=mark)

    assert (made.state, made.decline, made.line) == ("declined", code, None)
    assert stripe.intent(made.id).state == "declined"
    assert stripe.charge(params, key=mark).id == made.id


def test_what_cannot_be_is_refused(stripe: StripeGateway, mark: str) -> None:
    params = question(stripe, mark)

    with pytest.raises(Refused):
        stripe.charge({**params, "amount": -1}, key=mark)
    with pytest.raises(Missing):
        stripe.intent("pi_there_is_none")


def test_a_refund_is_made_once_and_found_again(stripe: StripeGateway, mark: str) -> None:
    made = stripe.charge(question(stripe, mark), key=mark)
    code = f"RF-{mark[-9:]}"

    returned = stripe.give_back(intent=made.id, amount=2800, refund=code)

    assert (returned.state, returned.amount, returned.refund) == ("succeeded", 2800, code)
    assert [line.amount for line in returned.lines] == [-2800]
    assert stripe.give_back(intent=made.id, amount=2800, refund=code).id == returned.id
    found = stripe.find_returned(intent=made.id, refund=code)
    assert found is not None
    assert found.id == returned.id
    with pytest.raises(Refused):
        stripe.give_back(intent=made.id, amount=AMOUNT, refund=f"{code}-2")


@pytest.mark.parametrize("mode", ["payment", "setup"])
def test_a_page_is_opened_found_and_shut(stripe: StripeGateway, mark: str, mode: str) -> None:
    customer = stripe.customer(key=f"customer:{mark}", reference=mark)
    params = {
        "mode": mode,
        "customer": customer,
        "means": ["card"],
        "amount": AMOUNT,
        "currency": "cny",
        "description": "高坡花椒 3 袋",
        "return_url": "https://shanhuo.test/back/",
        "language": "zh-hans",
        "metadata": {"attempt": mark, "payment": mark},
    }

    opened = stripe.open_page(params, key=mark)
    again = stripe.open_page(params, key=mark)
    found = stripe.find_page(customer=customer, key=mark)
    shut = stripe.close_page(opened.id)

    assert (opened.state, opened.key, again.id) == ("open", mark, opened.id)
    assert opened.url.startswith("http")
    assert opened.expires_at > datetime.now(UTC)
    assert found is not None
    assert found.id == opened.id
    assert (shut.state, stripe.close_page(opened.id).state) == ("expired", "expired")


def test_a_card_is_forgotten_once(stripe: StripeGateway, mark: str) -> None:
    card = str(question(stripe, mark)["payment_method"])

    stripe.forget_card(card)

    with pytest.raises(Missing):
        stripe.forget_card(card)


def test_their_books_can_be_read(stripe: StripeGateway, mark: str) -> None:
    made = stripe.charge(question(stripe, mark), key=mark)
    line = stripe.intent(made.id).line
    since = datetime.now(UTC) - timedelta(minutes=10)

    assert line is not None
    assert (line.kind, line.amount, line.fee > 0) == ("charge", AMOUNT, True)
    assert line.id in {row.id for row in stripe.lines_since(since)}
    told = [row for row in stripe.messages_since(since) if row.object_id == made.id]
    assert "payment_intent.succeeded" in {row.kind for row in told}
    assert isinstance(stripe.balance(), int)


def test_no_line_at_all_is_no_answer(mark: str) -> None:
    nobody = StripeGateway("sk_test_x", WEBHOOK_SECRET, "http://127.0.0.1:9")

    with pytest.raises(Unreachable):
        nobody.customer(key=mark, reference=mark)


def test_a_wrong_key_of_ours_decides_nothing_about_a_payment(mark: str) -> None:
    with running() as provider:
        wrong = StripeGateway("pk_wrong", WEBHOOK_SECRET, provider.base)

        with pytest.raises(Unreachable):
            wrong.charge({"amount": 400, "currency": "cny"}, key=mark)
