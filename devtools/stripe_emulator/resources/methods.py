"""Payment methods: made from a card or a wallet, attached to a customer, detached for good."""

from typing import Any

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.cards import ASK, BY_METHOD, BY_NUMBER, BY_TOKEN, OK, Card
from devtools.stripe_emulator.errors import Body, absent, invalid, wrong_state
from devtools.stripe_emulator.resources.refusals import card_refused
from devtools.stripe_emulator.world import OWN, Call, World, blank

WALLETS = ("alipay", "wechat_pay")
TYPES = ("card", *WALLETS)
DETAILS: params.Shape = {
    "address": params.anything,
    "email": params.text,
    "name": params.text,
    "phone": params.text,
}
MADE: params.Shape = {
    "type": params.one_of(*TYPES),
    "card": params.anything,
    "alipay": params.anything,
    "wechat_pay": params.anything,
    "billing_details": DETAILS,
    "metadata": params.metadata,
    "allow_redisplay": params.text,
}
CHOSEN: params.Shape = {
    "allowed_payment_method_types": params.texts,
    "excluded_payment_method_types": params.texts,
}
FILTERS = {"customer": "customer = ?", "type": "json_extract(body, '$.type') = ?"}
USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, or was detached from a Customer. It may not be used again."
)


def chosen(given: Body, *, fitting: tuple[str, ...]) -> list[str]:
    """The types that are wanted and fit; what does not fit is left out without a word."""
    allowed = given.get("allowed_payment_method_types", list(fitting))
    left_out = given.get("excluded_payment_method_types", [])
    if left_out and "allowed_payment_method_types" in given:
        raise invalid("You may only specify allowed_ or excluded_payment_method_types, not both.")
    types = [type for type in fitting if type in allowed and type not in left_out]
    if not types:
        message = "No valid payment method types for this request: none of those allowed fits."
        raise invalid(message, param="allowed_payment_method_types")
    return types


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, MADE)
    return world.store.add(made(world, given))


def made(world: World, given: Body) -> Body:
    """A new method from checked parameters; not written yet."""
    params.require(given, "type")
    if given["type"] == "card":
        card = _card_of(given.get("card"))
        return of_card(world, card, details=given.get("billing_details"), extra=given)
    return _method(world, given["type"], given, {given["type"]: {}})


def _card_of(given: Any) -> Card:
    if not isinstance(given, dict) or not given:
        raise invalid("Missing required param: card.", param="card", code="parameter_missing")
    if "number" in given:
        message = "Sending credit card numbers directly to the Stripe API is generally unsafe."
        raise invalid(f"{message} Use a token (tok_visa) instead.", param="card[number]")
    token = given.get("token", "")
    if token not in BY_TOKEN:
        raise absent("token", token, param="card[token]", status=400)
    return BY_TOKEN[token]


def of_card(
    world: World,
    card: Card,
    *,
    details: Body | None = None,
    extra: Body | None = None,
    expires: tuple[int, int] = (12, 2034),
) -> Body:
    """A method for a test card; not written yet."""
    given = {**(extra or {}), "billing_details": details}
    facts = {"exp_month": expires[0], "exp_year": expires[1], **_card_facts(card)}
    body = _method(world, "card", given, {"card": facts})
    body[OWN]["number"] = card.number
    return body


def _card_facts(card: Card) -> Body:
    checks = {**blank("address_line1_check address_postal_code_check"), "cvc_check": "pass"}
    return {
        "brand": card.brand,
        "checks": checks,
        "country": "CN" if card.brand == "unionpay" else "US",
        "display_brand": card.brand,
        "fingerprint": f"fp{card.number[-12:]}",
        "funding": card.funding,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        **blank("generated_from wallet"),
    }


def _method(world: World, type: str, given: Body, facts: Body) -> Body:
    told = given.get("billing_details") or {}
    body = world.new("pm", "payment_method", livemode=False, customer=None, type=type)
    body |= {"allow_redisplay": given.get("allow_redisplay", "unspecified"), **facts}
    body |= {
        "billing_details": {**blank("address email name phone tax_id"), **told},
        "metadata": given.get("metadata", {}),
    }
    body[OWN] = {"used": False, "set_up": False}
    return body


def card_of(method: Body) -> Card:
    """The test card behind a method."""
    return BY_NUMBER[method[OWN]["number"]]


def resolve(world: World, id: str) -> Body:
    """The method with an id; ``pm_card_visa`` and its like are made anew for each use."""
    if id in BY_METHOD:
        return world.store.add(of_card(world, BY_METHOD[id]))
    return world.need("payment_method", id, param="payment_method")


def check_usable(method: Body, *, customer: str | None) -> None:
    """Refuse a method that is used up or another customer's."""
    if method[OWN]["used"]:
        raise wrong_state(USED_UP, param="payment_method")
    if method["customer"] and method["customer"] != customer:
        message = (
            "The provided PaymentMethod cannot be used because it belongs to a Customer; "
            "supply that customer."
        )
        raise wrong_state(message, param="payment_method")


def get(world: World, call: Call) -> Body:
    return world.need("payment_method", call.ids[0])


def update(world: World, call: Call) -> Body:
    given = params.read(
        call.params, {"billing_details": DETAILS, "metadata": params.metadata, "card": {}}
    )
    body = world.need("payment_method", call.ids[0])
    body["metadata"] = params.merged(body["metadata"], given.get("metadata", {}))
    body["billing_details"] |= given.get("billing_details", {})
    world.store.save(body)
    world.emit("payment_method.updated", body)
    return body


def attach(world: World, call: Call) -> Body:
    given = params.read(call.params, {"customer": params.text})
    params.require(given, "customer")
    body = resolve(world, call.ids[0])
    world.need("customer", given["customer"], param="customer")
    check_usable(body, customer=given["customer"])
    if body["type"] != "card":
        raise wrong_state(f"A {body['type']} payment method cannot be attached to a customer.")
    saved = card_of(body).saved
    if saved not in (OK, ASK):
        raise card_refused(saved, payment_method=body)
    return attached(world, body, customer=given["customer"])


def attached(world: World, body: Body, *, customer: str, set_up: bool = False) -> Body:
    """The method, now the customer's; ``set_up`` for charges without its owner."""
    body[OWN]["set_up"] = body[OWN]["set_up"] or set_up
    was, body["customer"] = body["customer"], customer
    world.store.save(body)
    if was != customer:
        world.emit("payment_method.attached", body)
    return body


def detach(world: World, call: Call) -> Body:
    params.read(call.params, {})
    body = world.need("payment_method", call.ids[0])
    if not body["customer"]:
        message = "The payment method you provided is not attached to a customer so detachment is"
        raise wrong_state(f"{message} impossible.", param="payment_method")
    before = {"customer": body["customer"]}
    body["customer"], body[OWN]["used"] = None, True
    world.store.save(body)
    world.emit("payment_method.detached", body, previous=before)
    return body


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "payment_method", FILTERS)


def of_customer(world: World, call: Call) -> Body:
    owner = world.need("customer", call.ids[0])["id"]
    filters = {"type": FILTERS["type"]}
    return lists.page(world, call, "payment_method", filters, more=[("customer = ?", owner)])


def one_of_customer(world: World, call: Call) -> Body:
    body = world.need("payment_method", call.ids[1])
    if body["customer"] != call.ids[0]:
        raise absent("payment_method", call.ids[1])
    return body
