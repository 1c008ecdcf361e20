"""Which state may follow which; money comes late sometimes, so ended ones may still be paid."""

from payments.models import AttemptState, PaymentState, RefundState

S = PaymentState

# Nothing was paid, and the buyer may still pay.
UNPAID = frozenset(
    {S.WAITING, S.READY, S.DUE, S.CHARGING, S.ACTION_REQUIRED, S.FAILED_SOFT, S.FAILED_HARD}
)
OVERDUE = frozenset({S.DUE, S.CHARGING, S.ACTION_REQUIRED, S.FAILED_SOFT, S.FAILED_HARD})
ENDED = frozenset({S.DROPPED, S.LAPSED, S.VOID})
TROUBLED = frozenset({S.ACTION_REQUIRED, S.FAILED_SOFT, S.FAILED_HARD})
CHARGEABLE = frozenset({S.DUE, S.FAILED_SOFT, S.FAILED_HARD})
_AFTER_TRY = frozenset({S.DUE, S.PAID, S.DROPPED, S.LAPSED, S.VOID}) | TROUBLED

NEXT_PAYMENT: dict[str, frozenset[str]] = {
    S.WAITING: frozenset({S.READY, S.DUE, S.PAID, S.LAPSED, S.VOID}),
    S.READY: frozenset({S.DUE, S.PAID, S.VOID}),
    S.DUE: frozenset({S.CHARGING, S.PAID, S.DROPPED, S.LAPSED, S.VOID}) | TROUBLED,
    S.CHARGING: _AFTER_TRY,
    S.ACTION_REQUIRED: frozenset({S.CHARGING, S.PAID, S.DROPPED, S.VOID}),
    S.FAILED_SOFT: frozenset({S.CHARGING, S.PAID, S.DROPPED, S.VOID}),
    S.FAILED_HARD: frozenset({S.CHARGING, S.PAID, S.DROPPED, S.VOID}),
    S.DROPPED: frozenset({S.PAID}),
    S.LAPSED: frozenset({S.PAID}),
    S.VOID: frozenset({S.PAID}),
    S.PAID: frozenset(),
}

# The provider's word may come twice, late and out of order: only a higher rank is taken.
ATTEMPT_RANK: dict[str, int] = {
    AttemptState.PLANNED: 0,
    AttemptState.UNKNOWN: 1,
    AttemptState.SENT: 1,
    AttemptState.FAILED: 2,
    AttemptState.SUCCEEDED: 3,
    AttemptState.SURPLUS: 3,
}
REFUND_RANK: dict[str, int] = {
    RefundState.ASKED: 0,
    RefundState.UNKNOWN: 0,
    RefundState.PENDING: 1,
    RefundState.SUCCEEDED: 2,
    RefundState.FAILED: 3,
    RefundState.OFFLINE: 3,
    RefundState.OFFLINE_PAID: 4,
    RefundState.TAKEN_BACK: 4,
}
