"""What cooperatives owe households, by household and by shop."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from growers.models import Household, User
from logistics.models import PayoutDue, PayoutState
from logistics.selectors.access import operated_shops, own_cooperatives


def dues_for(*, user: User, on: date) -> QuerySet[PayoutDue]:
    """Everything owed by the person's cooperatives, or to the households of an own shop."""
    return PayoutDue.objects.filter(
        Q(cooperative__in=own_cooperatives(user=user, on=on))
        | Q(shop__in=operated_shops(user=user, on=on))
    )


def open_dues(dues: QuerySet[PayoutDue]) -> QuerySet[PayoutDue]:
    """What is not paid yet."""
    return dues.filter(state=PayoutState.DUE)


def dues_by_household(dues: QuerySet[PayoutDue]) -> "QuerySet[Any, Any]":
    """Per household code: slips, amount and the first day it is due; the most urgent first."""
    named = dues.order_by().values("household__code", "shop__name_zh", "shop__name_en")
    summed = named.annotate(slips=Count("pk"), total=Sum("amount"), first_due_on=Min("due_on"))
    return summed.order_by("first_due_on", "household__code", "shop__name_zh")


def dues_by_shop(dues: QuerySet[PayoutDue]) -> "QuerySet[Any, Any]":
    """Per shop: households, slips, amount and the first day it is due."""
    named = dues.order_by().values("shop__code", "shop__name_zh", "shop__name_en")
    summed = named.annotate(
        households=Count("household", distinct=True),
        slips=Count("pk"),
        total=Sum("amount"),
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
        total=Sum("amount"),
        overdue=Sum("amount", filter=Q(due_on__lt=on)),
        households=Count("household", distinct=True),
    )
    zero = Decimal("0.00")
    return Owed(sums["total"] or zero, sums["overdue"] or zero, sums["households"])


@dataclass(frozen=True)
class HouseholdMoney:
    """What a household was paid and is still to get, and by when."""

    paid: Decimal
    due: Decimal
    first_due_on: date | None


def household_money(household: Household) -> HouseholdMoney:
    """The household's money in one look."""
    zero = Decimal("0.00")
    rows = PayoutDue.objects.filter(household=household)
    sums = rows.order_by().aggregate(
        paid=Sum("amount", filter=Q(state=PayoutState.PAID)),
        due=Sum("amount", filter=Q(state=PayoutState.DUE)),
        first=Min("due_on", filter=Q(state=PayoutState.DUE)),
    )
    return HouseholdMoney(sums["paid"] or zero, sums["due"] or zero, sums["first"])
