"""kill -9 at every step: the process dies for real, another goes on, and the money is right.

Each step is a process of its own, around a database that outlives it as a disk would.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from devtools.stripe_emulator.testing import Running, running
from tests.payments.conftest import NOON, later

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


class Platform:
    """The platform as processes that come and go around one database."""

    def __init__(self, keeper: "subprocess.Popen[str]", answer: Path) -> None:
        self.keeper = keeper
        self.answer = answer
        self.database: dict[str, str] = {}
        self.provider: Running | None = None

    def do(self, step: str, *, cut_at: str = "", after: timedelta = timedelta()) -> dict[str, Any]:
        """Run one step in a process of its own; with ``cut_at`` it must die there."""
        self.answer.write_text("{}")
        order = {
            "step": step,
            "cut_at": cut_at,
            "now": (NOON + after).isoformat(),
            "answer": str(self.answer),
            "database": self.database,
            "settings": _settings(self.provider) if self.provider else {},
        }
        assert self.keeper.stdin
        assert self.keeper.stdout
        self.keeper.stdin.write(json.dumps(order) + "\n")
        self.keeper.stdin.flush()
        code = int(self.keeper.stdout.readline())
        said: dict[str, Any] = json.loads(self.answer.read_text())
        assert code == (-signal.SIGKILL if cut_at else 0), said.get("error")
        return said


def _settings(provider: Running) -> dict[str, object]:
    return {
        "PAYMENT_PROVIDER": "stripe",
        "STRIPE_SECRET_KEY": provider.secret_key,
        "STRIPE_WEBHOOK_SECRET": provider.webhook_secret,
        "STRIPE_API_BASE": provider.base,
        "PAYMENT_CALLS_PER_SECOND": 0,
    }


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Who starts the processes, and on SQLite an empty database for each test to copy."""
    place = tmp_path_factory.mktemp("payments")
    keeper = subprocess.Popen(  # our own module
        [sys.executable, "-m", "tests.payments.child"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.test_settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    started = Platform(keeper, place / "answer.json")
    if connection.vendor == "sqlite":
        started.database = {"NAME": str(place / "empty.sqlite3")}
        started.do("make")
    yield started
    assert keeper.stdin
    keeper.stdin.close()
    keeper.wait(timeout=20)


@pytest.fixture
def provider() -> Iterator[Running]:
    with running(now=NOON) as emulator:
        yield emulator


@pytest.fixture
def platform(processes: Platform, provider: Running, tmp_path: Path) -> Platform:
    """On SQLite a file of its own; on PostgreSQL the test's database."""
    processes.provider = provider
    if connection.vendor == "postgresql":
        processes.database = {"NAME": connection.settings_dict["NAME"]}
    else:
        file = tmp_path / "platform.sqlite3"
        shutil.copy(processes.answer.parent / "empty.sqlite3", file)
        processes.database = {"NAME": str(file)}
    return processes


def a_due_card(platform: Platform) -> None:
    url = platform.do("save_card")["url"]
    platform.provider.buyer.pay(url)
    platform.do("save_card")


# Before and after each numbered step of the protocol. Where the provider was not asked yet, or
# answered, another process asks the same again under the same key.
STEPS = [
    "charge.written",
    "charge.before_call",
    "charge.after_call",
    "settle.before_commit",
    "charge.settled",
]


@pytest.mark.parametrize("cut_at", STEPS)
def test_a_card_is_charged_once_wherever_the_process_dies(platform: Platform, cut_at: str) -> None:
    a_due_card(platform)

    platform.do("charge", cut_at=cut_at)
    later(platform.provider, minutes=3)
    found = platform.do("sweep", after=timedelta(minutes=3))

    assert found["payments"] == ["paid"]
    assert found["tries"] == ["succeeded"]
    assert len(platform.provider.world.charges()) == 1
    assert found["held"] == platform.provider.world.balance()["net"]
    assert found["faults"] == []


@pytest.mark.parametrize("cut_at", ["charge.written", "charge.after_call"])
def test_a_process_that_dies_and_is_missed_for_a_day(platform: Platform, cut_at: str) -> None:
    """The key is forgotten by then: found by our mark, or tried under the next."""
    a_due_card(platform)
    platform.do("charge", cut_at=cut_at)
    later(platform.provider, hours=25)

    found = platform.do("sweep", after=timedelta(hours=25))

    lost = cut_at == "charge.written"
    assert found["tries"] == (["failed", "succeeded"] if lost else ["succeeded"])
    assert found["payments"] == ["paid"]
    assert len(platform.provider.world.charges()) == 1
    assert found["held"] == platform.provider.world.balance()["net"]
    assert found["faults"] == []


@pytest.mark.parametrize("cut_at", ["refund.claimed", "refund.after_call", "refund.before_commit"])
def test_a_refund_is_sent_once_wherever_the_process_dies(platform: Platform, cut_at: str) -> None:
    a_due_card(platform)
    platform.do("charge")
    platform.do("refund")

    platform.do("give_back", cut_at=cut_at)
    later(platform.provider, minutes=3)
    found = platform.do("sweep", after=timedelta(minutes=3))

    assert found["refunds"] == ["succeeded"]
    assert [row["amount"] for row in platform.provider.world.refunds()] == [500]
    assert found["held"] == platform.provider.world.balance()["net"]
    assert found["faults"] == []


@pytest.mark.parametrize("cut_at", ["page.written", "page.after_call"])
def test_a_page_is_opened_once_wherever_the_process_dies(platform: Platform, cut_at: str) -> None:
    platform.do("ask")

    platform.do("page", cut_at=cut_at)
    url = platform.do("page")["url"]
    platform.provider.buyer.pay(url)
    later(platform.provider, minutes=3)
    found = platform.do("sweep", after=timedelta(minutes=3))

    assert len(platform.provider.world.all("checkout.session")) == 1
    assert (found["payments"], found["tries"]) == (["paid"], ["succeeded"])
    assert found["faults"] == []
