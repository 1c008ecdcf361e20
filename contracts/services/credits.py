"""Credit of lost draws: read when a plan is opened, settled when its contracts are offered."""

from typing import Any

from django.db.models import QuerySet, Sum

from contracts.models import DrawCredit, Plan

BATCH = 2000


def open_credit(households: QuerySet[Any, Any]) -> dict[int, int]:
    """What each of these households still has to be made up, in fen."""
    rows = DrawCredit.objects.filter(household__in=households, counted_in__isnull=True)
    sums = rows.order_by().values("household").annotate(total=Sum("fen"))
    return dict(sums.values_list("household", "total"))


def settle_credit(plan: Plan) -> None:
    """Count what the plan made up, once, and keep what its own draws made households miss.

    Who had nothing to deliver in this plan keeps its credit for the next. What is missed again is
    part of what the plan leaves missing, so it is not kept twice.
    """
    able = plan.households.filter(harvest_fen__gt=0)
    waiting = DrawCredit.objects.filter(
        household__in=able.filter(credit_fen__gt=0).values("household"), counted_in__isnull=True
    )
    waiting.exclude(plan=plan).update(counted_in=plan)
    missed = able.filter(missed_fen__gt=0).order_by("number")
    DrawCredit.objects.bulk_create(
        [
            DrawCredit(plan=plan, household_id=household, fen=fen)
            for household, fen in missed.values_list("household", "missed_fen")
        ],
        batch_size=BATCH,
    )
