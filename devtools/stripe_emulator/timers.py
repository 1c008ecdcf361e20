"""What happens by itself when the clock has come so far."""

from collections.abc import Callable

from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.resources import (
    charges,
    disputes,
    intents,
    methods,
    refunds,
    sessions,
)
from devtools.stripe_emulator.world import Call, World

KEY_KEPT_S = 24 * 3600


def _expire(world: World, session: Body) -> None:
    if session["status"] == "open":
        sessions.expired(world, session)


def _release(world: World, intent: Body) -> None:
    if intent["status"] == "requires_capture":
        world.emit("charge.expired", world.need("charge", intent["latest_charge"]))
        intents.cancelled(world, intent, reason="automatic")


def _dispute(world: World, charge: Body) -> None:
    method = world.store.get(charge["payment_method"], "payment_method")
    if method and not charge["refunded"]:
        disputes.opened(world, charge, reason=methods.card_of(method).disputed)


JOBS: dict[str, Callable[[World, Body], None]] = {
    "book": charges.book_late,
    "expire": _expire,
    "release": _release,
    "settle": refunds.settle,
    "dispute": _dispute,
}


def run_due(world: World) -> int:
    """Do what is due, each in its own turn; return how much was done."""
    db, now = world.store.db, world.clock.moment()
    if not db.execute("SELECT 1 FROM timer WHERE at <= ? LIMIT 1", [now]).fetchone():
        return 0
    due = db.execute("SELECT id, job, object FROM timer WHERE at <= ? ORDER BY at, id", [now])
    rows = due.fetchall()
    caller, world.call = world.call, Call("", "")  # nobody asked for these events
    for row, job, object in rows:
        db.execute("DELETE FROM timer WHERE id = ?", [row])
        body = world.store.get(object)
        if body is not None:
            JOBS[job](world, body)
    world.call = caller
    return len(rows)


def forget_keys(world: World) -> None:
    """Idempotency keys are kept for a day."""
    last = world.clock.seconds() - KEY_KEPT_S
    world.store.db.execute("DELETE FROM answer WHERE at <= ?", [last])
