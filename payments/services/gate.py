"""The gate before the provider: how fast calls go out, and whether they do at all.

Real seconds count here, not the platform's clock: the provider counts them too.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from payments.errors import GateClosed, Repeated, Unreachable
from payments.models import Gate

log = logging.getLogger(__name__)

ERRORS_THAT_CLOSE = 20
REASON_LENGTH = 200
MICRO = 1_000_000


def gate_is_closed() -> bool:
    """Whether calls that move money are paused."""
    return Gate.objects.filter(closed_at__isnull=False).exists()


@contextmanager
def through_gate(*, at: datetime) -> Iterator[None]:
    """Wait for one's turn, and count what the line does: an answer of any kind is a good sign.

    Raises
    ------
    GateClosed
        Calls are paused.
    """
    gate = Gate.objects.filter(number=1).first() or Gate()
    if gate.closed_at is not None:
        raise GateClosed
    _wait_for_turn()
    try:
        yield
    except Repeated:
        _forget_errors(gate)
        raise
    except Unreachable as error:
        _count_error(error, at=at)
        raise
    except Exception:
        _forget_errors(gate)
        raise
    _forget_errors(gate)


def _forget_errors(seen: Gate) -> None:
    """An answer after errors; what others count meanwhile stays until the next answer."""
    if seen.errors_in_row:
        Gate.objects.filter(errors_in_row__gt=0).update(errors_in_row=0)


def _wait_for_turn() -> None:
    if not settings.PAYMENT_CALLS_PER_SECOND:
        return
    step = MICRO // settings.PAYMENT_CALLS_PER_SECOND
    with transaction.atomic():
        Gate.objects.get_or_create(number=1)
        gate = Gate.objects.select_for_update().get(number=1)
        now = time.time_ns() // 1000
        turn = max(now, min(gate.next_call_us, now + MICRO * 60))
        Gate.objects.update(next_call_us=turn + step)
    time.sleep(max(0, turn - now) / MICRO)


@transaction.atomic
def _count_error(error: Unreachable, *, at: datetime) -> None:
    Gate.objects.get_or_create(number=1)
    Gate.objects.update(errors_in_row=F("errors_in_row") + 1)
    reason = (error.detail or str(error))[:REASON_LENGTH]
    full = Gate.objects.filter(errors_in_row__gte=ERRORS_THAT_CLOSE, closed_at__isnull=True)
    if full.update(closed_at=at, reason=reason):
        log.error("payments paused after %d errors in a row: %s", ERRORS_THAT_CLOSE, reason)


def close_gate(*, reason: str, at: datetime) -> None:
    """Pause calls that move money."""
    Gate.objects.update_or_create(
        number=1, defaults={"closed_at": at, "reason": reason[:REASON_LENGTH]}
    )


def open_gate() -> None:
    """Go on; what is due is taken up by the tick."""
    Gate.objects.update(closed_at=None, errors_in_row=0, reason="")
