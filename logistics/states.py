"""Which step may follow which; nothing else moves a payout batch."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    MADE = "made", _("等审批")
    APPROVED = "approved", _("已批准，等银行付")
    PAID = "paid", _("已付")
    CANCELLED = "cancelled", _("已作废")


# An approved batch may be at the bank already: it is paid, or the bank refused it whole.
NEXT_BATCH: dict[str, frozenset[str]] = {
    BatchState.MADE: frozenset({BatchState.APPROVED, BatchState.CANCELLED}),
    BatchState.APPROVED: frozenset({BatchState.PAID, BatchState.CANCELLED}),
    BatchState.PAID: frozenset(),
    BatchState.CANCELLED: frozenset(),
}

LIVE_BATCH = (BatchState.MADE, BatchState.APPROVED, BatchState.PAID)
