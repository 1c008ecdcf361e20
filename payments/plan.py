"""When a declined card is tried again, and when one gives up (pure functions).

Card networks count repeated tries, and forbid any after a card is known to be lost, stolen,
expired or wrong. So a card is tried four times at most, within the seven days a buyer has.
"""

from datetime import datetime, timedelta

from payments.models import DeclineKind

GIVE_UP_AFTER = timedelta(days=7)
LINK_LASTS = timedelta(hours=72)
LAST_TRY = GIVE_UP_AFTER - timedelta(hours=2)
SOFT_TRIES = (timedelta(hours=24), timedelta(hours=72))
# A refund must be asked for within the window of the means that paid; some days are kept back.
REFUND_WINDOW = {"alipay": timedelta(days=85), "wechat_pay": timedelta(days=170)}

SOFT = frozenset(
    {
        "approve_with_id",
        "card_velocity_exceeded",
        "insufficient_funds",
        "issuer_not_available",
        "processing_error",
        "reenter_transaction",
        "try_again_later",
        "withdrawal_count_limit_exceeded",
    }
)
NEVER = frozenset(
    {
        "card_not_supported",
        "currency_not_supported",
        "do_not_try_again",
        "expired_card",
        "fraudulent",
        "incorrect_address",
        "incorrect_cvc",
        "incorrect_number",
        "incorrect_pin",
        "incorrect_zip",
        "invalid_account",
        "invalid_cvc",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "stolen_card",
        "stop_payment_order",
    }
)
BUYER = frozenset({"authentication_required", "authentication_not_handled"})


def kind_of(code: str) -> DeclineKind:
    """What a decline code of the provider's means for another try.

    >>> kind_of("insufficient_funds").value, kind_of("lost_card").value
    ('soft', 'never')
    >>> kind_of("generic_decline").value
    'hard'
    """
    if code in BUYER:
        return DeclineKind.NEEDS_BUYER
    if code in NEVER:
        return DeclineKind.NEVER
    return DeclineKind.SOFT if code in SOFT else DeclineKind.HARD


def next_try(*, kind: DeclineKind, due_at: datetime, after: datetime) -> datetime | None:
    """The next moment of the plan after ``after``; None when the card is left alone."""
    if kind in (DeclineKind.NEVER, DeclineKind.NEEDS_BUYER):
        return None
    steps = (*SOFT_TRIES, LAST_TRY) if kind == DeclineKind.SOFT else (LAST_TRY,)
    return next((due_at + step for step in steps if due_at + step > after), None)


def refund_is_open(*, paid_with: str, paid_at: datetime, at: datetime) -> bool:
    """Whether the provider still returns money to the means that paid."""
    window = REFUND_WINDOW.get(paid_with)
    return window is None or at < paid_at + window
