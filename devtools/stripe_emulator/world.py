"""What every resource works with: objects, events, timers, the clock and the faults."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devtools.stripe_emulator import API_VERSION
from devtools.stripe_emulator.cards import Card
from devtools.stripe_emulator.clock import Clock
from devtools.stripe_emulator.errors import Body, absent
from devtools.stripe_emulator.faults import Faults
from devtools.stripe_emulator.store import Store

OWN = "_own"  # facts of the emulator's own inside an object; never shown


@dataclass
class Call:
    """One request to the API."""

    method: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    id: str = ""
    ids: tuple[str, ...] = ()
    expand: list[str] = field(default_factory=list)


class World:
    """One account at the emulated provider."""

    def __init__(
        self, store: Store, *, base: str, listening: bool, days_file: Path | None = None
    ) -> None:
        self.store = store
        self.base = base
        self.listening = listening
        self.clock = Clock(store, days_file)
        self.faults = Faults()
        self.call = Call("", "")
        self.heard: Callable[[], None] = lambda: None  # wakes whoever delivers events

    def new(self, prefix: str, kind: str, **facts: Any) -> Body:
        """A new object's first facts."""
        id = f"{prefix}_{secrets.token_hex(12)}"
        return {"id": id, "object": kind, "created": self.clock.seconds(), **facts}

    def need(self, kind: str, id: str, *, param: str | None = None) -> Body:
        """The object with an id; missing in the path it is 404, missing as a parameter 400."""
        body = self.store.get(id, kind)
        if body is None:
            raise absent(kind, id, param=param or "id", status=400 if param else 404)
        return body

    def later(self, after: float, job: str, object: str) -> None:
        """Have a job done to an object when the clock has come so far."""
        self.store.db.execute(
            "INSERT INTO timer (at, job, object) VALUES (?,?,?)",
            [self.clock.moment() + after, job, object],
        )

    def emit(self, type: str, body: Body, *, previous: Body | None = None) -> None:
        """Write down that something happened, and that it is to be told."""
        data: Body = {"object": shown(body)}
        if previous is not None:
            data["previous_attributes"] = previous
        event = self.new("evt", "event", api_version=API_VERSION, type=type, data=data)
        event |= {"livemode": False, "pending_webhooks": int(self.listening)}
        event["request"] = {"id": self.call.id or None, "idempotency_key": self.call.key}
        self.store.add(event, parent=type)
        if self.listening:
            self._queue(event)

    def _queue(self, event: Body) -> None:
        copies, due = 1, self.clock.moment()
        if self.faults.take("drop", event["type"]):
            return
        if rule := self.faults.take("duplicate", event["type"]):
            copies = rule.count
        if rule := self.faults.take("delay", event["type"]):
            due += rule.seconds
        if self.faults.take("reorder", event["type"]):
            due -= self.faults.chance.random()
        self.queue(event["id"], due=due, copies=copies)

    def queue(self, event: str, *, due: float, copies: int = 1) -> None:
        """Have an event told at a moment."""
        real = time.time() + max(0.0, due - self.clock.moment())
        row = (event, due, real, self.clock.moment())
        self.store.db.executemany(
            "INSERT INTO delivery (event, due, due_real, first_at) VALUES (?,?,?,?)", [row] * copies
        )

    def answer_for(self, card: Card, method: Body) -> str | None:
        """What a card was told to answer, whatever its number says."""
        told: dict[str, str] = self.store.setting("card_answers", {})
        return told.get(method["id"]) or told.get(card.last4)


def blank(names: str) -> Body:
    """An object's facts that are not known yet."""
    return dict.fromkeys(names.split())


def picked(body: Mapping[str, Any], names: str) -> Body:
    """Those of the named facts that are there."""
    return {name: body[name] for name in names.split() if name in body}


def shown(value: Any) -> Any:
    """An object without the emulator's own facts, at any depth."""
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items() if name != OWN}
    if isinstance(value, list):
        return [shown(part) for part in value]
    return value
