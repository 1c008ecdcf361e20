"""What a backer reads about the money of one reservation, and an operator about all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from core.units import from_fen
from payments.links import pay_link
from payments.models import Payment, PaymentState, Refund, RefundState, Way
from payments.states import TROUBLED
from shop.models import Campaign, Pledge, PledgeState
from shop.pledge_rules import FIX_DAYS

DONE = (RefundState.SUCCEEDED, RefundState.OFFLINE_PAID, RefundState.TAKEN_BACK)


@dataclass(frozen=True)
class RefundRow:
    """Money on its way back, or back."""

    amount: Decimal
    is_done: bool
    by_bank: bool
    asked_at: datetime


@dataclass(frozen=True)
class PledgeMoney:
    """One reservation's money as its payments say it."""

    total: Decimal
    goods: Decimal
    carriage: Decimal | None
    paid: Decimal
    deposit: Decimal
    state: str  # of the payment that is asked now; empty where one pays on collection
    pay_url: str  # where to pay or mend the card; empty when there is nothing to do
    until: datetime | None
    refunds: Sequence[RefundRow]

    @property
    def is_troubled(self) -> bool:
        """The buyer is needed: a card was refused or is to be confirmed."""
        return self.state in TROUBLED

    @property
    def returned(self) -> Decimal:
        """What reached the payer again."""
        return sum((row.amount for row in self.refunds if row.is_done), Decimal("0.00"))


def money_of(pledge: Pledge) -> PledgeMoney:
    """Two queries; none for what is paid on collection."""
    payments = _payments(pledge)
    main = next((row for row in payments if row.code == pledge.payment_code), None)
    deposit = next((row for row in payments if row.code == pledge.deposit_code), None)
    asked = main
    if pledge.state == PledgeState.PENDING and deposit is not None:
        asked = deposit
    return PledgeMoney(
        total=pledge.total,
        goods=pledge.goods,
        carriage=pledge.carriage,
        paid=from_fen(sum(row.paid for row in payments)),
        deposit=from_fen(deposit.amount) if deposit else Decimal("0.00"),
        state=asked.state if asked else "",
        pay_url=pay_link(asked) if asked and _may_pay(pledge, asked) else "",
        until=_until(pledge, asked),
        refunds=_refunds(payments),
    )


def _payments(pledge: Pledge) -> list[Payment]:
    codes = [code for code in (pledge.payment_code, pledge.deposit_code) if code]
    return list(Payment.objects.filter(code__in=codes)) if codes else []


def _may_pay(pledge: Pledge, payment: Payment) -> bool:
    if pledge.state != PledgeState.DUE:
        return False
    by_link = payment.state == PaymentState.DUE and payment.way == Way.LINK
    return by_link or payment.state in TROUBLED


def _until(pledge: Pledge, payment: Payment | None) -> datetime | None:
    if pledge.state == PledgeState.PENDING:
        return pledge.hold_until
    if payment is None or pledge.state != PledgeState.DUE:
        return None
    if payment.lapse_at is None and payment.due_at is not None:
        return payment.due_at + timedelta(days=FIX_DAYS)
    return payment.lapse_at


def _refunds(payments: Sequence[Payment]) -> list[RefundRow]:
    if not any(row.refunded for row in payments):
        return []
    rows = Refund.objects.filter(payment__in=payments).order_by("created_at", "pk")
    return [
        RefundRow(
            amount=from_fen(row.amount),
            is_done=row.state in DONE,
            by_bank=row.state in (RefundState.OFFLINE, RefundState.OFFLINE_PAID),
            asked_at=row.created_at,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Collected:
    """How far the collection of one campaign is, as the operator reads it."""

    people: int
    paid: int
    waiting: int
    troubled: int
    gone: int
    packs: int
    amount: Decimal
    returned: Decimal
    stuck: int  # refunds that must go by bank

    @property
    def percent(self) -> int:
        """Of the people who were to pay, how many have."""
        return self.paid * 100 // self.people if self.people else 100


def collection_of(campaign: Campaign) -> Collected:
    """Three queries, whatever the number of pledges."""
    mine = _with_payment_state(Pledge.objects.filter(campaign=campaign).exclude(way=""))
    gone = (PledgeState.LAPSED, PledgeState.RELEASED, PledgeState.TO_RELEASE)
    back = (PledgeState.REFUNDING, PledgeState.REFUNDED, PledgeState.CREDITED)
    due = Q(state=PledgeState.DUE)
    troubled = due & Q(pay_state__in=TROUBLED)
    prepaid = Q(state=PledgeState.ACTIVE, pay_state=PaymentState.PAID)
    paid = Q(state=PledgeState.ORDERED) | prepaid
    row = mine.aggregate(
        n=Count("pk", filter=paid | due | Q(state__in=[*gone, *back])),
        done=Count("pk", filter=paid),
        open=Count("pk", filter=due & ~Q(pay_state__in=TROUBLED)),
        bad=Count("pk", filter=troubled),
        out=Count("pk", filter=Q(state__in=[*gone, *back])),
        sum=Sum("packs", filter=paid),
    )
    paid_in, returned, stuck = _money_in(campaign)
    return Collected(
        people=row["n"],
        paid=row["done"],
        waiting=row["open"],
        troubled=row["bad"],
        gone=row["out"],
        packs=row["sum"] or 0,
        amount=paid_in,
        returned=returned,
        stuck=stuck,
    )


def _with_payment_state(rows: QuerySet[Pledge]) -> QuerySet[Pledge]:
    state = Payment.objects.filter(code=OuterRef("payment_code")).values("state")[:1]
    return rows.annotate(pay_state=Subquery(state))


def _money_in(campaign: Campaign) -> tuple[Decimal, Decimal, int]:
    escrow = f"escrow:campaign:{campaign.code}"
    parts = Payment.objects.filter(parts__escrow=escrow)
    paid = parts.aggregate(sum=Sum("parts__paid"))["sum"] or 0
    refunds = Refund.objects.filter(part__escrow=escrow).aggregate(
        done=Sum("amount", filter=Q(state__in=DONE)),
        stuck=Count("pk", filter=Q(state=RefundState.OFFLINE)),
    )
    return from_fen(paid), from_fen(refunds["done"] or 0), refunds["stuck"]
