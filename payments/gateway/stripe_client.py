"""Stripe, through its own client. Retries are ours, so that a try is never asked twice unseen.

``settings.STRIPE_API_BASE`` leads to the emulator; empty, to Stripe itself.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from core import clock
from payments.errors import Repeated, Unreachable
from payments.gateway import stripe_objects as read
from payments.gateway.base import (
    BadSignature,
    Disputed,
    Intent,
    Line,
    Missing,
    Page,
    Refused,
    Returned,
    Told,
)

TIMEOUT_S = (5.0, 25.0)  # to connect, to answer; well within charging.WAIT_FOR_ANSWER
TOLERANCE_S = 300
PAGE_SIZE = 100
AT_ONCE = "automatic"  # by default Stripe answers before it knows its fee
LINE_OF_INTENT = ["latest_charge.balance_transaction"]
LINES_OF_REFUND = ["balance_transaction", "failure_balance_transaction"]
LOCALES = {"zh-hans": "zh", "en": "en"}
NOT_DONE_YET = frozenset({409, 424, 429})


@contextmanager
def _asking() -> Iterator[None]:
    """Turn the client's errors into ours: nobody knows, or it will never happen."""
    try:
        yield
    except stripe.CardError:
        raise
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(repr(error)) from error
    except stripe.IdempotencyError as error:  # whether it was done before is not known
        raise Repeated(repr(error)) from error
    except stripe.StripeError as error:
        raise _ours(error) from error


def _ours(error: stripe.StripeError) -> Exception:
    status = error.http_status or 0
    if status >= 500 or status in NOT_DONE_YET or status == 0:
        again = {name.lower(): value for name, value in (error.headers or {}).items()}
        replayed = again.get("idempotent-replayed") == "true"
        return (Repeated if replayed else Unreachable)(repr(error))
    if status in (401, 403):  # a key of ours is wrong: nothing was decided about the payment
        return Unreachable(repr(error))
    kind = Missing if error.code == "resource_missing" else Refused
    return kind(str(error), code=error.code or "")


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    http = stripe.RequestsClient(timeout=TIMEOUT_S)
    addresses: Any = {"api": base} if base else {}
    return stripe.StripeClient(
        key, base_addresses=addresses, max_network_retries=0, http_client=http
    )


