"""Which function answers which address."""

import re
from collections.abc import Callable

from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.resources import (
    charges,
    customers,
    disputes,
    events,
    intents,
    methods,
    money,
    refunds,
    sessions,
    setups,
)
from devtools.stripe_emulator.world import Call, World

Handler = Callable[[World, Call], Body]

TABLE: list[tuple[str, str, Handler]] = [
    ("POST", "/v1/customers", customers.create),
    ("GET", "/v1/customers", customers.every),
    ("GET", "/v1/customers/:id", customers.get),
    ("POST", "/v1/customers/:id", customers.update),
    ("DELETE", "/v1/customers/:id", customers.delete),
    ("GET", "/v1/customers/:id/payment_methods", methods.of_customer),
    ("GET", "/v1/customers/:id/payment_methods/:id", methods.one_of_customer),
    ("POST", "/v1/payment_methods", methods.create),
    ("GET", "/v1/payment_methods", methods.every),
    ("GET", "/v1/payment_methods/:id", methods.get),
    ("POST", "/v1/payment_methods/:id", methods.update),
    ("POST", "/v1/payment_methods/:id/attach", methods.attach),
    ("POST", "/v1/payment_methods/:id/detach", methods.detach),
    ("POST", "/v1/payment_intents", intents.create),
    ("GET", "/v1/payment_intents", intents.every),
    ("GET", "/v1/payment_intents/:id", intents.get),
    ("POST", "/v1/payment_intents/:id", intents.update),
    ("POST", "/v1/payment_intents/:id/confirm", intents.confirm),
    ("POST", "/v1/payment_intents/:id/capture", intents.capture),
    ("POST", "/v1/payment_intents/:id/cancel", intents.cancel),
    ("POST", "/v1/setup_intents", setups.create),
    ("GET", "/v1/setup_intents", setups.every),
    ("GET", "/v1/setup_intents/:id", setups.get),
    ("POST", "/v1/setup_intents/:id", setups.update),
    ("POST", "/v1/setup_intents/:id/confirm", setups.confirm),
    ("POST", "/v1/setup_intents/:id/cancel", setups.cancel),
    ("POST", "/v1/checkout/sessions", sessions.create),
    ("GET", "/v1/checkout/sessions", sessions.every),
    ("GET", "/v1/checkout/sessions/:id", sessions.get),
    ("GET", "/v1/checkout/sessions/:id/line_items", sessions.line_items),
    ("POST", "/v1/checkout/sessions/:id/expire", sessions.expire),
    ("GET", "/v1/charges", charges.every),
    ("GET", "/v1/charges/:id", charges.get),
    ("POST", "/v1/charges/:id", charges.update),
    ("POST", "/v1/refunds", refunds.create),
    ("GET", "/v1/refunds", refunds.every),
    ("GET", "/v1/refunds/:id", refunds.get),
    ("POST", "/v1/refunds/:id", refunds.update),
    ("GET", "/v1/balance", money.balance),
    ("GET", "/v1/balance_transactions", money.every),
    ("GET", "/v1/balance_transactions/:id", money.get),
    ("GET", "/v1/disputes", disputes.every),
    ("GET", "/v1/disputes/:id", disputes.get),
    ("POST", "/v1/disputes/:id", disputes.update),
    ("POST", "/v1/disputes/:id/close", disputes.close),
    ("GET", "/v1/events", events.every),
    ("GET", "/v1/events/:id", events.get),
]
_COMPILED = [
    (method, re.compile(pattern.replace(":id", "([^/]+)") + "$"), handler)
    for method, pattern, handler in TABLE
]


def find(method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
    """The function for an address and the ids in it."""
    for wanted, pattern, handler in _COMPILED:
        if wanted == method and (match := pattern.match(path)):
            return handler, match.groups()
    message = f"Unrecognized request URL ({method}: {path})."
    raise ApiError(message, status=404, saved=False)
