"""The wake-up call: messages were written, send them now rather than at the next tick."""

from django_tasks import task

from core import clock
from core.jobs import MESSAGES


@task(priority=MESSAGES)
def deliver() -> None:
    """Send what is due; told twice, the second finds nothing to do."""
    from notices.services.delivering import deliver_due

    deliver_due(at=clock.now())
