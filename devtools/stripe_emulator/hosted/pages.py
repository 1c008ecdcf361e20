"""Which page a buyer gets, and where a pressed button leads."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from devtools.stripe_emulator import timers
from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.hosted import books, flow
from devtools.stripe_emulator.hosted.markup import Page, money
from devtools.stripe_emulator.hosted.words import language
from devtools.stripe_emulator.world import OWN, Call, World

ADDRESS = re.compile(r"/(c/pay|authenticate|receipts)/(\w+)$")
SEE_OTHER = 303


@dataclass(frozen=True)
class Visit:
    """A buyer's request."""

    method: str
    path: str
    query: str
    body: str
    languages: str

    @property
    def asked(self) -> dict[str, str]:
        """The query."""
        return dict(parse_qsl(self.query))

    @property
    def form(self) -> dict[str, str] | None:
        """What was sent, if something was."""
        return dict(parse_qsl(self.body)) if self.method == "POST" else None


@dataclass(frozen=True)
class Shown:
    """What she gets."""

    html: str = ""
    status: int = 200
    to: str = ""


def answer(world: World, visit: Visit) -> Shown:
    """The page at an address."""
    with world.store.transaction():
        timers.run_due(world)
        world.call = Call("", "")
        match = ADDRESS.match(visit.path)
        body = world.store.get(match.group(2)) if match else None
        locale = _locale(world, body)
        page = Page(
            language(asked=visit.asked.get("lang", ""), locale=locale, header=visit.languages)
        )
        shown = _of(world, page, match.group(1) if match else "", body, visit)
    world.heard()
    return shown


def _locale(world: World, body: Body | None) -> str | None:
    session = body if body and body["object"] == "checkout.session" else None
    if body and body["object"].endswith("_intent"):
        session = flow.session_of(world, body)
    return session["locale"] if session else None


def _of(world: World, page: Page, place: str, body: Body | None, visit: Visit) -> Shown:
    kind = body["object"] if body else ""
    if body and (place, kind) == ("c/pay", "checkout.session"):
        return _checkout(world, page, body, visit)
    if body and place == "authenticate" and kind in ("payment_intent", "setup_intent"):
        return _asked(world, page, body, visit.form)
    if body and (place, kind) == ("receipts", "charge"):
        text = money(body["amount_captured"], body["currency"])
        return Shown(page.says("receipt", text, done=True))
    if visit.path == "/":
        return Shown(books.page(world, page))
    return Shown(page.says("lost_title", page.say("lost")), 404)


def _checkout(world: World, page: Page, session: Body, visit: Visit) -> Shown:
    if session["status"] != "open":
        return _closed(page, session)
    lines = session[OWN]["line_items"]
    problem, form = visit.asked.get("problem", ""), visit.form
    if form is None:
        known = problem if problem in page.words else ""
        return Shown(page.checkout(session, lines, {}, known))
    try:
        with world.store.savepoint():
            intent = flow.submitted(world, session, form)
    except flow.BadForm as wrong:
        return Shown(page.checkout(session, lines, form, str(wrong)), 422)
    except ApiError as error:
        return Shown(page.checkout(session, lines, form, flow.refusal(error)), 402)
    return _onward(world, page, intent)


def _closed(page: Page, session: Body) -> Shown:
    if session["status"] == "expired":
        back = session["cancel_url"] or ""
        return Shown(page.says("gone_title", page.say("gone"), back=back), 410)
    key = "done_pay" if session["mode"] == "payment" else "done_save"
    back = str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
    return Shown(page.says("done_title", page.say(key), back=back, done=True))


def _onward(world: World, page: Page, intent: Body) -> Shown:
    """Where the buyer goes from what the intent has become."""
    if intent["status"] == "requires_action":
        return _to(f"{world.base}/authenticate/{intent['id']}?lang={page.language}")
    session = flow.session_of(world, intent)
    good = intent["status"] in ("succeeded", "requires_capture")
    if session:
        to = flow.back_url(world, session)
        retry = f"{world.base}/c/pay/{session['id']}?lang={page.language}&problem=not_approved"
        return _to(to if good or session["status"] != "open" else retry)
    if url := intent[OWN].get("return_url"):
        facts = {
            intent["object"]: intent["id"],
            "redirect_status": "succeeded" if good else "failed",
        }
        facts[f"{intent['object']}_client_secret"] = intent["client_secret"]
        return _to(f"{url}{'&' if '?' in url else '?'}{urlencode(facts)}")
    if good:
        return Shown(page.says("done_title", page.say("done_pay"), done=True))
    return Shown(page.says("lost_title", page.say("not_approved")))


def _asked(world: World, page: Page, intent: Body, form: dict[str, str] | None) -> Shown:
    if intent["status"] != "requires_action":
        return _onward(world, page, intent)
    if form is None:
        method = world.need("payment_method", intent["payment_method"])
        return Shown(page.asks(intent, method))
    try:
        with world.store.savepoint():
            intent = flow.answered(world, intent, yes=form.get("answer") == "yes")
    except ApiError as error:
        return _refused(world, page, intent, flow.refusal(error))
    return _onward(world, page, intent)


def _refused(world: World, page: Page, intent: Body, problem: str) -> Shown:
    session = flow.session_of(world, intent)
    if session is None:
        return _onward(world, page, world.need(intent["object"], intent["id"]))
    return _to(f"{world.base}/c/pay/{session['id']}?lang={page.language}&problem={problem}")


def _to(url: str) -> Shown:
    return Shown("", SEE_OTHER, url)
