"""The 402 a card's issuer causes."""

from typing import Any

from devtools.stripe_emulator.cards import advice_of, code_of, message_of
from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.world import shown

DOCS = "https://stripe.com/docs/error-codes/"


def told(decline: str, **facts: Any) -> Body:
    """A decline as it stands in ``last_payment_error`` and in the answer."""
    code = code_of(decline)
    body = {"type": "card_error", "code": code, "message": message_of(decline)}
    body |= {"doc_url": DOCS + code.replace("_", "-"), "advice_code": advice_of(decline)}
    if code in ("card_declined", "authentication_required"):
        body["decline_code"] = decline
    return body | facts


def card_refused(decline: str, **facts: Any) -> ApiError:
    """A decline; what led to it (a failed charge, an event) stays written."""
    error = told(decline, **{name: shown(fact) for name, fact in facts.items()})
    message, kind = error.pop("message"), error.pop("type")
    return ApiError(message, status=402, kind=kind, kept=True, **error)
