"""The emulator as a process: nothing is lost when it is killed, and nobody else is let in."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from devtools.provider import ROOT, provider_beside
from tests.stripe_emulator.shop import charge, off_session, refused, saved_card

KEY = {"idempotency_key": "pledge:1:1"}
SECRET_KEY = "sk_test_emulator"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(store: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "devtools.stripe_emulator", "--port", str(port)]
    started = subprocess.Popen([*command, "--store", str(store)], cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603  # our own command
    try:
        assert started.stdout is not None
        started.stdout.readline()  # it says when its socket is open
        yield started
    finally:
        started.kill()
        started.wait()
        started.stdout.close()


def client_at(port: int) -> stripe.StripeClient:
    address = {"api": f"http://127.0.0.1:{port}"}
    return stripe.StripeClient(SECRET_KEY, base_addresses=address, max_network_retries=0)


def knob(port: int, name: str, facts: object = None) -> dict[str, object]:
    data = None if facts is None else json.dumps(facts).encode()
    url = f"http://127.0.0.1:{port}/_emulator/{name}"
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:  # noqa: S310  # a loopback address
        found: dict[str, object] = json.load(reply)
    return found


def test_a_killed_emulator_loses_nothing(tmp_path: Path) -> None:
    store, port = tmp_path / "stripe.sqlite3", free_port()
    with process(store, port) as first:
        client = client_at(port)
        owner = saved_card(client)
        made = client.v1.payment_intents.create(off_session(owner), KEY)
        knob(port, "clock", {"at": "2027-01-01T00:00:00+00:00"})
        knob(port, "faults", {"kind": "crash", "on": "/v1/payment_intents", "times": 1})
        lost = refused(charge, client, owner, metadata={"attempt": "2"})
        first.wait(timeout=30)

    with process(store, port):
        client = client_at(port)
        again = client.v1.payment_intents.create(off_session(owner), {"idempotency_key": "new"})
        rows = client.v1.payment_intents.list({"customer": owner["customer"]}).data
        moment = str(knob(port, "clock")["at"])
        balance = knob(port, "balance")

    assert isinstance(lost, stripe.APIConnectionError)
    assert first.returncode == 137
    assert [row.status for row in rows] == ["succeeded"] * 3
    assert rows[1].metadata["attempt"] == "2"
    assert {made.id, again.id} < {row.id for row in rows}
    assert moment.startswith("2027-01-01")
    assert balance["totals"]["charged"] == 15_000  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "value"), [("STRIPE_SECRET_KEY", "sk_live_" + "1" * 24), ("PRODUCTION", "true")]
)
def test_it_does_not_start_where_things_are_in_earnest(tmp_path: Path, name, value) -> None:
    command = [sys.executable, "-m", "devtools.stripe_emulator", "--store", str(tmp_path / "s")]
    environment = {**os.environ, name: value}

    ended = subprocess.run(  # noqa: S603  # our own command
        command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60
    )

    assert ended.returncode == 1
    assert name.encode() in ended.stderr
    assert b"sk_live_1" not in ended.stderr
    assert not (tmp_path / "s").exists()


def test_only_this_machine_reaches_it(emulator) -> None:
    port = int(emulator.base.rpartition(":")[2])
    others = {row[4][0] for row in socket.getaddrinfo(socket.gethostname(), port)} - {"127.0.0.1"}

    for address in others:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            assert probe.connect_ex((address, port)) != 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) == 0


def test_beside_the_demo_it_follows_the_demos_clock(tmp_path: Path) -> None:
    with provider_beside(tmp_path, platform="http://127.0.0.1:9") as settings:
        port = int(settings["STRIPE_API_BASE"].rpartition(":")[2])
        client = client_at(port)
        (tmp_path / "demo-days").write_text("30")
        later = client.v1.customers.create({}).created
        (tmp_path / "demo-days").write_text("-86")
        earlier = client.v1.customers.create({}).created

    with provider_beside(tmp_path, platform="http://127.0.0.1:9") as again:
        kept = len(client.v1.customers.list().data)

    assert 115 * 86400 < later - earlier < 117 * 86400
    assert again == settings
    assert settings["PAYMENT_PROVIDER"] == "stripe"
    assert kept == 2


def test_it_ends_with_who_started_it(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from devtools.provider import *\n"
        f"with provider_beside(Path({str(tmp_path)!r}), platform='http://127.0.0.1:9') as s:\n"
        "    print(s['STRIPE_API_BASE'], flush=True); os.kill(os.getpid(), 9)"
    )

    ended = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )

    port = int(ended.stdout.decode().strip().rpartition(":")[2])
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.1)  # it looks once a second
    pytest.fail("the emulator outlived its parent")


@pytest.mark.parametrize(
    ("name", "facts"),
    [("clock", {"at": "tomorrow"}), ("faults", {"kind": "earthquake"}), ("weather", {})],
)
def test_a_wrong_knob_is_refused(emulator, name: str, facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="error"):
        emulator.knob(name, **facts)
