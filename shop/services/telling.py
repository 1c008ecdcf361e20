"""Telling buyers what happened to what they bought or reserved.

Each message is written in the transaction of what it tells of, under a key that names the
happening: what is undone is not told, and what is done twice is told once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.templatetags.shanhuo import day_range, moment, yuan
from core.units import from_fen
from notices.services import NewNotice, send_notices
from shop import order_wording as paying
from shop import wording
from shop.models import FulfilmentKind, Pledge, Purchase, PurchaseState
from shop.selectors.bills import voucher_fen
from shop.selectors.orders import named_goods, packs_of

Window = tuple[date, date]
# What a message about a reservation reads.
WORDS = (
    "campaign__listing__product",
    "campaign__listing__form__crop",
    "campaign__listing__variety",
    "campaign__listing__grade",
    "order_link__order__purchase",
)


def order_address(code: str) -> str:
    """Where a buyer reads one order; whoever is not known as its buyer proves the number there."""
    return f"{reverse('shop:find_order')}?code={code}"


def pledge_address(code: str) -> str:
    """Where a buyer reads one reservation, as ``order_address``."""
    return f"{reverse('shop:find_pledge')}?code={code}"


def tell_order(*, purchase: Purchase, at: datetime) -> None:
    """Tell the buyer where the order is, if that is worth a message: placed, sent, cancelled."""
    template = _order_template(purchase)
    if template:
        tell_of_order(purchase, template, happening=str(purchase.state), at=at)


def tell_of_order(
    purchase: Purchase, template: str, *, happening: str, at: datetime, **more: str
) -> None:
    """Tell the buyer one thing about an order, once for each happening."""
    with override(purchase.language):
        words = {**_order_words(purchase), **more}
    key = f"order:{purchase.code}:{happening}"
    send_notices([NewNotice(key, purchase.mobile, template, words, purchase.language)], at=at)


def _order_template(purchase: Purchase) -> str:
    collect = purchase.fulfilment == FulfilmentKind.COLLECT
    if purchase.paid_at is not None:
        return {
            str(PurchaseState.PLACED): paying.PAID_COLLECT if collect else paying.PAID_DELIVERY,
            str(PurchaseState.SENT): paying.SENT_PAID,
            str(PurchaseState.CANCELLED): paying.CANCELLED_PAID,
        }.get(purchase.state, "")
    return {
        str(PurchaseState.PLACED): wording.PLACED_COLLECT if collect else wording.PLACED_DELIVERY,
        str(PurchaseState.SENT): wording.SENT_COLLECT if collect else wording.SENT_DELIVERY,
        str(PurchaseState.CANCELLED): wording.ORDER_CANCELLED,
    }.get(purchase.state, "")


def _order_words(purchase: Purchase) -> dict[str, str]:
    return {
        "code": purchase.code,
        "goods": goods_of(_lines_of(purchase)),
        "total": yuan(purchase.order.total_incl_tax - from_fen(voucher_fen(purchase))),
        "days": day_range(purchase.promised_from_on, purchase.promised_to_on),
        "station": purchase.station.name if purchase.station else "",
        "link": order_address(purchase.code),
    }


def _lines_of(purchase: Purchase) -> list[Any]:
    """The lines that stand, in their order; all of them where none does."""
    lines = purchase.order.lines.select_related(
        "product__listing__form__crop", "product__listing__variety", "product__listing__grade"
    )
    return [line for line in lines if not line.allocation_cancelled] or list(lines)


def goods_of(lines: Sequence[Any]) -> str:
    """Goods in the language of the moment; the first and how many more when there are several."""
    first = named_goods(lines[:1])[0]
    if len(lines) == 1:
        return first
    return _("%(goods)s 等 %(kinds)d 样") % {"goods": first, "kinds": len(lines)}


def tell_pledges(
    *, pledges: Iterable[Pledge], template: str, at: datetime, moved: Sequence[Window] = ()
) -> None:
    """Tell the people behind reservations of one happening, each once.

    The pledges come from ``with_words``. ``moved`` are the promised windows before and after.
    """
    send_notices([_pledge_notice(one, template, at=at, moved=moved) for one in pledges], at=at)


def _pledge_notice(
    pledge: Pledge, template: str, *, at: datetime, moved: Sequence[Window]
) -> NewNotice:
    with override(pledge.language):
        words = pledge_words(pledge)
        windows = [day_range(*window) for window in moved]
    key = f"{template}:{pledge.code}"
    if windows:
        words |= {"old": windows[0], "new": windows[1]}
        # One campaign may be moved more than once, even back again.
        key = f"{key}:{at.isoformat()}"
    return NewNotice(key, pledge.mobile, template, words, pledge.language)


def pledge_words(pledge: Pledge) -> dict[str, str]:
    """What every message about a reservation may say, in the language of the moment."""
    campaign = pledge.campaign
    words = {
        "code": pledge.code,
        "goods": packs_of(campaign.listing.title, pledge.packs),
        "deadline": moment(campaign.deadline_at),
        "days": day_range(campaign.promised_from_on, campaign.promised_to_on),
        "link": pledge_address(pledge.code),
    }
    link = getattr(pledge, "order_link", None)
    if link is not None:
        code = link.order.purchase.code
        words |= {"order": code, "link": order_address(code)}
    return words


def with_words(pledges: "QuerySet[Pledge]") -> list[Pledge]:
    """Reservations as ``tell_pledges`` wants them, in one query."""
    return list(pledges.select_related(*WORDS).order_by("pk"))
