"""Putting packs in a basket, changing them, and turning the basket into orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from growers.models import User
from shop.availability import availability_of, season_reason
from shop.contact import Contact, Fulfilment, OrderTerms
from shop.errors import NotEnoughStock, NotForSale, Shortage
from shop.models import Listing, Purchase
from shop.selectors.basket import basket_view
from shop.selectors.credits import NOBODY, Holder
from shop.selectors.storefront import free_of
from shop.services.order_payments import ask_of
from shop.services.placing import place_orders, placed_with
from shop.services.vouchers import use_voucher

MOST_PACKS = 99


@transaction.atomic
def add_to_basket(*, basket: Any, listing: Listing, packs: int) -> int:
    """Put packs in; return how many of this listing are in the basket now.

    Raises
    ------
    BadInput
        When the number of packs is not from 1 to 99.
    NotForSale
        When the listing cannot be bought now.
    NotEnoughStock
        When fewer packs are free than the basket would hold.
    """
    _check_packs(packs)
    reason = season_reason(listing)
    if reason:
        raise NotForSale(reason)
    _line, held = _held(basket, listing)
    _check_free(listing, held + packs)
    line, _made = basket.add_product(listing.product, packs)
    return int(line.quantity)


@transaction.atomic
def change_packs(*, basket: Any, line_id: int, packs: int) -> None:
    """Set a line's packs; none takes the line out.

    Raises
    ------
    BadInput
        When the line is not in this basket, or the number is out of range.
    NotEnoughStock
        When fewer packs are free.
    """
    line = _line_of(basket, line_id)
    if line is None:
        raise BadInput(_("这件山货已经不在篮子里。"))
    if packs == 0:
        line.delete()
    else:
        _check_packs(packs)
        if packs > line.quantity:
            _check_free(line.product.listing, packs)
        line.quantity = packs
        line.save()
    basket._lines = None  # Oscar keeps the lines it read


def _line_of(basket: Any, line_id: int) -> Any:
    if basket.pk is None:
        return None
    return basket.lines.select_related("product__listing").filter(pk=line_id).first()


def _held(basket: Any, listing: Listing) -> tuple[Any, int]:
    line = basket.lines.filter(product=listing.product).first() if basket.pk else None
    return line, line.quantity if line else 0


def _check_packs(packs: int) -> None:
    if not 1 <= packs <= MOST_PACKS:
        text = _("份数写 1 到 %(most)d 之间的数。")
        raise BadInput(text % {"most": MOST_PACKS}, field="packs")


def _check_free(listing: Listing, wanted: int) -> None:
    answer = availability_of(listing, free=free_of(listing))
    if wanted > answer.free_packs:
        title = listing.title
        raise NotEnoughStock([Shortage(listing.code, title, wanted, answer.free_packs)])


class Ordering(TypedDict):
    """What ``place_orders`` is told beside the goods."""

    contact: Contact
    fulfilment: Fulfilment
    checkout_key: str
    user: User | None
    at: datetime
    terms: OrderTerms


@dataclass(frozen=True)
class Brings:
    """What goes in before money: a voucher's code, and a person's credit as it was shown (fen)."""

    voucher: str = ""
    holder: Holder = NOBODY
    seen_credit: int = 0


@transaction.atomic
def check_out(*, basket: Any, brings: Brings, **order: Unpack[Ordering]) -> list[Purchase]:
    """Turn a basket into one order a shop and close it, all in one transaction.

    Raises
    ------
    NotAllowed
        When the basket was ordered under another key, or the voucher is not for it.
    NotForSale, NotEnoughStock, BadInput
        As ``place_orders``; or the credit is not what was shown.
    """
    locked = _locked(basket)
    placed = placed_with(order["checkout_key"], order["contact"])
    if placed:
        return placed
    if locked is None or not locked.can_be_edited:
        raise NotAllowed(_("这个篮子已经下过单了。"))
    purchases = place_orders(basket_lines=basket_view(locked).wanted, **order)
    if order["terms"].hold_until is not None:
        _ask(purchases, brings, at=order["at"])
    _close(locked, at=order["at"])
    return purchases


def _locked(basket: Any) -> Any:
    """The basket's row, locked first, so that two tabs cannot order the same basket twice."""
    rows = get_model("basket", "Basket").objects.select_for_update()
    found = rows.filter(pk=basket.pk).first()
    if found is not None:
        found.strategy = basket.strategy
    return found


def _ask(purchases: list[Purchase], brings: Brings, *, at: datetime) -> None:
    use_voucher(code=brings.voucher, purchases=purchases, at=at)
    ask_of(purchases=purchases, holder=brings.holder, seen_credit=brings.seen_credit, at=at)


def _close(basket: Any, *, at: datetime) -> None:
    basket.status, basket.date_submitted = basket.SUBMITTED, at
    basket.save(update_fields=["status", "date_submitted"])
