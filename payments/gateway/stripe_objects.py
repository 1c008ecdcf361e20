"""Stripe's objects as ours. Since version 15 they are no dicts; what may be absent is asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from payments.gateway.base import Disputed, Intent, Line, Page, Returned, Told

INTENT_STATES = {
    "succeeded": "succeeded",
    "canceled": "cancelled",
    "processing": "pending",
    "requires_action": "pending",
    "requires_capture": "pending",
    "requires_confirmation": "pending",
    "requires_payment_method": "declined",
}
REFUND_STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}


def _of(thing: Any, name: str) -> Any:
    return None if thing is None else getattr(thing, name, None)


def _id(thing: Any) -> str:
    """The id of an object that may be expanded or not, or absent."""
    return thing if isinstance(thing, str) else str(_of(thing, "id") or "")


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def metadata(thing: Any) -> dict[str, str]:
    """What we wrote on it."""
    kept = _of(thing, "metadata")
    return {} if kept is None else dict(kept.to_dict())


def line(thing: Any) -> Line:
    """A balance transaction."""
    return Line(
        id=thing.id,
        kind=thing.type,
        amount=thing.amount,
        fee=thing.fee,
        source=_id(thing.source),
        at=_moment(thing.created),
    )


def _lines(*things: Any) -> tuple[Line, ...]:
    return tuple(line(thing) for thing in things if thing is not None and _of(thing, "amount"))


def intent(thing: Any) -> Intent:
    """A payment intent, with its charge's line when that is expanded."""
    charge = _of(thing, "latest_charge")
    expanded = None if isinstance(charge, str) else charge
    state = INTENT_STATES[thing.status]
    error = _of(thing, "last_payment_error")
    if state == "declined" and error is None:
        state = "pending"  # nobody tried yet: a page is open
    booked = _of(expanded, "balance_transaction")
    lines = () if isinstance(booked, str) else _lines(booked)
    return Intent(
        id=thing.id,
        state=state,
        amount=thing.amount_received if state == "succeeded" else thing.amount,
        currency=thing.currency,
        attempt=metadata(thing).get("attempt", ""),
        means=str(_of(_of(expanded, "payment_method_details"), "type") or ""),
        card=_id(_of(thing, "payment_method")),
        decline=decline_of(error),
        line=lines[0] if lines else None,
    )


def decline_of(error: Any) -> str:
    """The code that says most: the issuer's, else Stripe's."""
    code = _of(error, "code") or ""
    return str(code if code == "authentication_required" else _of(error, "decline_code") or code)


def declined(error: stripe.CardError, *, attempt: str, params: Mapping[str, Any]) -> Intent:
    """The answer to a charge that the card refused."""
    found = _of(error.error, "payment_intent")
    return Intent(
        id=_id(found),
        state="declined",
        amount=params["amount"],
        currency=params["currency"],
        attempt=attempt,
        decline=decline_of(error.error) or str(error.code or "card_declined"),
    )


def page(thing: Any) -> Page:
    """A Checkout Session."""
    setup = _of(thing, "setup_intent")
    saved = None if isinstance(setup, str) else _of(setup, "payment_method")
    return Page(
        id=thing.id,
        state=thing.status,
        url=_of(thing, "url") or "",
        key=metadata(thing).get("attempt", ""),
        expires_at=_moment(thing.expires_at),
        intent=_id(_of(thing, "payment_intent")),
        card=_id(saved) if thing.status == "complete" else "",
    )


def returned(thing: Any) -> Returned:
    """A refund with its lines."""
    out, back = _of(thing, "balance_transaction"), _of(thing, "failure_balance_transaction")
    return Returned(
        id=thing.id,
        state=REFUND_STATES[thing.status],
        amount=thing.amount,
        refund=metadata(thing).get("refund", ""),
        error=str(_of(thing, "failure_reason") or ""),
        lines=_lines(*(one for one in (out, back) if not isinstance(one, str))),
    )


def disputed(thing: Any) -> Disputed:
    """A dispute with its lines."""
    return Disputed(
        id=thing.id,
        state=thing.status,
        amount=thing.amount,
        intent=_id(_of(thing, "payment_intent")),
        at=_moment(thing.created),
        lines=_lines(*(_of(thing, "balance_transactions") or [])),
    )


def told(thing: Any) -> Told:
    """An event."""
    return Told(
        id=thing.id,
        kind=thing.type,
        object_id=_id(_of(thing.data, "object")),
        at=_moment(thing.created),
    )


def balance(thing: Any) -> int:
    """Available and pending fen."""
    parts = [*thing.available, *thing.pending]
    return sum(int(part.amount) for part in parts if part.currency == "cny")
