"""Payments, tries to take them, refunds, and what the provider told us."""

from payments.models.attempt import (
    OPEN,
    Attempt,
    AttemptKind,
    AttemptState,
    HostedPage,
    PageKind,
    PageState,
)
from payments.models.fund import FundDeposit
from payments.models.gate import Gate
from payments.models.inbox import Difference, EventState, Movement, ProviderEvent, Trouble
from payments.models.payment import (
    DeclineKind,
    Part,
    Payer,
    Payment,
    PaymentPart,
    PaymentState,
    Way,
)
from payments.models.refund import Dispute, Refund, RefundState

__all__ = [
    "OPEN",
    "Attempt",
    "AttemptKind",
    "AttemptState",
    "DeclineKind",
    "Difference",
    "Dispute",
    "EventState",
    "FundDeposit",
    "Gate",
    "HostedPage",
    "Movement",
    "PageKind",
    "PageState",
    "Part",
    "Payer",
    "Payment",
    "PaymentPart",
    "PaymentState",
    "ProviderEvent",
    "Refund",
    "RefundState",
    "Trouble",
    "Way",
]
