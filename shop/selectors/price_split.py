"""Where the yuan of a listing's price go, when the shop says so."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.charts.bars import SplitPart, split_parts
from shop.models import Listing, PriceShare, ShareKind


def price_split(listing: Listing) -> Sequence[SplitPart]:
    """The shares as drawn; empty when the shop says nothing or they do not add up to the price.

    The listing may come with ``price_shares``; else they are asked for.
    """
    shares = amounts_of(listing.price_shares.all())
    if sum(shares.values(), Decimal(0)) != listing.price:
        return []
    return split_parts([(str(kind.label), shares.get(kind, Decimal(0))) for kind in ShareKind])


def amounts_of(rows: Iterable[PriceShare]) -> dict[ShareKind, Decimal]:
    """The amount of every share there is."""
    return {ShareKind(row.kind): row.amount for row in rows}
