"""What runs by itself: apps register jobs, ``manage.py tick`` runs each due slot once.

A job is only a wake-up call: it reads the database for what is due and does it exactly once by
unique keys, so a job that is killed, repeated or late changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Job = Callable[[datetime], object]


@dataclass(frozen=True)
class TickJob:
    """A named job and how often it is due."""

    name: str
    every_minutes: int
    run: Job
    order: int


_jobs: dict[str, TickJob] = {}


def register(name: str, *, every_minutes: int, run: Job, order: int = 50) -> None:
    """Add a job; called in ``AppConfig.ready``. ``order`` sorts jobs due at one moment."""
    _jobs[name] = TickJob(name=name, every_minutes=every_minutes, run=run, order=order)


def jobs() -> list[TickJob]:
    """All jobs in the order they run."""
    return sorted(_jobs.values(), key=lambda job: (job.order, job.name))
