"""Refunds whose money the payer's bank took already: sending them too would return it twice."""

from typing import Any

from django.db.models import (
    BooleanField,
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

ARRIVED = (RefundState.SUCCEEDED, RefundState.OFFLINE_PAID)


def with_taken_back(rows: "QuerySet[Refund]") -> "QuerySet[Any]":
    """Refunds with ``is_taken_back``: more than a bank that took its part left of what was paid.

    A dispute that was won gave the money back to us, and an inquiry takes none.
    """
    disputes = Dispute.objects.exclude(Q(state="won") | Q(state__startswith="warning"))
    ended = Refund.objects.filter(part__isnull=False, state__in=ARRIVED)
    rest = F("payment__paid") - F("taken") - F("arrived")
    return rows.annotate(taken=_sum(disputes), arrived=_sum(ended)).annotate(
        is_taken_back=ExpressionWrapper(
            Q(taken__gt=0) & Q(amount__gt=rest), output_field=BooleanField()
        )
    )


def _sum(rows: "QuerySet[Dispute] | QuerySet[Refund]") -> Coalesce:
    """Fen of all rows of the same payment."""
    mine = rows.filter(payment=OuterRef("payment")).order_by().values("payment")
    return Coalesce(Subquery(mine.annotate(fen=Sum("amount")).values("fen")), 0)
