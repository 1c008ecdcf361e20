"""What a buyer's press of a button does."""

from datetime import date
from typing import Any

from devtools.stripe_emulator.cards import BY_NUMBER, Card
from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.resources import intents, methods, paying, sessions, setups
from devtools.stripe_emulator.world import OWN, World, blank


class BadForm(Exception):
    """A field is wrong; the message is a key of ``words``."""


def card_in(form: dict[str, str], *, today: date) -> tuple[Card, tuple[int, int]]:
    """The test card and expiry that a buyer wrote."""
    number = "".join(filter(str.isdigit, form.get("number", "")))
    if number not in BY_NUMBER:
        raise BadForm("bad_number")
    month, _, year = form.get("expiry", "").replace(" ", "").partition("/")
    if not (month.isdigit() and year.isdigit() and 1 <= int(month) <= 12):
        raise BadForm("bad_expiry")
    full = int(year) + (2000 if int(year) < 100 else 0)
    if (full, int(month)) < (today.year, today.month):
        raise BadForm("bad_expiry")
    if not (form.get("cvc", "").isdigit() and len(form["cvc"]) in (3, 4)):
        raise BadForm("bad_cvc")
    return BY_NUMBER[number], (int(month), full)


def submitted(world: World, session: Body, form: dict[str, str]) -> Body:
    """The buyer sent the page; the intent, succeeded or waiting for her."""
    if session["mode"] == "payment" and form.get("way") not in session["payment_method_types"]:
        raise BadForm("choose_way")
    details = {"email": form.get("email") or None, "name": form.get("name") or None}
    if form.get("way", "card") == "card":
        card, expires = card_in(form, today=world.clock.get().date())
        method = methods.of_card(world, card, details=details, expires=expires)
        world.store.add(method)
    else:
        asked = {"type": form["way"], "billing_details": details}
        method = world.store.add(methods.made(world, asked))
    _remember_buyer(session, details)
    if session["mode"] == "setup":
        return _set_up(world, session, method)
    return _pay(world, session, method)


def _remember_buyer(session: Body, details: Body) -> None:
    unknown = blank("address business_name email individual_name name phone tax_ids")
    known = session["customer_details"] or {**unknown, "tax_exempt": "none"}
    session["customer_details"] = {
        **known,
        **{name: fact for name, fact in details.items() if fact},
    }


def _set_up(world: World, session: Body, method: Body) -> Body:
    world.store.save(session)
    intent = world.need("setup_intent", session["setup_intent"])
    url = back_url(world, session)
    return finished(world, setups.confirmed(world, intent, method, return_url=url))


def _pay(world: World, session: Body, method: Body) -> Body:
    intent = _intent(world, session)
    return finished(
        world, paying.confirm(world, intent, method, return_url=back_url(world, session))
    )


def _intent(world: World, session: Body) -> Body:
    if session["payment_intent"]:
        return world.need("payment_intent", session["payment_intent"])
    asked: dict[str, Any] = {**session[OWN]["intent"], "amount": session["amount_total"]}
    asked |= {"currency": session["currency"], "customer": _customer(world, session)}
    asked["allowed_payment_method_types"] = session["payment_method_types"]
    intent = intents.made(world, {name: fact for name, fact in asked.items() if fact is not None})
    intent[OWN]["session"] = session["id"]
    session["payment_intent"] = intent["id"]
    world.store.save(session, parent=intent["id"])
    return world.store.save(intent)


def _customer(world: World, session: Body) -> str | None:
    if session["customer"] or session["customer_creation"] != "always":
        owner: str | None = session["customer"]
        return owner
    from devtools.stripe_emulator.resources import customers
    from devtools.stripe_emulator.world import Call

    facts = session["customer_details"] or {}
    given = {name: facts[name] for name in ("email", "name") if facts.get(name)}
    return str(customers.create(world, Call("POST", "", params=given))["id"])


def session_of(world: World, intent: Body) -> Body | None:
    """The session an intent belongs to, if it was begun on a page."""
    found = world.store.find("checkout.session", where=[("parent = ?", intent["id"])], most=1)
    return found[0] if found else None


def answered(world: World, intent: Body, *, yes: bool) -> Body:
    """The buyer approved or refused what her bank or wallet asked."""
    paying_now = intent["object"] == "payment_intent"
    if not yes:
        refuse = paying.not_authenticated if paying_now else setups.not_authenticated
        return refuse(world, intent)
    if paying_now:
        return finished(world, paying.authenticated(world, intent))
    method = world.need("payment_method", intent["payment_method"])
    return finished(world, setups.saved(world, intent, method))


def finished(world: World, intent: Body) -> Body:
    """Complete the session when its intent has succeeded."""
    session = session_of(world, intent)
    if (
        session
        and session["status"] == "open"
        and intent["status"] in ("succeeded", "requires_capture")
    ):
        sessions.completed(world, session, customer=intent["customer"])
    return intent


def back_url(_world: World, session: Body) -> str:
    """Where the shop wants its buyer back."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def refusal(error: ApiError) -> str:
    """The word for a declined card."""
    code = str(error.error.get("decline_code") or error.error.get("code"))
    known = ("insufficient_funds", "expired_card", "incorrect_cvc", "processing_error")
    return code if code in known else "declined"
