"""The emulated payment provider beside the demo's server, its books in the demo's folder."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ATTEMPTS = 100
WEBHOOK_PATH = "/payments/webhook/"


def settings_for(base: str, secret: str) -> dict[str, str]:
    """The environment of a platform that is paid through the emulator."""
    return {
        "PAYMENT_PROVIDER": "stripe",
        "STRIPE_SECRET_KEY": "sk_test_emulator",
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_API_BASE": base,
    }


@contextmanager
def provider_beside(folder: Path, *, platform: str) -> Iterator[dict[str, str]]:
    """Run the emulator for a platform's address; gives the environment that leads to it.

    Its books outlive it, and it follows the demo's clock.
    """
    port, secret = _port(folder), _secret(folder)
    facts = {
        "--port": port,
        "--store": folder / "stripe.sqlite3",
        "--secret": secret,
        "--webhook-url": platform + WEBHOOK_PATH,
        "--days-file": folder / "demo-days",
        "--parent": os.getpid(),
    }
    command = [sys.executable, "-m", "devtools.stripe_emulator"]
    command += [str(word) for fact in facts.items() for word in fact]
    with (folder / "stripe.log").open("w") as log:
        emulator = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603  # our own
        try:
            _wait(port, emulator, folder)
            yield settings_for(f"http://127.0.0.1:{port}", secret)
        finally:
            emulator.terminate()
            emulator.wait(timeout=30)


def _port(folder: Path) -> int:
    """The port of last time if it is free: addresses of open pages stay right."""
    kept = folder / "stripe-port"
    wanted = int(kept.read_text()) if kept.exists() else 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept.write_text(str(port))
    return port


def _secret(folder: Path) -> str:
    kept = folder / "stripe-secret"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(f"whsec_{secrets.token_hex(16)}")
    return kept.read_text()


def _wait(port: int, emulator: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _attempt in range(ATTEMPTS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if emulator.poll() is not None:
            break
        time.sleep(0.1)  # until the emulator's socket is open
    raise RuntimeError(f"The emulator did not open its port; see {folder / 'stripe.log'}.")


def is_paid_through_us() -> bool:
    """Whether the demo is paid through the emulator: yes, unless told ``PAYMENT_PROVIDER=``."""
    return os.environ.get("PAYMENT_PROVIDER", "stripe") == "stripe"
