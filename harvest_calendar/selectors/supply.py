"""How much raw crop can be expected, and what of it is still free to promise.

Quantiles of several townships or weeks are added up. Adding P10s is careful: it is what would be
there if all places and weeks were poor together, never more than the P10 of the sum.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from core.clock import week_of
from growers.models import Region
from growers.models.scope import inside
from harvest_calendar.models import Crop, SupplyClaim, SupplyEstimate

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class SupplyQuantiles:
    """Expected raw harvest in grams."""

    p10_g: int
    p50_g: int
    p90_g: int


@dataclass(frozen=True)
class WeekSupply:
    """Expected raw harvest of a crop in a week, in grams."""

    crop_id: int
    monday: date
    p10_g: int
    p50_g: int
    p90_g: int


def supply_by_week(
    *, crop_ids: list[int], region: Region, first: date, last: date
) -> list[WeekSupply]:
    """Raw harvest of every week that touches the days, by crop and week, whole weeks."""
    rows = (
        _estimates(region, first, last)
        .filter(crop_id__in=crop_ids)
        .order_by("crop_id", "monday")
        .values_list("crop_id", "monday")
        .annotate(p10=Sum("p10_g"), p50=Sum("p50_g"), p90=Sum("p90_g"))
    )
    return [WeekSupply(*row) for row in rows]


def supply_between(*, crop: Crop, county: Region, first: date, last: date) -> SupplyQuantiles:
    """Raw harvest picked on the days ``first`` to ``last``; a week counts by its share of days."""
    weeks = supply_by_week(crop_ids=[crop.pk], region=county, first=first, last=last)
    shares = [_days_inside(week.monday, first, last) for week in weeks]
    pairs = list(zip(weeks, shares, strict=True))
    return SupplyQuantiles(
        p10_g=sum(week.p10_g * days // DAYS_A_WEEK for week, days in pairs),
        p50_g=sum(week.p50_g * days // DAYS_A_WEEK for week, days in pairs),
        p90_g=sum(week.p90_g * days // DAYS_A_WEEK for week, days in pairs),
    )


def open_claims(*, crop: Crop, county: Region, first: date, last: date) -> QuerySet[SupplyClaim]:
    """Promises not yet released that touch the days."""
    return SupplyClaim.objects.filter(
        crop=crop,
        county=county,
        released_at__isnull=True,
        first_on__lte=last,
        last_on__gte=first,
    )


def supply_left_g(
    *, crop: Crop, county: Region, first: date, last: date, except_code: str = ""
) -> int:
    """What may still be promised: P10 of the days of picking less all claims that touch them.

    A claim counts whole even when it only touches the days, so claims that were each admitted
    can always be met together. Never below zero.
    """
    supply = supply_between(crop=crop, county=county, first=first, last=last)
    claims = open_claims(crop=crop, county=county, first=first, last=last)
    claimed = claims.exclude(code=except_code).aggregate(total=Sum("weight_g"))["total"] or 0
    return max(0, supply.p10_g - claimed)


def _estimates(region: Region, first: date, last: date) -> QuerySet[SupplyEstimate]:
    return SupplyEstimate.objects.filter(
        inside("township_id", [region.prefix]), monday__gte=week_of(first), monday__lte=last
    )


def _days_inside(monday: date, first: date, last: date) -> int:
    sunday = monday + timedelta(days=DAYS_A_WEEK - 1)
    return max(0, (min(sunday, last) - max(monday, first)).days + 1)
