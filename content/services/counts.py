"""Counting the public numbers. What is about households needs ten of them behind it."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from content.models import NumberName, PublicNumber
from core.clock import day_of, start_of
from growers.models import RegionLevel
from harvest_calendar.models import SaleClass, SeasonDate
from logistics.models import PayoutDue, PayoutState, WeighTicket
from shop.models import Listing, ListingState, Purchase, PurchaseState, SeasonState
from shop.selectors.campaigns import open_campaigns

LEAST_HOUSEHOLDS = 10


def count_numbers(*, at: datetime) -> int:
    """Count every public number anew; how many have a value."""
    today = day_of(at)
    since = start_of(date(today.year, 1, 1))
    found = {
        **_trade(at=at, on=today),
        NumberName.SOLD: _sold(since),
        **_harvest(since),
    }
    rows = [PublicNumber(name=name, value=v, counted_on=today) for name, v in found.items()]
    PublicNumber.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["value", "counted_on"],
    )
    return sum(value is not None for value in found.values())


def _trade(*, at: datetime, on: date) -> dict[str, int | None]:
    ripe = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]
    listings = Listing.objects.filter(state=ListingState.PUBLISHED, season_state__in=ripe)
    picked = SeasonDate.objects.filter(
        region__level=RegionLevel.COUNTY, start_on__lte=on, end_on__gte=on
    ).exclude(crop__sale_class=SaleClass.MEDICINAL_ONLY)
    return {
        NumberName.LISTINGS: listings.count(),
        NumberName.CROPS: picked.order_by().values("crop").distinct().count(),
        NumberName.CAMPAIGNS: open_campaigns(at=at).count(),
    }


def _sold(since: datetime) -> int | None:
    """Grams delivered to consumers this year."""
    sent = Purchase.objects.filter(state=PurchaseState.DELIVERED, delivered_at__gte=since)
    weight = F("order__lines__quantity") * F("order__lines__product__listing__pack_weight_g")
    return _or_nothing(sent.aggregate(total=Sum(weight))["total"])


def _harvest(since: datetime) -> dict[str, int | None]:
    """Households, grams and yuan of this year; none of a sum with few households behind it."""
    taken = WeighTicket.objects.filter(weighed_at__gte=since).aggregate(
        homes=Count("contract__household", distinct=True), grams=Coalesce(Sum("accepted_g"), 0)
    )
    paid = PayoutDue.objects.filter(state=PayoutState.PAID, paid_at__gte=since).aggregate(
        homes=Count("household", distinct=True), yuan=Sum("amount")
    )
    return {
        NumberName.GROWERS: _tens(taken["homes"]),
        NumberName.TAKEN: _if_many(taken["homes"], taken["grams"]),
        NumberName.PAID: _if_many(paid["homes"], paid["yuan"]),
    }


def _tens(households: int) -> int | None:
    """Households rounded down to ten, so that one more is not seen coming."""
    rounded = households // LEAST_HOUSEHOLDS * LEAST_HOUSEHOLDS
    return rounded or None


def _if_many(households: int, total: Any) -> int | None:
    return _or_nothing(total) if households >= LEAST_HOUSEHOLDS else None


def _or_nothing(total: Any) -> int | None:
    return int(total) if total else None
