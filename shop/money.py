"""What the apps above may know of an order's money: where it lies, and whether it is through us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from ledger.models import AccountKind, Transfer, TransferKind
from shop.models import Purchase, PurchaseState


def subjects_of(purchase: Purchase) -> list[str]:
    """What the ledger calls the order: itself, and the pledge it came from."""
    subjects = [f"order:{purchase.code}"]
    link = getattr(purchase.order, "pledge_link", None)
    if link is not None:
        subjects.append(f"pledge:{link.pledge.code}")
    return subjects


def escrow_of(purchase: Purchase) -> tuple[str, int] | None:
    """The escrow account that holds the order's money, and how many fen are left of it there.

    None for an order that nobody paid through us: it is paid at the handing over. The books
    themselves are asked, so that whatever was refunded, reversed or released is counted.
    """
    about = Transfer.objects.filter(subject__in=subjects_of(purchase), reversed_by__isnull=True)
    came = about.filter(credit__kind=AccountKind.ESCROW).order_by()
    paid = came.filter(kind=TransferKind.PAY).values_list("credit__code", flat=True).first()
    if paid is None:
        return None
    went = about.filter(debit__code=paid).order_by()
    here = came.filter(credit__code=paid)
    return paid, _sum(here) - _sum(went)


def _sum(rows: "QuerySet[Transfer]") -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def delivered_and_paid() -> "QuerySet[Purchase]":
    """Delivered orders that were paid through us, as orders or as the pledges they came from."""
    paid = Q(paid_at__isnull=False)
    paid |= Q(order__pledge_link__pledge__payment_code__isnull=False)
    return Purchase.objects.filter(paid, state=PurchaseState.DELIVERED)


@dataclass(frozen=True)
class ToldShare:
    """How much of what growers got for a group of orders went to those served first."""

    percent: int  # rounded, never so exact that one household shows
    households: int  # at least so many stand behind it


ShareReader = Callable[[Purchase], ToldShare | None]
Refiller = Callable[[Purchase, int, str, datetime], None]
_share_readers: list[ShareReader] = []
_refillers: list[Refiller] = []


def register_share(reader: ShareReader) -> None:
    """Say who can tell an order's share; in ``AppConfig.ready`` of an app above."""
    _share_readers[:] = [reader]


def register_refiller(refiller: Refiller) -> None:
    """Say who brings money back into escrow when a settled order is refunded."""
    _refillers[:] = [refiller]


def told_share(purchase: Purchase) -> ToldShare | None:
    """The share of an order that may be told; None before settlement or of too few households."""
    for reader in _share_readers:
        return reader(purchase)
    return None


def refill_escrow(*, purchase: Purchase, amount_fen: int, key: str, at: datetime) -> None:
    """Bring what a settled order's escrow lacks for a refund; runs in the refund's transaction."""
    held = escrow_of(purchase)
    short = amount_fen - held[1] if held else 0
    if short > 0:
        for refiller in _refillers:
            refiller(purchase, short, key, at)
