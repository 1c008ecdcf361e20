"""Settled orders gathered until enough households are behind them to tell their share."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from growers.models import Cooperative, Household
from growers.selectors.policy import LAST_TIER, tiers_at
from logistics.models import ShareGroup, SlipShare

LEAST_HOUSEHOLDS = 10


def join_group(
    *, cooperative: Cooperative, grower_fen: Mapping[int, int], on: date, at: datetime
) -> ShareGroup:
    """Add an order's household money to the cooperative's open group, and close it when it is
    large enough. Runs inside the settling transaction; the group's row is locked.
    """
    group = _open_group(cooperative)
    tiers = tiers_at(list(grower_fen), on)
    homes = set(_households(group).values_list("pk", flat=True)) | set(grower_fen)
    group.households = len(homes)
    group.grower_fen += sum(grower_fen.values())
    group.priority_fen += sum(fen for pk, fen in grower_fen.items() if tiers[pk] < LAST_TIER)
    if group.households >= LEAST_HOUSEHOLDS:
        group.closed_at = at
    group.save()
    return group


def _open_group(cooperative: Cooperative) -> ShareGroup:
    """The open group, locked; another order may close it while we wait, then a new one begins."""
    mine = ShareGroup.objects.filter(cooperative=cooperative, closed_at=None)
    while True:
        ShareGroup.objects.get_or_create(cooperative=cooperative, closed_at=None)
        group = mine.select_for_update().first()
        if group is not None:
            return group


def _households(group: ShareGroup) -> QuerySet[Household]:
    shares = SlipShare.objects.filter(settlement__group=group)
    return Household.objects.filter(pk__in=shares.values("due__household")).order_by()
