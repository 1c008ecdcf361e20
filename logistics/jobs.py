"""What logistics does by itself: stock overnight, and money of delivered orders."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core import clock, ticks
from logistics.services.settling import settle_all, settle_safely
from logistics.services.stock import refresh_all, refresh_around
from shop.models import Listing, Purchase, PurchaseState
from shop.signals import listing_moved, order_moved

A_DAY = 24 * 60
A_FEW_MINUTES = 5


def _settle(at: datetime) -> object:
    return settle_all(at)


def register() -> None:
    """Add the jobs of logistics."""
    ticks.register("logistics.stock", every_minutes=A_DAY, run=refresh_all, order=60)
    ticks.register("logistics.settle", every_minutes=A_FEW_MINUTES, run=_settle, order=61)


@receiver(listing_moved, dispatch_uid="logistics.stock_of_listing")
def _count_packs(*, listing: Listing, **_facts: Any) -> None:
    """What lies in the store can be bought at once, not only after the night."""
    refresh_around(listing=listing, at=clock.now())


@receiver(order_moved, dispatch_uid="logistics.settle")
def _settle_delivered(*, purchase: Purchase, new: str, **_facts: Any) -> None:
    """At once when an order is delivered; the tick finds what was missed here."""
    if new == PurchaseState.DELIVERED:
        settle_safely(purchase.code, purchase.delivered_at or clock.now())
