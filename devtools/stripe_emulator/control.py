"""The knobs over HTTP, for other processes: ``/_emulator/…``, JSON in and out."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.resources import disputes, money, refunds
from devtools.stripe_emulator.world import World, shown

Knob = Callable[[World, Body], Any]


def _clock(world: World, given: Body) -> Any:
    """``at`` (ISO), ``advance`` ({"days": 1}), ``freeze`` (true or false)."""
    clock = world.clock
    if "freeze" in given:
        clock.freeze() if given["freeze"] else clock.run()
    if "at" in given:
        clock.set(datetime.fromisoformat(given["at"]))
    if "advance" in given:
        clock.advance(**given["advance"])
    world.heard()
    return _seen_clock(world, given)


def _seen_clock(world: World, _given: Body) -> Any:
    return {"at": world.clock.get().isoformat()}


def _add_fault(world: World, given: Body) -> Any:
    try:
        world.faults.add(**given)
    except (TypeError, ValueError) as error:
        raise ApiError(str(error)) from None
    return world.faults.listed()


def _seen_faults(world: World, _given: Body) -> Any:
    return world.faults.listed()


def _no_faults(world: World, _given: Body) -> Any:
    world.faults.clear()
    return []


def _balance(world: World, _given: Body) -> Any:
    return {**money.now(world), "totals": totals(world)}


def totals(world: World) -> dict[str, int]:
    """What the whole history comes to, in fen: taken, given back, fees, and what is left."""
    movements = world.store.find("balance_transaction")
    sums = {"charged": 0, "refunded": 0, "disputed": 0, "fees": 0, "net": 0}
    words = {"charge": "charged", "payment": "charged", "adjustment": "disputed"}
    for row in movements:
        sums[words.get(row["type"], "refunded")] += row["amount"]
        sums["fees"] += row["fee"]
        sums["net"] += row["net"]
    return sums


def _card(world: World, given: Body) -> Any:
    """``card`` (last four digits or a payment method's id) and its ``answer``, or None."""
    told = world.store.setting("card_answers", {})
    told[given["card"]] = given.get("answer")
    world.store.remember("card_answers", {card: word for card, word in told.items() if word})
    return world.store.setting("card_answers", {})


def _dispute(world: World, given: Body) -> Any:
    """Open one on a ``charge`` for a ``reason``, or decide (``dispute``, ``won``)."""
    with world.store.transaction():
        if "dispute" in given:
            body = world.need("dispute", given["dispute"])
            return shown(disputes.decide(world, body, won=bool(given.get("won"))))
        charge = world.need("charge", given["charge"])
        return shown(disputes.opened(world, charge, reason=given.get("reason", "fraudulent")))


def _refund(world: World, given: Body) -> Any:
    """Let a ``refund`` come back, or (``arrives``) arrive."""
    with world.store.transaction():
        body = world.need("refund", given["refund"])
        if given.get("arrives"):
            refunds.settle(world, body)
        else:
            refunds.failed(world, body)
    return shown(body)


def _again(world: World, given: Body) -> Any:
    """Tell an ``event``, or all of them, once more (``count`` times)."""
    with world.store.transaction():
        rows = [world.need("event", given["event"])] if "event" in given else []
        events = rows or world.store.find("event", newest_first=False)
        for event in events:
            now = world.clock.moment()
            world.queue(event["id"], due=now, copies=int(given.get("count", 1)))
    world.heard()
    return {"events": len(events)}


def _objects(world: World, given: Body) -> Any:
    return shown(world.store.find(given["kind"], newest_first=False))


KNOBS: dict[tuple[str, str], Knob] = {
    ("GET", "clock"): _seen_clock,
    ("POST", "clock"): _clock,
    ("GET", "faults"): _seen_faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _no_faults,
    ("GET", "balance"): _balance,
    ("POST", "cards"): _card,
    ("POST", "disputes"): _dispute,
    ("POST", "refunds"): _refund,
    ("POST", "events"): _again,
    ("POST", "objects"): _objects,
}


def answer(world: World, method: str, name: str, text: str) -> tuple[int, str]:
    """Turn a knob; status and JSON."""
    try:
        if (method, name) not in KNOBS:
            raise ApiError(f"No such knob: {method} {name}", status=404)
        with world.store.lock:
            found = KNOBS[method, name](world, json.loads(text or "{}"))
        return 200, json.dumps(found, ensure_ascii=False)
    except ApiError as error:
        return error.status, json.dumps(error.body)
    except (ValueError, KeyError, TypeError) as error:
        return 400, json.dumps({"error": {"message": repr(error)}})
