"""What the tests ask the provider for, in few words."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

NOON = datetime(2026, 8, 28, 4, tzinfo=UTC)
CARD = {"allowed_payment_method_types": ["card"], "capture_method": "automatic"}
BACK = "http://127.0.0.1:9/back?page={CHECKOUT_SESSION_ID}"
LINE = {
    "price_data": {
        "currency": "cny",
        "unit_amount": 6800,
        "product_data": {"name": "大红袍花椒 <500 g>"},
    },
    "quantity": 2,
}


def saved_card(client: stripe.StripeClient, card: str = "pm_card_visa") -> dict[str, Any]:
    """A customer with a saved card, as the parameters of a charge."""
    customer = client.v1.customers.create({}).id
    method = client.v1.payment_methods.attach(card, {"customer": customer}).id
    return {"customer": customer, "payment_method": method}


def off_session(owner: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The parameters of a charge without its owner there."""
    facts = {"amount": 5000, "currency": "cny", "confirm": True, "off_session": True}
    return {**facts, **CARD, **owner, **more}


def charge(client: stripe.StripeClient, owner: dict[str, Any], **more: Any) -> stripe.PaymentIntent:
    """A charge without its owner there."""
    return client.v1.payment_intents.create(off_session(owner, **more))  # type: ignore[arg-type]


def page(client: stripe.StripeClient, **more: Any) -> stripe.checkout.Session:
    """An open page to pay on."""
    now = {"payment_intent_data": {"capture_method": "automatic"}}
    facts = {"mode": "payment", "success_url": BACK, "line_items": [LINE], **now, **more}
    return client.v1.checkout.sessions.create(facts)  # type: ignore[arg-type]


def paid_by(em: Any, client: stripe.StripeClient, way: str) -> str:
    """A page paid by a wallet; its payment intent."""
    session = page(client)
    em.buyer.approve(em.buyer.pay(session.url, way=way))
    return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)


def refused(call: Any, *given: Any, **facts: Any) -> stripe.StripeError:
    """The error that a call raises."""
    with pytest.raises(stripe.StripeError) as caught:
        call(*given, **facts)
    return caught.value
