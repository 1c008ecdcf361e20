"""Wake-up calls: each takes a code, reads the row and does what is due; twice is once."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django_tasks import task

from core import clock
from core.jobs import MONEY


@task(priority=MONEY)
def charge(code: str) -> None:
    """Charge a saved card."""
    from payments.services.charging import charge

    charge(code=code, at=clock.now())


@task(priority=MONEY)
def give_back(code: str) -> None:
    """Send a refund."""
    from payments.services.refunding import send

    send(code=code, at=clock.now())


@task(priority=MONEY)
def tidy(code: str) -> None:
    """Close pages and forget a card."""
    from payments.services.tidying import tidy

    tidy(code=code, at=clock.now())


@task(priority=MONEY)
def read_event(code: str) -> None:
    """Look at what the provider told us."""
    from payments.services.inbox import process

    process(id=code, at=clock.now())


_TASKS = {"charge": charge, "give_back": give_back, "tidy": tidy, "read_event": read_event}


def wake(name: str, codes: Iterable[str]) -> None:
    """Order one job for each code, once what was written is committed.

    If the process dies between the two, the tick finds the rows.
    """
    for code in codes:
        transaction.on_commit(partial(_TASKS[name].enqueue, code))
