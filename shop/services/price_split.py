"""Saying where a listing's price goes: all five shares at once, and they are the price."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import BadInput
from core.templatetags.shanhuo import yuan_plain, yuan_words
from core.units import yuan
from shop.models import Listing, PriceShare, ShareKind
from shop.price_rules import floor_price

Amounts = Mapping[ShareKind, Decimal]


class UnevenSplit(BadInput):
    """The shares are not the price; ``missing`` is what is left over, below zero when too much."""

    def __init__(self, *, missing: Decimal) -> None:
        if missing > 0:
            text = _("还差 %(amount)s 元。") % {"amount": yuan_plain(missing)}
        else:
            text = _("多了 %(amount)s 元。") % {"amount": yuan_plain(-missing)}
        super().__init__(text)
        self.missing = missing


def check_split(listing: Listing, amounts: Amounts) -> None:
    """Refuse shares that cannot be shown.

    Raises
    ------
    BadInput
        A share is missing or negative, or the grower's lies below the floor price.
    UnevenSplit
        The shares do not add up to the price.
    """
    for kind in ShareKind:
        if kind not in amounts:
            raise BadInput(_("五份都要写，没有就写 0。"), field=kind.value)
        if amounts[kind] < 0:
            raise BadInput(_("不能小于 0。"), field=kind.value)
    floor = floor_price(listing.form, listing.pack_weight_g)
    if amounts[ShareKind.GROWER] < floor:
        text = _("种植户拿的不能低于保底价 %(floor)s。")
        raise BadInput(text % {"floor": yuan_words(floor)}, field=ShareKind.GROWER.value)
    missing = listing.price - sum((amounts[kind] for kind in ShareKind), Decimal(0))
    if missing:
        raise UnevenSplit(missing=missing)


@transaction.atomic
def publish_split(*, listing: Listing, amounts: Amounts) -> None:
    """Show where the price goes, instead of what was said before.

    Raises
    ------
    BadInput
        As ``check_split``; nothing is changed then.
    """
    row = Listing.objects.select_for_update(of=("self",)).select_related("form__crop")
    locked = row.select_related("form__raw_crop").get(pk=listing.pk)
    exact = {kind: yuan(amounts[kind]) for kind in ShareKind if kind in amounts}
    check_split(locked, exact)
    take_back_split(listing=locked)
    PriceShare.objects.bulk_create(
        PriceShare(listing=locked, kind=kind, amount=exact[kind]) for kind in ShareKind
    )


@transaction.atomic
def take_back_split(*, listing: Listing) -> None:
    """Show nothing of where the price goes; also when the price changes, so it is asked anew."""
    PriceShare.objects.filter(listing=listing).delete()
