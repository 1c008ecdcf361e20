"""Charges: what one try at a payment came to."""

from typing import Any

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.cards import advice_of, code_of, message_of
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.resources import money
from devtools.stripe_emulator.resources.methods import card_of
from devtools.stripe_emulator.world import Call, World, blank, picked

HOUR = 3600
HOLD_PRESENT_S = 7 * 24 * HOUR
HOLD_ABSENT_S = (4 * 24 + 18) * HOUR
DISPUTED_AFTER_S = 60
BOOKED_AFTER_S = 2
COPIED = (
    "customer description receipt_email shipping transfer_group statement_descriptor "
    "statement_descriptor_suffix"
)
COPIED_FROM_CARD = (
    "brand checks country exp_month exp_year fingerprint funding last4 regulated_status wallet"
)
BLANK = blank(
    "application application_fee application_fee_amount balance_transaction "
    "failure_balance_transaction on_behalf_of receipt_number review source source_transfer "
    "transfer_data"
)
FILTERS = {"customer": "customer = ?", "payment_intent": "parent = ?"}
GOOD: Body = {"network_status": "approved_by_network", "reason": None, "type": "authorized"}
GOOD |= {"risk_level": "normal", "risk_score": 20, "seller_message": "Payment complete."}
GOOD |= {"advice_code": None, "network_advice_code": None, "network_decline_code": None}


def make(
    world: World, intent: Body, method: Body, *, off_session: bool, decline: str | None = None
) -> Body:
    """Write the charge of a payment; succeeded, held, or failed for a reason."""
    held = intent["capture_method"] == "manual"
    body = world.new("ch", "charge", amount=intent["amount"], currency=intent["currency"])
    body |= {**BLANK, **picked(intent, COPIED), "amount_refunded": 0, "fraud_details": {}}
    body |= {"refunded": False, "disputed": False, "livemode": False}
    body |= {"billing_details": method["billing_details"], "metadata": intent["metadata"]}
    body |= {"payment_intent": intent["id"], "payment_method": method["id"]}
    body |= {"calculated_statement_descriptor": "SHANHUO"}
    body |= {"receipt_url": f"{world.base}/receipts/{body['id']}"}
    body["payment_method_details"] = _details(body, method, held=held, absent=off_session)
    body |= _outcome(decline, captured=not held)
    body["amount_captured"] = body["amount"] if body["captured"] else 0
    world.store.add(body, parent=intent["id"])
    if decline is None:
        _taken(world, body, method, how=intent["capture_method"])
    return body


def _outcome(decline: str | None, *, captured: bool) -> Body:
    if decline is None:
        facts = {"status": "succeeded", "paid": True, "captured": captured, "outcome": GOOD}
        return {**facts, "failure_code": None, "failure_message": None}
    bad = {**GOOD, "network_status": "declined_by_network", "reason": decline}
    bad |= {"type": "issuer_declined", "advice_code": advice_of(decline)}
    bad["seller_message"] = "The bank did not return any further details with this decline."
    facts = {"status": "failed", "paid": False, "captured": False, "outcome": bad}
    return {**facts, "failure_code": code_of(decline), "failure_message": message_of(decline)}


def _details(body: Body, method: Body, *, held: bool, absent: bool) -> Body:
    type = method["type"]
    if type != "card":
        return {"type": type, type: _wallet(body, type)}
    card = method["card"]
    paid = picked(card, COPIED_FROM_CARD)
    paid |= {"amount_authorized": body["amount"], "authorization_code": body["id"][-6:]}
    paid |= {"installments": None, "mandate": None, "network": card["brand"]}
    paid |= {"network_transaction_id": body["id"][-15:], "three_d_secure": None}
    if held:
        paid["capture_before"] = body["created"] + (HOLD_ABSENT_S if absent else HOLD_PRESENT_S)
    return {"type": "card", "card": paid}


def _wallet(body: Body, type: str) -> Body:
    paid: Body = {"fingerprint": f"fp_{type}", "transaction_id": body["id"][3:]}
    extra: Body = {"location": None, "reader": None}
    return paid | ({"buyer_id": "2088101117955611"} if type == "alipay" else extra)


def _taken(world: World, body: Body, method: Body, *, how: str) -> None:
    if how == "automatic":
        booked(world, body)
    elif how == "automatic_async":  # as in Stripe: the answer comes before the books
        world.later(BOOKED_AFTER_S, "book", body["id"])
    if method["type"] == "card" and card_of(method).disputed:
        world.later(DISPUTED_AFTER_S, "dispute", body["id"])
    world.store.save(body)
    world.emit("charge.succeeded", body)


def booked(world: World, body: Body) -> None:
    """Put a captured charge into the balance."""
    type = body["payment_method_details"]["type"]
    amount = body["amount_captured"]
    movement = money.move(
        world,
        amount=amount,
        currency=body["currency"],
        type="charge" if type == "card" else "payment",
        source=body["id"],
        fee=money.fee_for(type, amount),
        description=body["description"],
    )
    body["balance_transaction"] = movement["id"]


def book_late(world: World, body: Body) -> None:
    """Book a charge that was captured in the background, unless it is booked."""
    if body["balance_transaction"] is None:
        booked(world, body)
        world.store.save(body)
        world.emit("charge.updated", body, previous={"balance_transaction": None})


def get(world: World, call: Call) -> Body:
    return world.need("charge", call.ids[0])


def update(world: World, call: Call) -> Body:
    shape: dict[str, Any] = {"metadata": params.metadata, "description": params.text}
    given = params.read(call.params, shape)
    body = world.need("charge", call.ids[0])
    body["metadata"] = params.merged(body["metadata"], given.pop("metadata", {}))
    world.store.save(body | given)
    world.emit("charge.updated", body | given)
    return body | given


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "charge", FILTERS)
