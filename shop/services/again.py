"""Buying the same once more: what can be bought goes into the basket, the rest is said plainly."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shop.availability import free_packs, season_reason
from shop.models import Listing, Purchase
from shop.services.baskets import MOST_PACKS


@dataclass(frozen=True)
class Missing:
    """Something that cannot be bought now, why, and the crop one may ask to be told of."""

    title: str
    why: str
    crop: str = ""


@dataclass
class Again:
    """What came of it: things put in, sentences on those with fewer packs, things missing."""

    put: int = 0
    less: list[str] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


@transaction.atomic
def buy_again(*, basket: Any, purchase: Purchase) -> Again:
    """Put the packs of an order into a basket, as many of each as are free now.

    The order comes with its lines and their listings.
    """
    lines = list(purchase.order.lines.all())
    listings = [line.product.listing for line in lines if line.product]
    free = free_packs(listing.pk for listing in listings)
    held = _held(basket)
    again = Again()
    for line in lines:
        if line.product is None:
            again.missing.append(Missing(line.title, _("这件山货已经下架。")))
            continue
        listing = line.product.listing
        _put(
            again,
            basket,
            listing,
            packs=line.quantity,
            room=min(free.get(listing.pk, 0), MOST_PACKS) - held.get(listing.product_id, 0),
        )
    return again


def _held(basket: Any) -> dict[int, int]:
    if basket.pk is None:
        return {}
    rows = basket.lines.order_by("pk").values_list("product_id", "quantity")
    return dict(rows)


def _put(again: Again, basket: Any, listing: Listing, *, packs: int, room: int) -> None:
    reason = season_reason(listing)
    if reason:
        again.missing.append(Missing(listing.title, reason, listing.form.crop.key))
    elif room <= 0:
        again.missing.append(_none_left(listing, basket))
    else:
        basket.add_product(listing.product, min(packs, room))
        again.put += 1
        if room < packs:
            facts = {"title": listing.title, "wanted": packs, "put": room}
            again.less.append(_("%(title)s上次 %(wanted)d 份，现在只够再放 %(put)d 份。") % facts)


def _none_left(listing: Listing, basket: Any) -> Missing:
    if listing.product_id in _held(basket):
        return Missing(listing.title, _("剩下的都已经在篮子里了。"))
    return Missing(listing.title, _("卖完了，等下一批上山货。"), listing.form.crop.key)
