"""Refunds whose money the payer's bank took already: sending them too would return it twice."""

from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from payments.models import Dispute, Refund, RefundState

LOST = "lost"
ARRIVED = (RefundState.SUCCEEDED, RefundState.OFFLINE_PAID)


def taking() -> "QuerySet[Dispute]":
    """Disputes that hold a payer's money now: open or lost, no mere inquiry."""
    return Dispute.objects.exclude(Q(state="won") | Q(state__startswith="warning"))


def with_taken_back(rows: "QuerySet[Refund]") -> "QuerySet[Any]":
    """Refunds with ``is_taken_back``: more than a bank that took its part left of what was paid;
    and ``is_undecided``: a bank may still give it back to us.
    """
    disputes = taking()
    undecided = disputes.filter(payment=OuterRef("payment")).exclude(state=LOST)
    ended = Refund.objects.filter(part__isnull=False, state__in=ARRIVED)
    rest = F("payment__paid") - F("taken") - F("arrived")
    return rows.annotate(taken=_sum(disputes), arrived=_sum(ended)).annotate(
        is_taken_back=ExpressionWrapper(
            Q(taken__gt=0) & Q(amount__gt=rest), output_field=BooleanField()
        ),
        is_undecided=Exists(undecided),
    )


def _sum(rows: "QuerySet[Dispute] | QuerySet[Refund]") -> Coalesce:
    """Fen of all rows of the same payment."""
    mine = rows.filter(payment=OuterRef("payment")).order_by().values("payment")
    return Coalesce(Subquery(mine.annotate(fen=Sum("amount")).values("fen")), 0)
