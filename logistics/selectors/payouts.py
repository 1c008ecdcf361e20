"""Batches and payouts, what may go into one, and the orders and slips a payout came from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from growers.models import Cooperative, Household, User
from logistics.models import (
    HouseholdRelease,
    Payout,
    PayoutBatch,
    PayoutDue,
    PayoutState,
    SlipShare,
)
from logistics.selectors.access import own_cooperatives
from logistics.states import BatchState

# Paid to a member with an account; the account itself stays sealed (an empty one is not).
PAYABLE = Q(household__cooperative=F("cooperative")) & ~Q(household__identity__account="")
HAS_IDENTITY = Q(household__identity__isnull=False)


def payable_releases(cooperative: Cooperative) -> QuerySet[HouseholdRelease]:
    """Shares of orders that no batch holds, of households that can be paid."""
    open_ones = HouseholdRelease.objects.filter(cooperative=cooperative, payout=None)
    return open_ones.filter(PAYABLE, HAS_IDENTITY).order_by("pk")


def payable_dues(cooperative: Cooperative, *, until: date) -> QuerySet[PayoutDue]:
    """Slips that no batch holds, due by a day or covered by orders already."""
    open_ones = PayoutDue.objects.filter(
        cooperative=cooperative, payout=None, state=PayoutState.DUE
    )
    due = Q(due_on__lte=until) | Q(covered=F("amount"))
    return open_ones.filter(due, PAYABLE, HAS_IDENTITY).order_by("pk")


def unpayable_households(cooperatives: QuerySet[Cooperative]) -> QuerySet[Household]:
    """Households that are owed and cannot be put into a batch: no account, or no member now."""
    owed = PayoutDue.objects.filter(state=PayoutState.DUE, payout=None)
    shares = HouseholdRelease.objects.filter(payout=None)
    missing = [
        rows.filter(cooperative__in=cooperatives).exclude(PAYABLE & HAS_IDENTITY)
        for rows in (owed, shares)
    ]
    keys = Q(pk__in=missing[0].values("household")) | Q(pk__in=missing[1].values("household"))
    return Household.objects.filter(keys).order_by("code")


def batches_for(*, user: User, on: date) -> "QuerySet[Any]":
    """Batches of the person's cooperatives with ``households``, latest first."""
    mine = PayoutBatch.objects.filter(cooperative__in=own_cooperatives(user=user, on=on))
    mine = mine.select_related("cooperative", "made_by", "approved_by", "ended_by", "bank_file")
    return mine.annotate(households=Count("payouts")).order_by("-made_at", "-pk")


def payouts_for(*, user: User, on: date) -> QuerySet[Payout]:
    """Payouts of the person's cooperatives."""
    mine = Payout.objects.filter(batch__cooperative__in=own_cooperatives(user=user, on=on))
    return mine.select_related("batch__cooperative", "household")


def payouts_of(household: Household) -> QuerySet[Payout]:
    """What a household was paid or is about to be, latest first."""
    mine = Payout.objects.filter(household=household).exclude(batch__state=BatchState.CANCELLED)
    return mine.select_related("batch__cooperative").order_by("-batch__made_at", "-pk")


def releases_of(household: Household) -> QuerySet[HouseholdRelease]:
    """What orders brought a household, latest first, with the payout they went into."""
    mine = HouseholdRelease.objects.filter(household=household)
    return _with_orders(mine).select_related("payout__batch").order_by("-settlement__at", "-pk")


def _with_orders(rows: QuerySet[HouseholdRelease]) -> QuerySet[HouseholdRelease]:
    facts = [f"line__product__listing__{fact}" for fact in ("form__crop", "variety", "grade")]
    return rows.select_related("settlement__purchase", "line", *facts)


@dataclass(frozen=True)
class PayoutTrace:
    """What a payout settles: shares of orders, and the rest of slips."""

    releases: list[HouseholdRelease]
    dues: list[PayoutDue]
    slips: dict[int, list[SlipShare]]

    @property
    def rows(self) -> list[tuple[HouseholdRelease, list[SlipShare]]]:
        """Every share of an order with the slips behind it."""
        return [(row, self.slips.get(row.pk, [])) for row in self.releases]


def payout_trace(payout: Payout) -> PayoutTrace:
    """The orders and slips a payout came from; three queries."""
    releases = list(_with_orders(payout.releases.all()).order_by("settlement__at", "pk"))
    shares = SlipShare.objects.filter(release__in=releases).select_related("due__ticket")
    slips: dict[int, list[SlipShare]] = {}
    for share in shares.order_by("pk"):
        slips.setdefault(share.release_id or 0, []).append(share)
    dues = payout.dues.select_related("ticket__contract__form").order_by("due_on", "pk")
    return PayoutTrace(releases, list(dues), slips)


@dataclass(frozen=True)
class ReadyToPay:
    """What a batch made now would hold."""

    fen: int
    households: int


def ready_to_pay(cooperative: Cooperative, *, until: date) -> ReadyToPay:
    """How much a batch of a cooperative would pay, to how many households."""
    shares = payable_releases(cooperative).order_by()
    dues = payable_dues(cooperative, until=until).order_by()
    sums = dues.aggregate(amount=Sum("amount"), covered=Sum("covered"))
    rest = (sums["amount"] or 0) - (sums["covered"] or 0)
    fen = int(shares.aggregate(total=Sum("amount_fen"))["total"] or 0) + round(rest * 100)
    homes = set(shares.values_list("household", flat=True)) | set(
        dues.filter(covered__lt=F("amount")).values_list("household", flat=True)
    )
    return ReadyToPay(fen, len(homes))
