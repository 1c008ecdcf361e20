from datetime import UTC, datetime, timedelta

import pytest

from core import ticks
from core.models import TickSlot
from core.services import run_tick

NOON = datetime(2026, 8, 28, 4, tzinfo=UTC)


@pytest.fixture
def only_job(monkeypatch):
    calls: list[datetime] = []
    job = ticks.TickJob(name="daily", every_minutes=1440, run=calls.append, order=1)
    monkeypatch.setattr(ticks, "_jobs", {"daily": job})
    return calls


@pytest.mark.django_db
def test_a_slot_runs_once(only_job):
    run_tick(at=NOON)
    run_tick(at=NOON + timedelta(hours=2))

    assert only_job == [NOON]


@pytest.mark.django_db
def test_a_daily_slot_begins_at_midnight_in_longnan(only_job):
    run_tick(at=datetime(2026, 8, 28, 15, 59, tzinfo=UTC))
    run_tick(at=datetime(2026, 8, 28, 16, 0, tzinfo=UTC))

    assert len(only_job) == 2


@pytest.mark.django_db
def test_a_failing_job_is_noted_and_does_not_stop_the_others(monkeypatch):
    done: list[datetime] = []

    def fail(at: datetime) -> None:
        raise RuntimeError("no")

    jobs = {
        "a": ticks.TickJob("a", 1440, fail, 1),
        "b": ticks.TickJob("b", 1440, done.append, 2),
    }
    monkeypatch.setattr(ticks, "_jobs", jobs)

    run_tick(at=NOON)

    assert done == [NOON]
    assert "no" in TickSlot.objects.get(name="a").error
