"""A request to the API: who asks, was it asked before, does a fault strike; then the answer."""

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from devtools.stripe_emulator import API_VERSION, lists, params, routes, timers
from devtools.stripe_emulator.errors import ApiError, Body
from devtools.stripe_emulator.world import Call, World, shown

TEST_KEYS = ("sk_test_", "rk_test_")
LIVE_KEYS = ("sk_live", "rk_live", "pk_live")
REUSED = (
    "Keys for idempotent requests can only be used {} they were first used {}. Try using a key "
    "other than '{}' if you meant to execute a different request."
)


class ConnectionBroken(Exception):
    """The connection ends without an answer."""


@dataclass
class Answer:
    """What goes back."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    """The API over a world."""

    def __init__(self, world: World, *, may_die: bool = False) -> None:
        self.world = world
        self._may_die = may_die
        self._busy: set[str] = set()
        self._busy_lock = threading.Lock()

    def answer(self, method: str, path: str, headers: Mapping[str, str], form: str) -> Answer:
        """Answer one request; raises ``ConnectionBroken`` when a fault says so."""
        call = Call(method, path, id=f"req_{secrets.token_hex(7)}")
        try:
            _check_key(headers.get("Authorization", ""))
            call.params = params.decode(form)
            call.key = headers.get("Idempotency-Key") if method == "POST" else None
            with self._alone(call.key):
                return self._faulty(call)
        except ApiError as error:
            return _answer(call, error.status, _text(error.body), saved=False)

    @contextmanager
    def _alone(self, key: str | None) -> Iterator[None]:
        """Refuse a second request under a key while the first is looked at."""
        if key is None:
            yield
            return
        with self._busy_lock:
            if key in self._busy:
                message = (
                    "There is currently another in-progress request using this idempotency key"
                )
                raise ApiError(
                    message,
                    status=409,
                    kind="idempotency_error",
                    code="idempotency_key_in_use",
                    saved=False,
                )
            self._busy.add(key)
        try:
            yield
        finally:
            with self._busy_lock:
                self._busy.discard(key)

    def _faulty(self, call: Call) -> Answer:
        take = self.world.faults.take
        if rule := take("slow", call.path, method=call.method):
            self.world.faults.pause(rule.seconds)
        if take("drop_request", call.path, method=call.method):
            raise ConnectionBroken
        if take("rate_limit", call.path, method=call.method):
            raise ApiError("Too many requests.", status=429, code="rate_limit", saved=False)
        if take("unavailable", call.path, method=call.method):
            raise ApiError("Unavailable.", status=503, kind="api_error", saved=False)
        return self._told(call, self._once(call))

    def _told(self, call: Call, answer: Answer) -> Answer:
        if self.world.faults.take("drop_reply", call.path, method=call.method):
            raise ConnectionBroken
        if self.world.faults.take("crash", call.path, method=call.method):
            if self._may_die:
                os._exit(137)
            raise ConnectionBroken
        return answer

    def _once(self, call: Call) -> Answer:
        world = self.world
        with world.store.transaction():
            timers.forget_keys(world)
            timers.run_due(world)
            digest = hashlib.sha256(json.dumps(call.params, sort_keys=True).encode()).hexdigest()
            if call.key and (answer := self._before(call, digest)):
                return answer
            status, body, saved = self._done(call)
            if call.key and saved:
                row = (call.key, call.path, digest, call.id, status, body, world.clock.seconds())
                world.store.db.execute("INSERT INTO answer VALUES (?,?,?,?,?,?,?)", row)
        world.heard()
        return _answer(call, status, body, saved=saved)

    def _before(self, call: Call, digest: str) -> Answer | None:
        row = self.world.store.db.execute(
            "SELECT path, digest, request, status, body FROM answer WHERE key = ?", [call.key]
        ).fetchone()
        if row is None:
            return None
        path, known, request, status, body = row
        if path != call.path:
            message = REUSED.format("for the same endpoint", "for", call.key)
            raise ApiError(message, kind="idempotency_error", saved=False)
        if known != digest:
            message = REUSED.format("with the same parameters", "with", call.key)
            raise ApiError(message, kind="idempotency_error", saved=False)
        answer = _answer(call, status, body, saved=True)
        answer.headers |= {"Idempotent-Replayed": "true", "Original-Request": request}
        return answer

    def _done(self, call: Call) -> tuple[int, str, bool]:
        world = self.world
        world.call = call
        broken = _text({"error": {"type": "api_error", "message": "Something went wrong."}})
        if world.faults.take("error", call.path, method=call.method):
            return 500, broken, True
        try:
            with world.store.savepoint():
                body = self._handled(call)
        except ApiError as error:
            return error.status, _text(error.body), error.saved
        if world.faults.take("error_after", call.path, method=call.method):
            return 500, broken, True
        return 200, _text(body), True

    def _handled(self, call: Call) -> Body:
        handler, call.ids = routes.find(call.method, call.path)
        expand = params.texts(call.params.pop("expand", []), "expand")
        body = handler(self.world, call)
        return lists.expand(self.world, body, expand)


def _check_key(header: str) -> None:
    key = header.removeprefix("Bearer ").strip()
    if key.startswith(LIVE_KEYS):
        message = "This is an emulator: it takes no live keys. Revoke a key that came here."
    elif not key.startswith(TEST_KEYS):
        message = "Invalid API Key provided."
    else:
        return
    raise ApiError(message, status=401, saved=False)


def _text(body: Any) -> str:
    return json.dumps(shown(body), ensure_ascii=False, separators=(",", ":"))


def _answer(call: Call, status: int, text: str, *, saved: bool) -> Answer:
    headers = {"Request-Id": call.id, "Stripe-Version": API_VERSION}
    if call.key:
        headers["Idempotency-Key"] = call.key
    if status == 409 or (status >= 500 and not saved):
        headers["Stripe-Should-Retry"] = "true"
    elif status >= 500:
        headers["Stripe-Should-Retry"] = "false"
    return Answer(status, text, headers)
