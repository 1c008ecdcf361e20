"""The emulator inside a test: ``with running() as stripe: …``."""

import json
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from devtools.stripe_emulator import control
from devtools.stripe_emulator.api import Api
from devtools.stripe_emulator.clock import Clock
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.faults import Faults
from devtools.stripe_emulator.server import Server
from devtools.stripe_emulator.store import IN_MEMORY, Store
from devtools.stripe_emulator.webhooks import Deliveries, Messenger
from devtools.stripe_emulator.world import World, shown

SECRET_KEY = "sk_test_emulator"  # noqa: S105  # opens nothing but the emulator
WEBHOOK_SECRET = "whsec_emulator"  # noqa: S105
LOOK_S = 0.02  # how soon the server sees that it is to end


class Looking:
    """What the provider knows, to be compared with what the platform believes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def all(self, kind: str) -> list[Body]:
        """Every object of a kind (``charge``, ``refund``, ``event``…), oldest first."""
        with self._world.store.lock:
            found: list[Body] = shown(self._world.store.find(kind, newest_first=False))
        return found

    def get(self, id: str) -> Body | None:
        """One object."""
        with self._world.store.lock:
            found: Body | None = shown(self._world.store.get(id))
        return found

    def charges(self, *, succeeded: bool = True) -> list[Body]:
        """The charges that took money, or all."""
        return [row for row in self.all("charge") if row["captured"] or not succeeded]

    def refunds(self) -> list[Body]:
        """Every refund."""
        return self.all("refund")

    def intents(self) -> list[Body]:
        """Every payment intent."""
        return self.all("payment_intent")

    def events(self, type: str = "") -> list[Body]:
        """Every event, or those of a type."""
        return [row for row in self.all("event") if row["type"].startswith(type)]

    def balance(self) -> dict[str, int]:
        """Taken, given back, fees and what is left, in fen."""
        with self._world.store.lock:
            return control.totals(self._world)


class Buyer:
    """Somebody at the provider's pages, without a browser."""

    def __init__(self, base: str) -> None:
        self._base = base

    def pay(
        self, url: str, *, card: str = "4242424242424242", way: str = "card", **more: str
    ) -> str:
        """Send the page with a card or a wallet; the address one is sent to next."""
        form = {"way": way, "number": card, "expiry": "12/34", "cvc": "123", **more}
        return self.send(url, form)

    def approve(self, url: str) -> str:
        """Approve at the bank or in the wallet; the address one is sent to next."""
        return self.send(url, {"answer": "yes"})

    def refuse(self, url: str) -> str:
        """Turn away at the bank or in the wallet."""
        return self.send(url, {"answer": "no"})

    def send(self, url: str, form: dict[str, str]) -> str:
        """Post a form; the address of the redirect, or of the page when it is shown again."""
        data = urllib.parse.urlencode(form).encode()
        try:
            _STAYING.open(url, data=data)
        except HTTPError as reply:
            if reply.code in (302, 303):
                return str(reply.headers["Location"])
        return url


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_facts: object) -> None:
        return None


_STAYING = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


class Running:
    """A running emulator."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self.base = world.base
        self.secret_key = SECRET_KEY
        self.webhook_secret = deliveries.secret
        self.clock: Clock = world.clock
        self.faults: Faults = world.faults
        self.world = Looking(world)
        self.buyer = Buyer(world.base)
        self._world = world

    def card(self, card: str, answer: str | None) -> None:
        """From now on a card (last four digits or a method's id) answers so; None: as always."""
        self.knob("cards", card=card, answer=answer)

    def knob(self, name: str, **facts: Any) -> Any:
        """Turn a knob of ``control``."""
        status, text = control.answer(self._world, "POST", name, json.dumps(facts))
        if status != 200:
            raise ValueError(text)
        return json.loads(text)

    def settle(self) -> None:
        """Let happen what the clock has come to (refunds arriving, pages and holds expiring)."""
        self._deliveries.run_timers()

    def deliver_events(self, to: Callable[[bytes, str], Any], *, everything: bool = False) -> int:
        """Tell what is due: ``to(payload, signature)``; raising, or a status from 400, is failing.

        ``everything`` tells also what was put off. Returns how many were told.
        """
        self.settle()
        told, seen = 0, set()
        while rows := [
            row for row in self._deliveries.due(everything=everything) if row[0] not in seen
        ]:
            for row, event in rows:
                seen.add(row)
                told += self._deliveries.tell(row, event, lambda *said: _heard(to, *said))
        return told


def _heard(to: Callable[[bytes, str], Any], payload: bytes, header: str) -> bool:
    try:
        reply = to(payload, header)
    except Exception:  # whatever went wrong there, here it was not heard
        return False
    status = getattr(reply, "status_code", reply)
    return not isinstance(status, int) or isinstance(status, bool) or status < 400


@contextmanager
def running(
    *,
    store: Path | str = IN_MEMORY,
    webhook_url: str | None = None,
    webhook_secret: str = WEBHOOK_SECRET,
    now: datetime | None = None,
    port: int = 0,
) -> Iterator[Running]:
    """Run the emulator in threads; with ``now`` its clock stands at that moment.

    Without ``webhook_url`` events wait for ``deliver_events``.
    """
    server, kept = Server(port), Store(store)
    world = World(kept, base=server.base, listening=True)
    if now is not None:
        world.clock.freeze(now)
    server.api = Api(world)
    deliveries = Deliveries(world, secret=webhook_secret)
    with _served(server, kept), _told(deliveries, webhook_url):
        yield Running(world, deliveries)


@contextmanager
def _served(server: Server, kept: Store) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_S,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()
        kept.close()


@contextmanager
def _told(deliveries: Deliveries, url: str | None) -> Iterator[None]:
    if url is None:
        yield
        return
    messenger = Messenger(deliveries, url)
    messenger.start()
    try:
        yield
    finally:
        messenger.stop()
