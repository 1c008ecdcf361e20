"""Processes that a test starts and kills; ``python -m tests.payments.child`` reads orders by line.

Each order runs in a fork of its own, which kills itself at ``cut_at`` as a power cut would. Django
is loaded once, before the forks, and touches no database there.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any


def main() -> None:
    """Run orders until there are no more."""
    import django
    from django.conf import settings

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    django.setup()
    _load_once()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_obey(order))
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _load_once() -> None:
    """What every order needs and is slow to load."""
    for name in ("tests.payments.conftest", "payments.gateway.stripe_client", "ledger.checks"):
        importlib.import_module(name)


def _obey(order: dict[str, Any]) -> int:
    try:
        _begin(order)
        said = STEPS[order["step"]](datetime.fromisoformat(order["now"]))
        Path(order["answer"]).write_text(json.dumps(said or {}))
        _end()
    except BaseException:
        Path(order["answer"]).write_text(json.dumps({"error": traceback.format_exc()}))
        return 1
    return 0


def _end() -> None:
    """Close the file, so that what stands in its log beside it comes into it."""
    from django.db import connections

    connections.close_all()


def _begin(order: dict[str, Any]) -> None:
    """A process of the platform's: its database, its provider, and where it dies."""
    from django.conf import settings
    from django.db import connections

    from payments import hooks, ports
    from tests.payments.conftest import Remembering

    connections.settings["default"].update(order["database"])
    for name, value in order["settings"].items():
        setattr(settings, name, value)
    ports._owners.update({"pledge": Remembering()})

    def reached(name: str) -> None:
        if name == order["cut_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    hooks.reached = reached


def make(_at: datetime) -> None:
    """The tables, in an empty file."""
    from django.core.management import call_command
    from django.test.utils import override_settings

    class NoMigrations:
        def __contains__(self, _app: str) -> bool:
            return True

        def __getitem__(self, _app: str) -> None:
            return None

    with override_settings(MIGRATION_MODULES=NoMigrations()):
        call_command("migrate", run_syncdb=True, verbosity=0)


def charge(at: datetime) -> None:
    from payments import services
    from payments.models import Payment

    services.charge(code=Payment.objects.get().code, at=at)


def give_back(at: datetime) -> None:
    from payments import services
    from payments.models import Refund

    services.send(code=Refund.objects.get().code, at=at)


def page(at: datetime) -> dict[str, Any]:
    from payments import services
    from payments.models import Payment

    url = services.hosted_page(code=Payment.objects.get().code, return_url="https://x.test", at=at)
    return {"url": url}


def ask(at: datetime) -> None:
    from payments.models import Way
    from tests.payments.conftest import asked

    asked(way=Way.NOW, at=at)


def refund(at: datetime) -> None:
    from payments import services
    from payments.models import Payment

    facts = {"subject": "pledge:1-0", "amount": 500, "reason": "x", "by": None}
    services.refund(code=Payment.objects.get().code, key="r1", at=at, **facts)


def save_card(at: datetime) -> dict[str, Any]:
    from payments import services
    from payments.models import Payment
    from tests.payments.conftest import asked

    payment = Payment.objects.first() or asked(at=at)
    if payment.state == "waiting" and not payment.pages.exists():
        return page(at)
    services.refresh(code=payment.code, at=at)
    services.make_due(codes=[payment.code], at=at)
    return {}


def sweep(at: datetime) -> dict[str, Any]:
    """What the tick and its worker do, twice."""
    from payments import services
    from payments.services.lapsing import due_cards
    from payments.services.sweeping import sweep

    for _pass in range(2):
        sweep(at=at)
        for payment in due_cards(at=at):
            services.charge(code=payment.code, at=at)
    return look(at)


def look(_at: datetime) -> dict[str, Any]:
    """Say what is in the tables."""
    from payments.models import Attempt, Payment, Refund
    from tests.payments.conftest import faults, held

    return {
        "payments": list(Payment.objects.values_list("state", flat=True)),
        "tries": list(Attempt.objects.order_by("n").values_list("state", flat=True)),
        "refunds": list(Refund.objects.values_list("state", flat=True)),
        "held": held(),
        "faults": faults(),
    }


STEPS = {
    "make": make,
    "ask": ask,
    "save_card": save_card,
    "charge": charge,
    "page": page,
    "refund": refund,
    "give_back": give_back,
    "sweep": sweep,
    "look": look,
}

if __name__ == "__main__":
    main()
