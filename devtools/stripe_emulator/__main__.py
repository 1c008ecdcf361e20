"""Start the emulator: ``python -m devtools.stripe_emulator --port 4242 --store FILE``."""

import argparse
import os
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from devtools.stripe_emulator.api import LIVE_KEYS, Api
from devtools.stripe_emulator.server import Server
from devtools.stripe_emulator.store import Store
from devtools.stripe_emulator.webhooks import Deliveries, Messenger
from devtools.stripe_emulator.world import World


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devtools.stripe_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=4242)
    parser.add_argument("--store", type=Path, required=True, help="SQLite file, made if missing")
    parser.add_argument("--secret", default="whsec_emulator", help="signs the webhooks")
    parser.add_argument("--webhook-url", default="", help="who is told of events")
    parser.add_argument("--now", type=datetime.fromisoformat, help="set the clock (ISO, with zone)")
    parser.add_argument("--parent", type=int, help="end when this process has ended")
    parser.add_argument("--days-file", type=Path, help="holds the days the demo's clock is ahead")
    return parser.parse_args()


def _refuse_earnest() -> None:
    if os.environ.get("PRODUCTION", "").lower() in ("1", "true", "yes", "on"):
        sys.exit("PRODUCTION is set: the emulator is never part of it.")
    found = [name for name, value in os.environ.items() if value.startswith(LIVE_KEYS)]
    if found:
        sys.exit(f"A live key is set ({', '.join(found)}): the emulator does not start beside it.")


def _end_with(parent: int) -> None:
    """Never outlive who started it: its port and its books are wanted by the next one."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    asked = _asked()
    _refuse_earnest()
    asked.store.parent.mkdir(parents=True, exist_ok=True)
    server = Server(asked.port)
    store = Store(asked.store)
    listening = bool(asked.webhook_url)
    world = World(store, base=server.base, listening=listening, days_file=asked.days_file)
    if asked.now:
        world.clock.set(asked.now)
    server.api = Api(world, may_die=True)
    if asked.webhook_url:
        Messenger(Deliveries(world, secret=asked.secret), asked.webhook_url).start()
    if asked.parent:
        threading.Thread(target=_end_with, args=(asked.parent,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Stripe emulator on {server.base}; Ctrl-C ends it.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        store.close()


if __name__ == "__main__":
    main()
