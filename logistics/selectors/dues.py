"""What cooperatives owe households, by household and by shop."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from core.units import from_fen, yuan
from growers.models import Household, User
from logistics.models import HouseholdRelease, PayoutDue, PayoutState
from logistics.selectors.access import operated_shops, own_cooperatives
from logistics.states import BatchState


def dues_for(*, user: User, on: date) -> QuerySet[PayoutDue]:
    """Everything owed by the person's cooperatives, or to the households of an own shop."""
    return PayoutDue.objects.filter(
        Q(cooperative__in=own_cooperatives(user=user, on=on))
        | Q(shop__in=operated_shops(user=user, on=on))
    )


PAID_OUT = Q(payout__batch__state=BatchState.PAID, payout__isnull=False)
REST = Sum(F("amount") - F("covered"))  # what orders have not brought; the cooperative owes it


def open_dues(dues: QuerySet[PayoutDue]) -> QuerySet[PayoutDue]:
    """What the cooperative still owes: not paid, and not covered by orders."""
    return dues.filter(state=PayoutState.DUE, covered__lt=F("amount"))


def dues_by_household(dues: QuerySet[PayoutDue]) -> "QuerySet[Any, Any]":
    """Per household code: slips, amount and the first day it is due; the most urgent first."""
    named = dues.order_by().values("household__code", "shop__name_zh", "shop__name_en")
    summed = named.annotate(slips=Count("pk"), total=REST, first_due_on=Min("due_on"))
    return summed.order_by("first_due_on", "household__code", "shop__name_zh")


def dues_by_shop(dues: QuerySet[PayoutDue]) -> "QuerySet[Any, Any]":
    """Per shop: households, slips, amount and the first day it is due."""
    named = dues.order_by().values("shop__code", "shop__name_zh", "shop__name_en")
    summed = named.annotate(
        households=Count("household", distinct=True),
        slips=Count("pk"),
        total=REST,
        first_due_on=Min("due_on"),
    )
    return summed.order_by("first_due_on", "shop__code")


@dataclass(frozen=True)
class Owed:
    """Totals of some dues."""

    total: Decimal
    overdue: Decimal
    households: int


def owed(dues: QuerySet[PayoutDue], *, on: date) -> Owed:
    """How much is owed, and how much of it should have been paid before today."""
    sums = dues.order_by().aggregate(
        total=REST,
        overdue=Sum(F("amount") - F("covered"), filter=Q(due_on__lt=on)),
        households=Count("household", distinct=True),
    )
    return Owed(yuan(sums["total"] or 0), yuan(sums["overdue"] or 0), sums["households"])


@dataclass(frozen=True)
class HouseholdMoney:
    """What a household was paid and is still to get, from whom, and by when."""

    paid: Decimal
    from_orders: Decimal  # sold and paid for, waiting for the next payment by bank
    from_cooperative: Decimal
    first_due_on: date | None

    @property
    def due(self) -> Decimal:
        """All that is still to come."""
        return self.from_orders + self.from_cooperative


def household_money(household: Household) -> HouseholdMoney:
    """The household's money in one look."""
    rows = PayoutDue.objects.filter(household=household).order_by()
    still = Q(state=PayoutState.DUE, covered__lt=F("amount"))
    sums = rows.aggregate(
        paid=Sum(F("amount") - F("covered"), filter=Q(state=PayoutState.PAID)),
        due=Sum(F("amount") - F("covered"), filter=still),
        first=Min("due_on", filter=still),
    )
    shares = HouseholdRelease.objects.filter(household=household).order_by()
    sold = shares.aggregate(
        paid=Sum("amount_fen", filter=PAID_OUT), waiting=Sum("amount_fen", filter=~PAID_OUT)
    )
    return HouseholdMoney(
        paid=yuan(sums["paid"] or 0) + from_fen(sold["paid"] or 0),
        from_orders=from_fen(sold["waiting"] or 0),
        from_cooperative=yuan(sums["due"] or 0),
        first_due_on=sums["first"],
    )
