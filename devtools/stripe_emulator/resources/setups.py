"""Setup intents: a card saved now, to be charged later without its owner."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.cards import ASK, OK
from devtools.stripe_emulator.errors import Body, wrong_state
from devtools.stripe_emulator.resources import methods, paying
from devtools.stripe_emulator.resources.refusals import card_refused, told
from devtools.stripe_emulator.world import OWN, Call, World, blank, shown

ABOUT: params.Shape = {
    "customer": params.text,
    "description": params.text,
    "metadata": params.metadata,
    "payment_method": params.text,
}
CONFIRMED: params.Shape = {"return_url": params.text, "mandate_data": params.anything}
MADE: params.Shape = {
    **ABOUT,
    **CONFIRMED,
    **methods.CHOSEN,
    "automatic_payment_methods": {"enabled": params.flag, "allow_redirects": params.text},
    "confirm": params.flag,
    "usage": params.one_of("off_session", "on_session"),
}
CANCELLED: params.Shape = {
    "cancellation_reason": params.one_of("abandoned", "duplicate", "requested_by_customer")
}
BLANK = blank(
    "application cancellation_reason customer description flow_directions last_setup_error "
    "latest_attempt mandate next_action on_behalf_of payment_method single_use_mandate "
    "payment_method_configuration_details"
)
FILTERS = {
    "customer": "customer = ?",
    "payment_method": "json_extract(body, '$.payment_method') = ?",
}


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, MADE)
    body = made(world, given)
    if given.get("confirm"):
        return _confirmed(world, body, given)
    return body


def made(world: World, given: Body) -> Body:
    """A new setup from checked parameters, written."""
    if given.get("customer"):
        world.need("customer", given["customer"], param="customer")
    types = methods.chosen(given, fitting=("card",))
    allowed = given.get("allowed_payment_method_types")
    body = world.new("seti", "setup_intent", livemode=False, status="requires_payment_method")
    body |= {**BLANK, "metadata": {}, "payment_method_options": {}, "usage": "off_session"}
    body["client_secret"] = f"{body['id']}_secret_{body['id'][-12:]}"
    body |= {name: given[name] for name in (*ABOUT, "usage") if name in given}
    redirects = given.get("automatic_payment_methods", {}).get("allow_redirects", "always")
    automatic = None if allowed else {"enabled": True, "allow_redirects": redirects}
    body |= {"payment_method_types": types, "automatic_payment_methods": automatic}
    if allowed:
        body["allowed_payment_method_types"] = allowed
    if body["payment_method"]:
        body["payment_method"] = methods.resolve(world, body["payment_method"])["id"]
        body["status"] = "requires_confirmation"
    body[OWN] = {"return_url": given.get("return_url")}
    world.store.add(body)
    world.emit("setup_intent.created", body)
    return body


def _confirmed(world: World, body: Body, given: Body) -> Body:
    id = given.get("payment_method") or body["payment_method"]
    if not id:
        raise wrong_state(
            "You cannot confirm this SetupIntent because it's missing a payment method.",
            code="setup_intent_unexpected_state",
        )
    url = given.get("return_url") or body[OWN]["return_url"]
    return confirmed(world, body, methods.resolve(world, id), return_url=url)


def confirmed(world: World, body: Body, method: Body, *, return_url: str | None) -> Body:
    """Try to save a method for later."""
    if method["type"] not in body["payment_method_types"]:
        raise wrong_state("The PaymentMethod provided is not allowed for this SetupIntent.")
    methods.check_usable(method, customer=body["customer"])
    body |= {"payment_method": method["id"], "last_setup_error": None}
    answer = methods.card_of(method).saved
    if answer == ASK:
        page = f"{world.base}/authenticate/{body['id']}"
        action = {"redirect_to_url": {"url": page, "return_url": return_url}}
        return paying.asking(
            world, body, {"type": "redirect_to_url", **action}, return_url=return_url
        )
    if answer != OK:
        raise refused(world, body, method, answer)
    return saved(world, body, method)


def refused(world: World, body: Body, method: Body, reason: str) -> Exception:
    """Write that the card was not saved and give the error to raise."""
    failed(world, body, told(reason, payment_method=shown(method)))
    return card_refused(reason, setup_intent=body, payment_method=method)


def failed(world: World, body: Body, error: Body) -> Body:
    """The card is not saved; another may be tried."""
    body |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    body["last_setup_error"] = error
    world.store.save(body)
    world.emit("setup_intent.setup_failed", body)
    return body


def saved(world: World, body: Body, method: Body) -> Body:
    """The card is saved."""
    body |= {"status": "succeeded", "next_action": None}
    if body["customer"]:
        methods.attached(world, method, customer=body["customer"], set_up=True)
    world.store.save(body)
    world.emit("setup_intent.succeeded", body)
    return body


def not_authenticated(world: World, body: Body) -> Body:
    """The owner failed or turned away."""
    error = {"type": "invalid_request_error", "code": "setup_intent_authentication_failure"}
    error["message"] = "The provided PaymentMethod has failed authentication. Try another one."
    return failed(world, body, error)


def get(world: World, call: Call) -> Body:
    call.params.pop("client_secret", None)
    return world.need("setup_intent", call.ids[0])


def update(world: World, call: Call) -> Body:
    given = params.read(call.params, ABOUT)
    body = world.need("setup_intent", call.ids[0])
    body["metadata"] = params.merged(body["metadata"], given.pop("metadata", {}))
    if given and body["status"] not in paying.CONFIRMABLE:
        raise paying.unexpected(body, "update")
    return world.store.save(body | given)


def confirm(world: World, call: Call) -> Body:
    given = params.read(call.params, {**CONFIRMED, "payment_method": params.text})
    body = world.need("setup_intent", call.ids[0])
    if body["status"] not in paying.CONFIRMABLE:
        raise paying.unexpected(body, "confirm")
    return _confirmed(world, body, given)


def cancel(world: World, call: Call) -> Body:
    given = params.read(call.params, CANCELLED)
    body = world.need("setup_intent", call.ids[0])
    if body["status"] not in paying.CONFIRMABLE:
        raise paying.unexpected(body, "cancel")
    return cancelled(world, body, reason=given.get("cancellation_reason"))


def cancelled(world: World, body: Body, *, reason: str | None) -> Body:
    """Nothing will be saved by this setup."""
    body |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    world.store.save(body)
    world.emit("setup_intent.canceled", body)
    return body


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "setup_intent", FILTERS)
