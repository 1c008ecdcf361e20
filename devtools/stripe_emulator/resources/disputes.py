"""Disputes: a buyer's bank takes the money back, and sometimes returns it."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body, wrong_state
from devtools.stripe_emulator.resources import money
from devtools.stripe_emulator.world import Call, World, picked

ANSWER_WITHIN_S = 7 * 24 * 3600
OPEN = ("needs_response", "under_review")
WINNING, LOSING = "winning_evidence", "losing_evidence"
NETWORK_REASON = "10.4"
NO_EVIDENCE = {
    "enhanced_eligibility": {},
    "has_evidence": False,
    "past_due": False,
    "submission_count": 0,
    "submission_method": "not_submitted",
}
FILTERS = {"charge": "parent = ?", "payment_intent": "json_extract(body, '$.payment_intent') = ?"}
UPDATED: params.Shape = {
    "evidence": {"uncategorized_text": params.text, "product_description": params.text},
    "metadata": params.metadata,
    "submit": params.flag,
}


def opened(world: World, charge: Body, *, reason: str) -> Body:
    """The bank takes a charge's money back, with a fee."""
    body = world.new("du", "dispute", livemode=False, status="needs_response", reason=reason)
    body |= picked(charge, "currency payment_intent")
    body |= {"amount": charge["amount_captured"] - charge["amount_refunded"], "metadata": {}}
    body |= {"charge": charge["id"], "is_charge_refundable": False}
    body |= {"enhanced_eligibility_types": [], "network_reason_code": NETWORK_REASON}
    body |= {"evidence": {"enhanced_evidence": {}}, "intended_submission_method": "manual"}
    body["evidence_details"] = {"due_by": body["created"] + ANSWER_WITHIN_S, **NO_EVIDENCE}
    brand = charge["payment_method_details"]["card"]["brand"]
    card = {"brand": brand, "case_type": "chargeback", "network_reason_code": NETWORK_REASON}
    body["payment_method_details"] = {"type": "card", "card": {**card, "network": brand}}
    body["balance_transactions"] = [_moved(world, body, -body["amount"], money.DISPUTE_FEE)]
    world.store.add(body, parent=charge["id"])
    charge["disputed"] = True
    world.store.save(charge)
    world.emit("charge.dispute.created", body)
    world.emit("charge.dispute.funds_withdrawn", body)
    return body


def _moved(world: World, body: Body, amount: int, fee: int) -> Body:
    return money.move(
        world,
        amount=amount,
        currency=body["currency"],
        type="adjustment",
        source=body["id"],
        fee=fee,
        description="Chargeback withdrawal" if amount < 0 else "Chargeback reversal",
    )


def update(world: World, call: Call) -> Body:
    given = params.read(call.params, UPDATED)
    body = _open(world, call)
    body["metadata"] = params.merged(body["metadata"], given.get("metadata", {}))
    body["evidence"] |= given.get("evidence", {})
    body["evidence_details"]["has_evidence"] = len(body["evidence"]) > 1
    if given.get("submit", True) and body["evidence_details"]["has_evidence"]:
        body["status"] = "under_review"
        body["evidence_details"] |= {"submission_count": 1, "submission_method": "manual"}
        _judge(world, body)
    world.store.save(body)
    world.emit("charge.dispute.updated", body)
    return body


def _judge(world: World, body: Body) -> None:
    said = body["evidence"].get("uncategorized_text")
    if said == WINNING:
        decide(world, body, won=True)
    elif said == LOSING:
        decide(world, body, won=False)


def close(world: World, call: Call) -> Body:
    params.read(call.params, {})
    return decide(world, _open(world, call), won=False)


def decide(world: World, body: Body, *, won: bool) -> Body:
    """The bank decides; what is won comes back, with the fee."""
    body["status"] = "won" if won else "lost"
    if won:
        back = _moved(world, body, body["amount"], -money.DISPUTE_FEE)
        body["balance_transactions"].append(back)
    world.store.save(body)
    world.emit("charge.dispute.closed", body)
    if won:
        charge = world.need("charge", body["charge"])
        charge["disputed"] = False
        world.store.save(charge)
        world.emit("charge.dispute.funds_reinstated", body)
    return body


def _open(world: World, call: Call) -> Body:
    body = world.need("dispute", call.ids[0])
    if body["status"] not in OPEN:
        raise wrong_state("This dispute is already closed.")
    return body


def get(world: World, call: Call) -> Body:
    return world.need("dispute", call.ids[0])


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "dispute", FILTERS)