@dataclass(frozen=True)
class StripeGateway:
    """Stripe as the ``Gateway`` that the rest of payments knows."""

    key: str
    webhook_secret: str
    base: str = ""

    @classmethod
    def from_settings(cls) -> "StripeGateway":
        """As the settings say."""
        return cls(
            settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_API_BASE
        )

    @property
    def _v1(self) -> Any:
        return _client(self.key, self.base).v1

    def customer(self, *, key: str, reference: str) -> str:
        params = {"metadata": {"payment": reference}}
        with _asking():
            return str(self._v1.customers.create(params, {"idempotency_key": key}).id)

    # Taking money ---------------------------------------------------------------------------

    def charge(self, params: Mapping[str, Any], *, key: str) -> Intent:
        asked = {**params, "confirm": True, "off_session": True, "expand": LINE_OF_INTENT}
        asked |= {"allowed_payment_method_types": ["card"], "capture_method": AT_ONCE}
        try:
            with _asking():
                options = {"idempotency_key": key}
                found = self._v1.payment_intents.create(_in_order(asked), options)
        except stripe.CardError as error:
            return read.declined(error, attempt=key, params=params)
        return read.intent(found)

    def intent(self, id: str) -> Intent:
        with _asking():
            return read.intent(self._v1.payment_intents.retrieve(id, {"expand": LINE_OF_INTENT}))

    def find_intent(self, *, customer: str, attempt: str) -> Intent | None:
        with _asking():
            rows = self._v1.payment_intents.list({"customer": customer, "limit": PAGE_SIZE})
            for row in rows.auto_paging_iter():
                if read.metadata(row).get("attempt") == attempt:
                    return self.intent(row.id)
        return None

    # Hosted pages ---------------------------------------------------------------------------

    def open_page(self, params: Mapping[str, Any], *, key: str) -> Page:
        asked = {
            "mode": params["mode"],
            "customer": params["customer"],
            "success_url": params["return_url"],
            "cancel_url": params["return_url"],
            "locale": LOCALES.get(params["language"], "auto"),
            "metadata": params["metadata"],
            "allowed_payment_method_types": params["means"],
        }
        asked |= _to_pay(params) if params["mode"] == "payment" else _to_save(params)
        options = {"idempotency_key": key}
        with _asking():
            return read.page(self._v1.checkout.sessions.create(_in_order(asked), options))

    def page(self, id: str) -> Page:
        with _asking():
            params = {"expand": ["setup_intent"]}
            return read.page(self._v1.checkout.sessions.retrieve(id, params))

    def find_page(self, *, customer: str, key: str) -> Page | None:
        with _asking():
            rows = self._v1.checkout.sessions.list({"customer": customer, "limit": PAGE_SIZE})
            for row in rows.auto_paging_iter():
                if read.metadata(row).get("attempt") == key:
                    return self.page(row.id)
        return None

    def close_page(self, id: str) -> Page:
        try:
            with _asking():
                self._v1.checkout.sessions.expire(id)
        except Refused:
            pass  # it is shut or completed already: its state says which
        return self.page(id)

    def forget_card(self, id: str) -> None:
        try:
            with _asking():
                self._v1.payment_methods.detach(id)
        except Refused as error:
            raise Missing(str(error), code=error.code) from error

    # Giving back ----------------------------------------------------------------------------

    def give_back(self, *, intent: str, amount: int, refund: str) -> Returned:
        asked = {
            "payment_intent": intent,
            "amount": amount,
            "metadata": {"refund": refund},
            "expand": LINES_OF_REFUND,
        }
        options = {"idempotency_key": f"refund:{refund}"}
        with _asking():
            return read.returned(self._v1.refunds.create(asked, options))

    def returned(self, id: str) -> Returned:
        with _asking():
            return read.returned(self._v1.refunds.retrieve(id, {"expand": LINES_OF_REFUND}))

    def find_returned(self, *, intent: str, refund: str) -> Returned | None:
        with _asking():
            rows = self._v1.refunds.list({"payment_intent": intent, "limit": PAGE_SIZE})
            for row in rows.auto_paging_iter():
                if read.metadata(row).get("refund") == refund:
                    return self.returned(row.id)
        return None

    def disputed(self, id: str) -> Disputed:
        with _asking():
            return read.disputed(self._v1.disputes.retrieve(id))

    # What the provider tells ----------------------------------------------------------------

    def read_message(self, body: bytes, signature: str) -> Told:
        try:
            stripe.WebhookSignature.verify_header(body, signature, self.webhook_secret)
        except stripe.SignatureVerificationError as error:
            raise BadSignature(str(error)) from error
        if not _is_fresh(signature):
            raise BadSignature("too old")
        told = json.loads(body)
        return Told(
            id=told["id"],
            kind=told["type"],
            object_id=str(told["data"]["object"].get("id", "")),
            at=datetime.fromtimestamp(told["created"], UTC),
        )

    def messages_since(self, at: datetime) -> Iterator[Told]:
        with _asking():
            for row in self._v1.events.list(_since(at)).auto_paging_iter():
                yield read.told(row)

    def lines_since(self, at: datetime) -> Iterator[Line]:
        with _asking():
            for row in self._v1.balance_transactions.list(_since(at)).auto_paging_iter():
                yield read.line(row)

    def balance(self) -> int:
        with _asking():
            return read.balance(self._v1.balance.retrieve())


def _in_order(asked: Any) -> Any:
    """The same question in the same order each time: a database may turn its parts around."""
    if isinstance(asked, dict):
        return {name: _in_order(asked[name]) for name in sorted(asked)}
    return [_in_order(part) for part in asked] if isinstance(asked, list) else asked


def _since(at: datetime) -> dict[str, object]:
    return {"created": {"gte": int(at.timestamp())}, "limit": PAGE_SIZE}


def _to_pay(params: Mapping[str, Any]) -> dict[str, object]:
    item = {
        "quantity": 1,
        "price_data": {
            "currency": params["currency"],
            "unit_amount": params["amount"],
            "product_data": {"name": params["description"]},
        },
    }
    asked: dict[str, object] = {
        "line_items": [item],
        "payment_intent_data": {
            "metadata": params["metadata"],
            "description": params["description"],
            "capture_method": AT_ONCE,
        },
    }
    if "wechat_pay" in params["means"]:
        asked["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return asked


def _to_save(params: Mapping[str, Any]) -> dict[str, object]:
    return {"setup_intent_data": {"metadata": params["metadata"]}}


def _is_fresh(signature: str) -> bool:
    """Whether it was signed just now; in the demo, now is also what the demo's clock says."""
    stamps = [part[2:] for part in signature.split(",") if part.startswith("t=")]
    moments = (time.time(), clock.now().timestamp())
    return any(abs(now - int(stamp)) <= TOLERANCE_S for stamp in stamps[:1] for now in moments)
