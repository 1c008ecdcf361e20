"""What happens when a payment is confirmed: taken, held, declined, or its buyer asked."""

from typing import Any

from devtools.stripe_emulator.cards import ASK, OK
from devtools.stripe_emulator.errors import Body, wrong_state
from devtools.stripe_emulator.resources import charges, methods
from devtools.stripe_emulator.resources.refusals import card_refused, told
from devtools.stripe_emulator.world import OWN, World, shown

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
NEEDS_BUYER = "authentication_required"


def confirm(
    world: World,
    intent: Body,
    method: Body,
    *,
    off_session: bool = False,
    return_url: str | None = None,
    never_ask: bool = False,
) -> Body:
    """Try to take the money of a payment with a method."""
    check_confirmable(intent, method)
    methods.check_usable(method, customer=intent["customer"])
    intent |= {"payment_method": method["id"], "next_action": None, "last_payment_error": None}
    if method["type"] != "card":
        return _ask_wallet(world, intent, method, return_url=return_url, absent=off_session)
    answer = card_answer(world, method, absent=off_session)
    if answer == ASK and (off_session or never_ask):
        raise refused(world, intent, method, NEEDS_BUYER, off_session=off_session)
    if answer == ASK:
        return _ask_card(world, intent, return_url=return_url)
    if answer != OK:
        raise refused(world, intent, method, answer, off_session=off_session)
    return taken(world, intent, method, off_session=off_session)


def check_confirmable(intent: Body, method: Body) -> None:
    """Refuse a payment that is over, and a method of a type it does not take."""
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(intent, "confirm")
    if method["type"] not in intent["payment_method_types"]:
        message = f"The PaymentMethod provided ({method['type']}) is not allowed for this"
        raise wrong_state(f"{message} PaymentIntent.", param="payment_method")


def unexpected(intent: Body, verb: str) -> Any:
    """The refusal of a verb that the payment's status does not allow."""
    kind = "PaymentIntent" if intent["object"] == "payment_intent" else "SetupIntent"
    message = f"You cannot {verb} this {kind} because it has a status of {intent['status']}."
    facts = {intent["object"]: shown(intent)}
    return wrong_state(message, code=f"{intent['object']}_unexpected_state", **facts)


def card_answer(world: World, method: Body, *, absent: bool) -> str:
    """What the card says to a charge, with its owner there or absent."""
    card = methods.card_of(method)
    if ordered := world.answer_for(card, method):
        return ordered
    if not absent:
        return ASK if card.asks else card.present
    if card.absent_unsaved and not method[OWN]["set_up"]:
        return card.absent_unsaved
    return card.absent


def authenticated(world: World, intent: Body) -> Body:
    """The buyer proved who she is; the card answers."""
    method = world.need("payment_method", intent["payment_method"])
    if method["type"] != "card":
        return taken(world, intent, method, off_session=False)
    card = methods.card_of(method)
    ordered = world.answer_for(card, method)
    answer = card.present if ordered in (None, ASK) else ordered
    if answer != OK:
        raise refused(world, intent, method, answer, off_session=False)
    return taken(world, intent, method, off_session=False)


def not_authenticated(world: World, intent: Body) -> Body:
    """The buyer failed or turned away; she may try another method."""
    code = "payment_intent_authentication_failure"
    method = world.need("payment_method", intent["payment_method"])
    error = {"type": "invalid_request_error", "code": code, "payment_method": shown(method)}
    error["message"] = "The provided PaymentMethod has failed authentication. Try another one."
    if method["type"] != "card":
        error["code"] = "payment_intent_payment_attempt_failed"
        error["message"] = "The customer did not approve the PaymentIntent."
    return _back(world, intent, error)


def _back(world: World, intent: Body, error: Body) -> Body:
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = error
    world.store.save(intent)
    world.emit("payment_intent.payment_failed", intent)
    return intent


def refused(world: World, intent: Body, method: Body, reason: str, *, off_session: bool) -> Any:
    """Write the failed charge and give the error to raise."""
    charge = charges.make(world, intent, method, off_session=off_session, decline=reason)
    world.emit("charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    _back(world, intent, told(reason, charge=charge["id"], payment_method=shown(method)))
    return card_refused(reason, charge=charge["id"], payment_intent=intent, payment_method=method)


def taken(world: World, intent: Body, method: Body, *, off_session: bool) -> Body:
    """The money is taken, or held when the payment is captured by hand."""
    charge = charges.make(world, intent, method, off_session=off_session)
    intent |= {"latest_charge": charge["id"], "next_action": None, "last_payment_error": None}
    _keep_method(world, intent, method)
    if intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
        before = charge["payment_method_details"]["card"]["capture_before"]
        world.later(before - world.clock.moment(), "release", intent["id"])
        world.store.save(intent)
        world.emit("payment_intent.amount_capturable_updated", intent)
        return intent
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    world.store.save(intent)
    world.emit("payment_intent.succeeded", intent)
    return intent


def _keep_method(world: World, intent: Body, method: Body) -> None:
    wanted = intent["setup_future_usage"] and method["type"] == "card"
    if wanted and intent["customer"]:
        methods.attached(world, method, customer=intent["customer"], set_up=True)
    elif not method["customer"]:
        method[OWN]["used"] = True
        world.store.save(method)


def _ask_card(world: World, intent: Body, *, return_url: str | None) -> Body:
    page = f"{world.base}/authenticate/{intent['id']}"
    if return_url:
        asked = {"type": "redirect_to_url"}
        action: Body = asked | {"redirect_to_url": {"url": page, "return_url": return_url}}
    else:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    return asking(world, intent, action, return_url=return_url)


def _ask_wallet(
    world: World, intent: Body, method: Body, *, return_url: str | None, absent: bool
) -> Body:
    if absent:
        message = f"A {method['type']} payment cannot be confirmed off-session."
        raise wrong_state(message, param="off_session")
    page = f"{world.base}/authenticate/{intent['id']}"
    if method["type"] == "alipay":
        shape = {"native_data": None, "native_url": None, "url": page, "return_url": return_url}
        action: Body = {"type": "alipay_handle_redirect", "alipay_handle_redirect": shape}
    else:
        code = {"data": f"weixin://wxpay/{intent['id']}", "hosted_instructions_url": page}
        code |= {"image_data_url": "data:image/png;base64,", "image_url_png": f"{page}.png"}
        code["image_url_svg"] = f"{page}.svg"
        action = {"type": "wechat_pay_display_qr_code", "wechat_pay_display_qr_code": code}
    return asking(world, intent, action, return_url=return_url)


def asking(world: World, intent: Body, action: Body, *, return_url: str | None) -> Body:
    """The payment waits for its buyer."""
    intent |= {"status": "requires_action", "next_action": action}
    intent[OWN]["return_url"] = return_url
    world.store.save(intent)
    world.emit(f"{intent['object']}.requires_action", intent)
    return intent
