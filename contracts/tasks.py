"""Jobs: the computing of a plan takes longer than a page may."""

from datetime import date, datetime

from django.db import transaction
from django_tasks import task

from contracts.models import Plan
from contracts.services import request_solving, solve_run
from core.jobs import COMPUTING
from growers.models import User


@task(priority=COMPUTING)
def solve(code: str) -> str:
    """Solve a plan in the background; the plan's state says how far it is."""
    try:
        return solve_run(code=code).output_hash
    except ValueError:
        return ""  # the plan itself keeps the reason


def start_solving(*, code: str, by: User | None, at: datetime, on: date) -> Plan:
    """Mark a plan as being computed and wake a worker once that is committed."""
    with transaction.atomic():
        plan = request_solving(code=code, by=by, at=at, on=on)
        transaction.on_commit(lambda: solve.enqueue(code))
    return plan
