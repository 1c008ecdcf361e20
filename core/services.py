"""Running the tick."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from core import ticks
from core.models import TickSlot

log = logging.getLogger(__name__)


def run_tick(*, at: datetime) -> list[str]:
    """Run every job whose current slot has not run yet; return their names.

    A failing job is logged on its slot and does not keep the others from running. A slot whose
    run was killed (started, never finished, older than two intervals of its job) runs again with
    the next slot, because jobs read what is due from the database.
    """
    done = []
    for job in ticks.jobs():
        slot = _claim(job, at=at)
        if slot is not None:
            _run(job, slot, at=at)
            done.append(job.name)
    return done


def _slot_start(at: datetime, *, every_minutes: int) -> datetime:
    epoch = datetime(2020, 1, 1, tzinfo=UTC) - timedelta(hours=8)
    step = timedelta(minutes=every_minutes)
    return epoch + ((at - epoch) // step) * step


def _claim(job: ticks.TickJob, *, at: datetime) -> TickSlot | None:
    slot_at = _slot_start(at, every_minutes=job.every_minutes)
    try:
        with transaction.atomic():
            return TickSlot.objects.create(name=job.name, slot_at=slot_at, started_at=at)
    except IntegrityError:
        return None


def _run(job: ticks.TickJob, slot: TickSlot, *, at: datetime) -> None:
    try:
        job.run(at)
    except Exception as error:
        log.exception("tick job %s failed", job.name)
        slot.error = repr(error)[:2000]
    slot.finished_at = at
    slot.save(update_fields=["finished_at", "error"])
