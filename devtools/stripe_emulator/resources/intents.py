"""Payment intents: made, confirmed, captured, cancelled, listed."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body, invalid, wrong_state
from devtools.stripe_emulator.resources import charges, methods, paying
from devtools.stripe_emulator.world import OWN, Call, World, blank

LEAST_FEN = 400  # Stripe's least charge in Hong Kong is HK$4
WINDOW = "requires_capture"
ABOUT: params.Shape = {
    "customer": params.text,
    "description": params.text,
    "metadata": params.metadata,
    "receipt_email": params.text,
    "setup_future_usage": params.one_of("off_session", "on_session", ""),
    "shipping": params.anything,
    "statement_descriptor": params.text,
    "statement_descriptor_suffix": params.text,
    "transfer_group": params.text,
    "amount": params.whole,
    "currency": params.text,
    "payment_method": params.text,
    "payment_method_options": params.anything,
    "payment_method_data": methods.MADE,
    "capture_method": params.one_of("automatic", "automatic_async", "manual"),
}
CONFIRMED: params.Shape = {
    "off_session": params.flag,
    "return_url": params.text,
    "error_on_requires_action": params.flag,
    "use_stripe_sdk": params.flag,
    "mandate_data": params.anything,
}
MADE: params.Shape = {
    **ABOUT,
    **CONFIRMED,
    **methods.CHOSEN,
    "automatic_payment_methods": {"enabled": params.flag, "allow_redirects": params.text},
    "confirm": params.flag,
    "confirmation_method": params.one_of("automatic", "manual"),
}
CANCELLED: params.Shape = {
    "cancellation_reason": params.one_of(
        "abandoned", "duplicate", "fraudulent", "requested_by_customer"
    )
}
BLANK = blank(
    "application application_fee_amount amount_details canceled_at cancellation_reason customer "
    "description last_payment_error latest_charge next_action on_behalf_of payment_method "
    "processing receipt_email review setup_future_usage shipping source statement_descriptor "
    "statement_descriptor_suffix transfer_data transfer_group "
    "payment_method_configuration_details"
)
FILTERS = {"customer": "customer = ?"}


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, MADE)
    params.require(given, "amount", "currency")
    if given.get("off_session") and not given.get("confirm"):
        raise invalid("off_session can only be set when confirm is true.", param="off_session")
    body = made(world, given)
    if given.get("confirm"):
        return _confirmed(world, body, given)
    if body["payment_method"]:
        method = methods.resolve(world, body["payment_method"])
        methods.check_usable(method, customer=body["customer"])
        body |= {"payment_method": method["id"], "status": "requires_confirmation"}
        world.store.save(body)
    return body


def made(world: World, given: Body) -> Body:
    """A new payment from checked parameters, written."""
    check_amount(given["amount"], given["currency"])
    if given.get("customer"):
        world.need("customer", given["customer"], param="customer")
    body = world.new("pi", "payment_intent", livemode=False, status="requires_payment_method")
    body |= {**BLANK, "amount_capturable": 0, "amount_received": 0, "metadata": {}}
    body |= {"capture_method": "automatic_async", "confirmation_method": "automatic"}
    body |= {
        "client_secret": f"{body['id']}_secret_{body['id'][-12:]}",
        "payment_method_options": {},
    }
    body |= {name: given[name] for name in ABOUT if name in given and name != "payment_method_data"}
    body["currency"] = body["currency"].lower()
    body |= _types(given)
    body[OWN] = {"return_url": given.get("return_url")}
    world.store.add(body)
    world.emit("payment_intent.created", body)
    return body


def check_amount(amount: int, currency: str) -> None:
    """Refuse an amount below what Stripe takes."""
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if currency.lower() == "cny" and amount < LEAST_FEN:
        message = "Amount must convert to at least 400 cents in the account's currency."
        raise invalid(message, param="amount", code="amount_too_small")


def _types(given: Body) -> Body:
    """Which methods the payment takes; wallets cannot be captured by hand or charged later."""
    auto = given.get("automatic_payment_methods")
    if auto and "allowed_payment_method_types" in given:
        message = "You may only specify one of automatic_payment_methods and"
        raise invalid(f"{message} allowed_payment_method_types.", param="automatic_payment_methods")
    redirects = (auto or {}).get("allow_redirects", "always")
    no_wallets = given.get("capture_method") == "manual" or redirects == "never"
    no_wallets = no_wallets or bool(given.get("setup_future_usage"))
    types = methods.chosen(given, fitting=("card",) if no_wallets else methods.TYPES)
    if "allowed_payment_method_types" in given:
        allowed = given["allowed_payment_method_types"]
        facts: Body = {"allowed_payment_method_types": allowed, "automatic_payment_methods": None}
    else:
        facts = {"automatic_payment_methods": {"allow_redirects": redirects, "enabled": True}}
    return {**facts, "payment_method_types": types}


def _confirmed(world: World, body: Body, given: Body) -> Body:
    method = _method(world, body, given)
    auto = body["automatic_payment_methods"]
    url = given.get("return_url") or body[OWN]["return_url"]
    if auto and auto["allow_redirects"] == "always" and not url:
        message = (
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard."
            " Because some of these payment methods might redirect your customer off of your page,"
            " you must provide a `return_url`."
        )
        raise invalid(message, param="return_url")
    absent = given.get("off_session", False)
    return paying.confirm(
        world,
        body,
        method,
        off_session=absent,
        return_url=url,
        never_ask=given.get("error_on_requires_action", False),
    )


def _method(world: World, body: Body, given: Body) -> Body:
    if "payment_method_data" in given:
        return world.store.add(methods.made(world, given["payment_method_data"]))
    id = given.get("payment_method") or body["payment_method"]
    if not id:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise wrong_state(message, code="payment_intent_unexpected_state")
    return methods.resolve(world, id)


def get(world: World, call: Call) -> Body:
    call.params.pop("client_secret", None)
    return world.need("payment_intent", call.ids[0])


def update(world: World, call: Call) -> Body:
    given = params.read(
        call.params, {name: ABOUT[name] for name in ABOUT if name != "capture_method"}
    )
    body = world.need("payment_intent", call.ids[0])
    body["metadata"] = params.merged(body["metadata"], given.pop("metadata", {}))
    if given and body["status"] not in paying.CONFIRMABLE:
        raise paying.unexpected(body, "update")
    if "amount" in given:
        check_amount(given["amount"], body["currency"])
    if method := given.get("payment_method"):
        given |= {"payment_method": methods.resolve(world, method)["id"]}
        given["status"] = "requires_confirmation"
    return world.store.save(body | given)


def confirm(world: World, call: Call) -> Body:
    wanted = (
        "payment_method",
        "payment_method_data",
        "setup_future_usage",
        "receipt_email",
        "shipping",
        "payment_method_options",
    )
    given = params.read(call.params, {**CONFIRMED, **{name: ABOUT[name] for name in wanted}})
    body = world.need("payment_intent", call.ids[0])
    if body["status"] not in paying.CONFIRMABLE:
        raise paying.unexpected(body, "confirm")
    body |= {
        name: given[name]
        for name in ("setup_future_usage", "receipt_email", "shipping")
        if name in given
    }
    return _confirmed(world, body, given)


def capture(world: World, call: Call) -> Body:
    shape = {"amount_to_capture": params.whole, "metadata": params.metadata}
    given = params.read(call.params, shape)
    body = world.need("payment_intent", call.ids[0])
    if body["status"] != WINDOW:
        raise paying.unexpected(body, "capture")
    held: int = body["amount_capturable"]
    amount = given.get("amount_to_capture", held)
    if not 0 < amount <= held:
        message = "The amount to capture must be positive and no more than what is capturable."
        raise invalid(message, param="amount_to_capture", code="amount_too_large")
    charge = world.need("charge", body["latest_charge"])
    charge |= {"captured": True, "amount_captured": amount}
    charges.booked(world, charge)
    world.store.save(charge)
    world.emit("charge.captured", charge)
    body |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
    body["metadata"] = params.merged(body["metadata"], given.get("metadata", {}))
    world.store.save(body)
    world.emit("payment_intent.succeeded", body)
    return body


def cancel(world: World, call: Call) -> Body:
    given = params.read(call.params, CANCELLED)
    body = world.need("payment_intent", call.ids[0])
    if body["status"] not in (*paying.CONFIRMABLE, WINDOW):
        raise paying.unexpected(body, "cancel")
    return cancelled(world, body, reason=given.get("cancellation_reason"))


def cancelled(world: World, body: Body, *, reason: str | None) -> Body:
    """The payment will never be taken; what was held is let go."""
    body |= {"status": "canceled", "canceled_at": world.clock.seconds(), "next_action": None}
    body |= {"cancellation_reason": reason, "amount_capturable": 0}
    world.store.save(body)
    world.emit("payment_intent.canceled", body)
    return body


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "payment_intent", FILTERS)
