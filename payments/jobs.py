"""What payments does by itself: each job reads what is due; without a provider nothing is."""

from collections.abc import Callable
from datetime import datetime

from core import ticks
from payments import enabled

A_DAY = 24 * 60
Run = Callable[..., object]


def _if_enabled(run: Callable[[], list[Run]]) -> Callable[[datetime], None]:
    def job(at: datetime) -> None:
        if enabled():
            for service in run():
                service(at=at)

    return job


def _lapses() -> list[Run]:
    from payments.services.lapsing import give_up_overdue

    return [give_up_overdue]


def _retries() -> list[Run]:
    from payments.services.lapsing import wake_due

    return [wake_due]


def _sweep() -> list[Run]:
    from payments.services.sweeping import sweep
    from payments.services.tidying import tidy_due

    return [sweep, tidy_due]


def _events() -> list[Run]:
    from payments.services.inbox import process_due

    return [process_due]


def _reconcile() -> list[Run]:
    from payments.services.reconciling import reconcile

    return [reconcile]


def register() -> None:
    """What was begun is ended before anything is given up, and all before the books are checked."""
    ticks.register("payments.events", every_minutes=1, run=_if_enabled(_events), order=50)
    ticks.register("payments.sweep", every_minutes=1, run=_if_enabled(_sweep), order=51)
    ticks.register("payments.retries", every_minutes=1, run=_if_enabled(_retries), order=52)
    ticks.register("payments.lapses", every_minutes=1, run=_if_enabled(_lapses), order=53)
    ticks.register("payments.reconcile", every_minutes=A_DAY, run=_if_enabled(_reconcile), order=80)
