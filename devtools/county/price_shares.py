"""Every second shop says where its prices go."""

from decimal import Decimal

from core.units import GRAMS_PER_KG, fen, from_fen, shares
from devtools.county.terms import farm_price
from devtools.county.world import World
from shop.models import Listing, PriceShare, ShareKind
from shop.price_rules import floor_price

MOST_FOR_GROWER = Decimal("0.78")  # of a price; packing and the way cost something everywhere
# How what is left after the grower is split, in parts.
REST = {
    ShareKind.PACKING: 26,
    ShareKind.TRANSPORT: 36,
    ShareKind.SHOP: 30,
    ShareKind.PLATFORM: 8,
}


def build_price_shares(world: World, listings: list[Listing]) -> int:
    """Shares of every listing of every second shop that pays at least the floor price."""
    saying = {shop.pk for shop in world.shops[::2]}
    rows = [
        share for listing in listings if listing.shop_id in saying for share in _shares(listing)
    ]
    PriceShare.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _shares(listing: Listing) -> list[PriceShare]:
    paid = farm_price(listing.form) * listing.pack_weight_g / GRAMS_PER_KG
    floor = fen(floor_price(listing.form, listing.pack_weight_g))
    price = fen(listing.price)
    grower = max(floor, min(fen(paid), int(price * MOST_FOR_GROWER)))
    if grower >= price:
        return []
    rest = dict(zip(REST, shares(price - grower, list(REST.values())), strict=True))
    return [
        PriceShare(listing=listing, kind=kind, amount=from_fen(rest.get(kind, grower)))
        for kind in ShareKind
    ]
