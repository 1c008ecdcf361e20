"""Wallet payments whose refund window ends before the last day on which a refund may be due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.clock import day_of
from core.units import from_fen
from payments.models import Payment, PaymentState
from shop.models import Campaign, Pledge, PledgeState
from shop.pledge_rules import REFUND_WINDOW_DAYS, WALLETS, last_refund_on

OVER = (PledgeState.REFUNDED, PledgeState.CANCELLED, PledgeState.EXPIRED)


@dataclass(frozen=True)
class LateWallet:
    """One payment that goes back by bank once its window is over."""

    pledge: str
    name: str
    paid_with: str
    left: Decimal
    until: date  # the last day on which it goes back the way it came
    is_over: bool


def late_wallets(campaign: Campaign, *, at: datetime) -> list[LateWallet]:
    """The soonest over first. Two queries, whatever the number of pledges."""
    last = last_refund_on(
        deadline_on=day_of(campaign.deadline_at), promised_to_on=campaign.promised_to_on
    )
    owner = _owners(campaign)
    rows = Payment.objects.filter(
        code__in=owner, state=PaymentState.PAID, paid_with__in=WALLETS
    ).order_by("paid_at", "pk")
    found = [
        _row(payment, owner[payment.code], at=at)
        for payment in rows
        if payment.left and refund_until(payment) < last
    ]
    return sorted(found, key=lambda row: row.until)


def refund_until(payment: Payment) -> date:
    """The last day on which a wallet's payment goes back the way it came."""
    paid_on = day_of(payment.paid_at or payment.created_at)
    return paid_on + timedelta(days=REFUND_WINDOW_DAYS[payment.paid_with] - 1)


def _owners(campaign: Campaign) -> dict[str, Pledge]:
    rows = Pledge.objects.filter(campaign=campaign).exclude(way="").exclude(state__in=OVER)
    rows = rows.only("code", "name", "payment_code", "deposit_code")
    return {
        code: pledge
        for pledge in rows
        for code in (pledge.payment_code, pledge.deposit_code)
        if code
    }


def _row(payment: Payment, pledge: Pledge, *, at: datetime) -> LateWallet:
    until = refund_until(payment)
    return LateWallet(
        pledge=pledge.code,
        name=pledge.name,
        paid_with=payment.paid_with,
        left=from_fen(payment.left),
        until=until,
        is_over=day_of(at) > until,
    )
