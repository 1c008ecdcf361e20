"""Refunds: at once to cards, later to wallets, never above what is left, never past the window."""

from typing import Any

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.cards import FAILS, LATER, OK
from devtools.stripe_emulator.errors import Body, invalid, wrong_state
from devtools.stripe_emulator.resources import charges, methods, money
from devtools.stripe_emulator.world import OWN, Call, World, blank

DAY = 24 * 3600
WINDOW_DAYS = {"alipay": 90, "wechat_pay": 180}
SETTLED_AFTER_S = 30
MADE: params.Shape = {
    "charge": params.text,
    "payment_intent": params.text,
    "amount": params.whole,
    "reason": params.one_of("duplicate", "fraudulent", "requested_by_customer"),
    "metadata": params.metadata,
}
BLANK = blank(
    "failure_balance_transaction receipt_number source_transfer_reversal transfer_reversal"
)
FILTERS = {"charge": "parent = ?", "payment_intent": "json_extract(body, '$.payment_intent') = ?"}


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, MADE)
    charge = _charge(world, given)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = given.get("amount", left)
    _check(world, charge, amount=amount, left=left)
    charges.book_late(world, charge)
    card, type = _how(world, charge)
    later = type != "card" or card == LATER
    body = _new(world, charge, given, amount=amount)
    body |= {"destination_details": _destination(type), "pending_reason": None}
    if later:
        body |= {"status": "pending", "pending_reason": "processing"}
    movement = _moved(world, charge, body, -amount)
    body["balance_transaction"] = movement["id"]
    failing = card == FAILS or (later and world.faults.take("refund_fails", type) is not None)
    body[OWN] = {"fails": failing}
    world.store.add(body, parent=charge["id"])
    _count(world, charge, amount)
    world.emit("refund.created", body)
    world.emit("charge.refunded", charge)
    if later or failing:
        world.later(SETTLED_AFTER_S, "settle", body["id"])
    return body


def _new(world: World, charge: Body, given: Body, *, amount: int) -> Body:
    body = world.new("re", "refund", amount=amount, currency=charge["currency"], **BLANK)
    body |= {"charge": charge["id"], "payment_intent": charge["payment_intent"]}
    body |= {"metadata": given.get("metadata", {}), "reason": given.get("reason")}
    return {**body, "status": "succeeded"}


def _charge(world: World, given: Body) -> Body:
    if ("charge" in given) == ("payment_intent" in given):
        message = "One of the following params should be provided: payment_intent or charge."
        raise invalid(message, code="parameter_missing")
    if "charge" in given:
        return world.need("charge", given["charge"], param="charge")
    intent = world.need("payment_intent", given["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        message = "This PaymentIntent does not have a successful charge to refund."
        raise wrong_state(message, param="payment_intent")
    return world.need("charge", intent["latest_charge"])


def _check(world: World, charge: Body, *, amount: int, left: int) -> None:
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise wrong_state(f"Charge {charge['id']} has no captured money to refund.")
    if charge["disputed"]:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise wrong_state(message, code="charge_disputed")
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise wrong_state(message, code="charge_already_refunded")
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise wrong_state(message, param="amount")
    type = charge["payment_method_details"]["type"]
    days = WINDOW_DAYS.get(type)
    if days and world.clock.seconds() > charge["created"] + days * DAY:
        message = f"This {type} charge is past its refund window of {days} days."
        raise wrong_state(message, code="charge_not_refundable")


def _how(world: World, charge: Body) -> tuple[str, str]:
    type: str = charge["payment_method_details"]["type"]
    if type != "card":
        return OK, type
    method = world.store.get(charge["payment_method"], "payment_method")
    return (methods.card_of(method).refund if method else OK), type


def _destination(type: str) -> Body:
    if type != "card":
        return {"type": type, type: {}}
    card = {"type": "refund", "reference": None, "reference_status": "pending"}
    return {"type": "card", "card": {**card, "reference_type": "acquirer_reference_number"}}


def _moved(world: World, charge: Body, refund: Body, amount: int) -> Body:
    card = charge["payment_method_details"]["type"] == "card"
    type = "refund" if card else "payment_refund"
    return money.move(
        world,
        amount=amount,
        currency=charge["currency"],
        type=type if amount < 0 else "refund_failure",
        source=refund["id"],
        description="REFUND FOR CHARGE" if amount < 0 else "REFUND FAILED",
    )


def _count(world: World, charge: Body, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    world.store.save(charge)


def settle(world: World, body: Body) -> None:
    """A refund on its way arrives, or comes back."""
    if body["status"] not in ("pending", "succeeded"):
        return
    if body[OWN]["fails"]:
        failed(world, body)
        return
    body |= {"status": "succeeded", "pending_reason": None}
    world.store.save(body)
    world.emit("refund.updated", body, previous={"status": "pending"})
    world.emit("charge.refund.updated", body, previous={"status": "pending"})


def failed(world: World, body: Body) -> None:
    """The money came back to the balance."""
    before = {"status": body["status"]}
    charge = world.need("charge", body["charge"])
    movement = _moved(world, charge, body, body["amount"])
    body |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    if charge["payment_method_details"]["type"] != "card":
        body["failure_reason"] = "unknown"
    body |= {"failure_balance_transaction": movement["id"], "pending_reason": None}
    world.store.save(body)
    _count(world, charge, -body["amount"])
    world.emit("refund.failed", body)
    world.emit("refund.updated", body, previous=before)
    world.emit("charge.refund.updated", body, previous=before)


def get(world: World, call: Call) -> Body:
    return world.need("refund", call.ids[0])


def update(world: World, call: Call) -> Body:
    given: dict[str, Any] = params.read(call.params, {"metadata": params.metadata})
    body = world.need("refund", call.ids[0])
    body["metadata"] = params.merged(body["metadata"], given.get("metadata", {}))
    world.store.save(body)
    world.emit("refund.updated", body)
    return body


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "refund", FILTERS)
