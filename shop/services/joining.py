"""What was bought or reserved without an account joins it once its number is proved."""

from datetime import datetime
from typing import Any

from oscar.core.loading import get_model

from growers.models import User
from shop.models import Credit, Pledge, Purchase


def join_guest_orders(*, user: User, mobile: str, at: datetime, **_facts: Any) -> None:
    """Give the person the orders and reservations of this number that belong to nobody."""
    guests = Purchase.objects.filter(mobile=mobile, user__isnull=True)
    orders = list(guests.values_list("order_id", flat=True))
    if orders:
        get_model("order", "Order").objects.filter(pk__in=orders).update(user=user)
        guests.update(user=user)
    for kind in (Pledge, Credit):
        kind.objects.filter(mobile=mobile, user__isnull=True).update(user=user)
