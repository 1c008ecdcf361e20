"""Events told to the platform: signed, tried again with growing pauses for three days."""

import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from hashlib import sha256

from devtools.stripe_emulator import timers
from devtools.stripe_emulator.world import World, shown

MINUTE, HOUR = 60, 3600
PAUSES_S = (10, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR, 10 * HOUR, 12 * HOUR)
GIVE_UP_S = 72 * HOUR
PATIENCE_S = 10.0
LOOK_AGAIN_S = 0.5
Tell = Callable[[bytes, str], bool]


def signature(payload: bytes, secret: str, *, at: int) -> str:
    """The ``Stripe-Signature`` header."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + payload, sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Deliveries:
    """What is still to be told, and the telling."""

    def __init__(self, world: World, *, secret: str) -> None:
        self.world = world
        self.secret = secret

    def due(self, *, everything: bool = False) -> list[tuple[int, str]]:
        """Rows to be told now: by the emulator's clock, or because real time has gone by."""
        now = float("inf") if everything else self.world.clock.moment()
        real = 0.0 if everything else time.time()
        with self.world.store.lock:
            return self.world.store.db.execute(
                "SELECT id, event FROM delivery WHERE due <= ? OR due_real <= ?"
                " ORDER BY due, id LIMIT 1000",
                [now, real],
            ).fetchall()

    def tell(self, row: int, event: str, to: Tell) -> bool:
        """Tell one event; what fails is put off."""
        payload = self._payload(event)
        header = signature(payload, self.secret, at=int(time.time()))
        heard = to(payload, header)
        with self.world.store.transaction():
            if heard:
                self._forget(row, event)
            else:
                self._put_off(row, event)
        return heard

    def _payload(self, event: str) -> bytes:
        with self.world.store.lock:
            body = shown(self.world.need("event", event))
        return json.dumps(body, ensure_ascii=False, indent=2).encode()

    def _forget(self, row: int, event: str) -> None:
        db = self.world.store.db
        db.execute("DELETE FROM delivery WHERE id = ?", [row])
        db.execute(
            "UPDATE object SET body = json_set(body, '$.pending_webhooks', 0) WHERE id = ?1"
            " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = ?1)",
            [event],
        )

    def _put_off(self, row: int, event: str) -> None:
        db, now = self.world.store.db, self.world.clock.moment()
        known = db.execute("SELECT tries, first_at FROM delivery WHERE id = ?", [row]).fetchone()
        if known is None:
            return
        tries, first_at = known
        if now - first_at > GIVE_UP_S:
            self._forget(row, event)
            return
        pause = PAUSES_S[min(tries, len(PAUSES_S) - 1)]
        db.execute(
            "UPDATE delivery SET tries = tries + 1, due = ?, due_real = ? WHERE id = ?",
            [now + pause, time.time() + pause, row],
        )

    def run_timers(self) -> None:
        """Let happen what the clock has come to."""
        with self.world.store.transaction():
            timers.run_due(self.world)


class Messenger(threading.Thread):
    """Tells an address what is due, for as long as the emulator runs."""

    def __init__(self, deliveries: Deliveries, url: str) -> None:
        super().__init__(name="stripe-emulator-messenger", daemon=True)
        self._deliveries = deliveries
        self._url = url
        self._news = threading.Event()
        self._ended = False
        deliveries.world.heard = self._news.set

    def run(self) -> None:
        """Tell, then wait for news or a moment."""
        while not self._ended:
            self._deliveries.run_timers()
            rows = self._deliveries.due()
            for row, event in rows:
                if self._ended:
                    return
                self._deliveries.tell(row, event, self._post)
            if not rows:
                self._news.wait(LOOK_AGAIN_S)
                self._news.clear()

    def stop(self) -> None:
        """End after the event being told."""
        self._ended = True
        self._news.set()
        self.join(timeout=PATIENCE_S)

    def _post(self, payload: bytes, header: str) -> bool:
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
        headers["User-Agent"] = "Stripe/1.0 (emulator)"
        request = urllib.request.Request(self._url, data=payload, headers=headers)  # noqa: S310  # a loopback address
        try:
            with _OPENER.open(request, timeout=PATIENCE_S) as reply:
                return bool(200 <= reply.status < 300)
        except OSError:
            return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Like Stripe, a redirect is a failure."""

    def redirect_request(self, *_args: object, **_facts: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
