"""What part of an order's grower money reached those served first, told only of large groups."""

from fractions import Fraction

from logistics.models import OrderSettlement
from logistics.services.share_groups import LEAST_HOUSEHOLDS
from shop.models import Purchase
from shop.money import ToldShare

STEP = 5  # percent


def told_share(purchase: Purchase) -> ToldShare | None:
    """The share of the closed group of orders that this one was settled with.

    One order's own share would tell which household it came from. A group is closed once at least
    ten households are in it, never changes after, and no order is in two; so neither a group nor
    the difference of two tells of fewer.
    """
    settled = OrderSettlement.objects.filter(purchase=purchase).select_related("group").first()
    if settled is None or settled.group.closed_at is None or not settled.group.grower_fen:
        return None
    group = settled.group
    steps = round(Fraction(group.priority_fen * 100, group.grower_fen) / STEP)
    tens = group.households // LEAST_HOUSEHOLDS * LEAST_HOUSEHOLDS
    return ToldShare(percent=steps * STEP, households=tens)
