"""Checkout sessions: one page that takes a payment or saves a card."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body, invalid, wrong_state
from devtools.stripe_emulator.resources import intents, methods, setups
from devtools.stripe_emulator.world import OWN, Call, World, blank, picked

SHORTEST_S, LONGEST_S = 30 * 60, 24 * 3600
GRACE_S = 60  # the request was on its way
PRICE: params.Shape = {
    "currency": params.text,
    "unit_amount": params.whole,
    "product_data": {
        "name": params.text,
        "description": params.text,
        "images": params.texts,
        "metadata": params.metadata,
    },
}
LINE: params.Shape = {"price_data": PRICE, "quantity": params.whole}
FOR_PAYMENT: params.Shape = {
    name: intents.ABOUT[name]
    for name in (
        "capture_method",
        "description",
        "metadata",
        "receipt_email",
        "shipping",
        "setup_future_usage",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    )
}
MADE: params.Shape = {
    "mode": params.one_of("payment", "setup"),
    "success_url": params.text,
    "cancel_url": params.text,
    "customer": params.text,
    "customer_email": params.text,
    "customer_creation": params.one_of("always", "if_required"),
    "client_reference_id": params.text,
    "metadata": params.metadata,
    "line_items": params.listed(LINE),
    "payment_intent_data": FOR_PAYMENT,
    "setup_intent_data": {"description": params.text, "metadata": params.metadata},
    **methods.CHOSEN,
    "payment_method_options": params.anything,
    "currency": params.text,
    "locale": params.text,
    "expires_at": params.whole,
    "submit_type": params.one_of("auto", "book", "donate", "pay"),
    "billing_address_collection": params.one_of("auto", "required"),
    "ui_mode": params.one_of("hosted_page"),
}
BLANK = blank(
    "after_expiration allow_promotion_codes cancel_url client_reference_id client_secret "
    "collected_information consent consent_collection currency_conversion customer customer_email "
    "customer_details invoice invoice_creation payment_intent payment_link permissions "
    "recovered_from setup_intent shipping_address_collection shipping_cost submit_type "
    "subscription success_url billing_address_collection payment_method_configuration_details "
    "amount_subtotal amount_total currency total_details saved_payment_method_options"
)
COPIED = (
    "allowed_payment_method_types excluded_payment_method_types cancel_url client_reference_id "
    "customer customer_email locale metadata mode payment_method_options submit_type success_url "
    "billing_address_collection"
)
FILTERS = {
    "customer": "customer = ?",
    "payment_intent": "parent = ?",
    "status": "json_extract(body, '$.status') = ?",
}


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, MADE)
    params.require(given, "mode", "success_url")
    body = world.new("cs_test", "checkout.session", livemode=False, status="open", **BLANK)
    body |= {"metadata": {}, "locale": "auto", "ui_mode": "hosted_page", "customer_creation": None}
    body |= {"custom_fields": [], "shipping_options": [], "payment_method_options": {}}
    body["automatic_tax"] = {"enabled": False, **blank("liability provider status")}
    body["custom_text"] = blank("after_submit shipping_address submit terms_of_service_acceptance")
    body |= {"phone_number_collection": {"enabled": False}, **picked(given, COPIED)}
    body["expires_at"] = _expiry(world, given)
    body["url"] = f"{world.base}/c/pay/{body['id']}"
    _owner(world, body)
    _for_payment(body, given) if given["mode"] == "payment" else _for_setup(world, body, given)
    world.store.add(body, parent=body["setup_intent"])
    world.later(body["expires_at"] - world.clock.moment(), "expire", body["id"])
    return body


def _expiry(world: World, given: Body) -> int:
    now = world.clock.seconds()
    wanted: int = given.get("expires_at", now + LONGEST_S)
    if not now + SHORTEST_S - GRACE_S <= wanted <= now + LONGEST_S + GRACE_S:
        message = "`expires_at` must be between 30 minutes and 24 hours from creation."
        raise invalid(message, param="expires_at")
    return wanted


def _owner(world: World, body: Body) -> None:
    if body["customer"] and body["customer_email"]:
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    email = body["customer_email"]
    if body["customer"]:
        email = world.need("customer", body["customer"], param="customer")["email"]
    if email:
        unknown = blank("address business_name individual_name name phone tax_ids")
        body["customer_details"] = {**unknown, "email": email, "tax_exempt": "none"}


def _for_payment(body: Body, given: Body) -> None:
    if not given.get("line_items"):
        raise invalid("You must specify line_items in payment mode.", param="line_items")
    if "setup_intent_data" in given:
        raise invalid("You can not pass `setup_intent_data` in `payment` mode.")
    lines = [_line(body["id"], number, line) for number, line in enumerate(given["line_items"])]
    total = sum(line["amount_total"] for line in lines)
    currency = lines[0]["currency"]
    asked = given.get("payment_intent_data", {})
    card_only = asked.get("capture_method") == "manual" or asked.get("setup_future_usage")
    types = methods.chosen(given, fitting=("card",) if card_only else methods.TYPES)
    intents.check_amount(total, currency)
    body |= {"amount_subtotal": total, "amount_total": total, "currency": currency}
    body["total_details"] = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
    body |= {"payment_status": "unpaid", "payment_method_types": types}
    body |= {"payment_method_collection": "if_required"}
    body["customer_creation"] = (
        None if body["customer"] else given.get("customer_creation", "if_required")
    )
    body[OWN] = {"line_items": lines, "intent": asked}


def _line(session: str, number: int, given: Body) -> Body:
    params.require(given, "price_data", "quantity")
    price = given["price_data"]
    params.require(price, "currency", "unit_amount", "product_data")
    amount = price["unit_amount"] * given["quantity"]
    body = {"id": f"li_{session[-16:]}{number}", "object": "item", "quantity": given["quantity"]}
    body |= {"amount_subtotal": amount, "amount_total": amount, "amount_discount": 0}
    body |= {"amount_tax": 0, "currency": price["currency"].lower(), "metadata": {}}
    body |= {"description": price["product_data"].get("name", ""), "adjustable_quantity": None}
    body["price"] = None
    return body


def _for_setup(world: World, body: Body, given: Body) -> None:
    if "line_items" in given or "payment_intent_data" in given:
        raise invalid("line_items and payment_intent_data are for payment mode only.")
    allowed = given.get("allowed_payment_method_types")
    if not given.get("currency") and not allowed:
        message = "Missing required param: currency."
        raise invalid(message, param="currency", code="parameter_missing")
    types = methods.chosen(given, fitting=("card",))
    asked = {**given.get("setup_intent_data", {}), "allowed_payment_method_types": types}
    if body["customer"]:
        asked["customer"] = body["customer"]
    intent = setups.made(world, asked)
    body |= {"setup_intent": intent["id"], "payment_status": "no_payment_required"}
    body |= {"payment_method_types": types, "currency": given.get("currency")}
    body["payment_method_collection"] = "always"
    body[OWN] = {"line_items": [], "intent": {}}


def get(world: World, call: Call) -> Body:
    return world.need("checkout.session", call.ids[0])


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "checkout.session", FILTERS)


def line_items(world: World, call: Call) -> Body:
    params.read(call.params, lists.PAGE)
    body = world.need("checkout.session", call.ids[0])
    data = body[OWN]["line_items"]
    return {"object": "list", "url": call.path, "has_more": False, "data": data}


def expire(world: World, call: Call) -> Body:
    params.read(call.params, {})
    body = world.need("checkout.session", call.ids[0])
    if body["status"] != "open":
        message = 'Only Checkout Sessions with a status in ["open"] can be expired.'
        raise wrong_state(f"{message} This Checkout Session has a status of {body['status']}.")
    return expired(world, body)


def expired(world: World, body: Body) -> Body:
    """The page is closed; a payment begun on it is cancelled."""
    body |= {"status": "expired", "url": None}
    world.store.save(body)
    if body["payment_intent"]:
        intent = world.need("payment_intent", body["payment_intent"])
        if intent["status"] in ("requires_payment_method", "requires_action"):
            intents.cancelled(world, intent, reason="abandoned")
    if body["setup_intent"]:
        setup = world.need("setup_intent", body["setup_intent"])
        if setup["status"] != "succeeded":
            setups.cancelled(world, setup, reason="abandoned")
    world.emit("checkout.session.expired", body)
    return body


def completed(world: World, body: Body, *, customer: str | None) -> Body:
    """The buyer did what the page asked."""
    paid = "paid" if body["mode"] == "payment" else body["payment_status"]
    body |= {"status": "complete", "payment_status": paid, "customer": customer, "url": None}
    world.store.save(body)
    world.emit("checkout.session.completed", body)
    return body
