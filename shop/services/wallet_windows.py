"""A later delivery leaves a wallet's refund window too short: it takes no more money.

What a wallet has paid already stays paid; a refund after its window goes by bank, which
``payments`` sees to, and ``selectors.wallet_windows`` lists.
"""

from datetime import datetime

from core.clock import day_of
from payments import services as payments
from payments.models import Payment
from payments.states import UNPAID
from shop.models import Campaign, Pledge
from shop.pledge_rules import CARD, WALLETS, wallets_paid_on


def close_late_wallets(campaign: Campaign, *, at: datetime) -> int:
    """Take wallets that cannot be refunded long enough off what is still to be paid; how many.

    A link is paid at the deadline or later, and is judged on that day.
    """
    deadline_on = day_of(campaign.deadline_at)
    paid_on = max(day_of(at), deadline_on)
    later = wallets_paid_on(
        paid_on, deadline_on=deadline_on, promised_to_on=campaign.promised_to_on
    )
    now = wallets_paid_on(
        day_of(at), deadline_on=deadline_on, promised_to_on=campaign.promised_to_on
    )
    limited = 0
    for payment in _asked_of_wallets(campaign):
        good = later if payment.way == "link" else now
        kept = [means for means in payment.means if means == CARD or means in good]
        if kept != payment.means:
            payments.limit_means(code=payment.code, means=kept or [CARD], at=at)
            limited += 1
    return limited


def _asked_of_wallets(campaign: Campaign) -> list[Payment]:
    mine = Pledge.objects.filter(campaign=campaign)
    rows = Payment.objects.filter(state__in=UNPAID)
    asked = [
        *rows.filter(code__in=mine.exclude(payment_code=None).values("payment_code")),
        *rows.filter(code__in=mine.exclude(deposit_code=None).values("deposit_code")),
    ]
    return [payment for payment in asked if any(means in WALLETS for means in payment.means)]
