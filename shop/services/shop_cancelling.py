"""The shop cannot send an order, or some lines of it: they are cancelled before packing.

The packs are free again and what the buyer brought goes back, the same way as any refund.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import BadInput, NotAllowed
from growers.models import User
from shop import order_wording as paying
from shop.models import CampaignState, LineCancellation, Pledge, Purchase, PurchaseState
from shop.selectors.order_money import line_fen, line_voucher_fen, order_money
from shop.selectors.orders import standing_lines
from shop.services.choosing import close_choices
from shop.services.double_deposits import owe_doubles
from shop.services.moving import cancel_order, free_lines
from shop.services.order_refunds import cancel_paid, locked_order, refund_order, refuse_strangers
from shop.services.pledge_moves import locked_pledge
from shop.services.pledge_payments import paid_fen
from shop.services.telling import goods_of, tell_of_order
from shop.services.vouchers import pay_back_part


@transaction.atomic
def cancel_lines(
    *, code: str, line_pks: Iterable[int], reason: str, by: User | None, at: datetime
) -> Purchase:
    """Cancel lines of an order that is not packed yet; asked again it changes nothing more.

    With its last line the order itself is cancelled, and carriage goes back too; where it came of
    a reservation with a deposit the seller has failed, and the deposit goes back twice.

    Raises
    ------
    BadInput
        No reason is given, or no line of this order is chosen.
    NotAllowed
        The person does not operate the shop, the order is packed or waits for its payment, or
        only some lines of an order are chosen that is paid at the handing over.
    """
    pledge = _pledge_of(code)
    purchase = locked_order(code)
    refuse_strangers(purchase, by=by, at=at)
    if not reason.strip():
        raise BadInput(_("写上为什么取消，买家看得到。"), field="reason")
    wanted = set(line_pks)
    lines = [line for line in purchase.order.lines.all() if line.pk in wanted]
    if not lines:
        raise BadInput(_("勾上要取消的货。"), field="lines")
    fresh = [line for line in lines if not line.allocation_cancelled]
    if fresh:
        _refuse_late(purchase)
        before = paid_fen(pledge) if pledge else 0
        _cancel(purchase, fresh, reason=reason.strip(), by=by, at=at)
        if pledge:
            _follow(pledge, purchase, before=before, at=at)
    return purchase


def _pledge_of(code: str) -> Pledge | None:
    """The reservation an order came from, locked before the order as everywhere."""
    rows = Pledge.objects.filter(order_link__order__purchase__code=code)
    pledge = rows.values_list("code", flat=True).first()
    return locked_pledge(pledge) if pledge else None


def _follow(pledge: Pledge, purchase: Purchase, *, before: int, at: datetime) -> None:
    """Of the whole order nothing comes: no choice is left, and a deposit goes back twice."""
    purchase.refresh_from_db(fields=["state"])
    if purchase.state != PurchaseState.CANCELLED:
        return
    close_choices(pledge, refund_fen=before - paid_fen(pledge), at=at)
    if pledge.campaign.state == CampaignState.SUCCEEDED:
        owe_doubles([pledge], at=at)


def _refuse_late(purchase: Purchase) -> None:
    if purchase.state != PurchaseState.PLACED:
        facts = {"code": purchase.code, "state": purchase.get_state_display()}
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，不能取消了；要退钱到“退款”里退。") % facts)


def _cancel(
    purchase: Purchase, lines: Sequence[Any], *, reason: str, by: User | None, at: datetime
) -> None:
    facts: dict[str, Any] = {"by": by, "at": at}
    LineCancellation.objects.bulk_create(
        LineCancellation(line=line, purchase=purchase, reason=reason[:200], **facts)
        for line in lines
    )
    is_all = len(lines) == len(standing_lines(purchase))
    if is_all and purchase.paid_at is not None:
        cancel_paid(code=purchase.code, reason=reason, tell=False, **facts)
    elif is_all:
        cancel_order(code=purchase.code, tell=False, **facts)
    else:
        _take_out(purchase, lines, reason=reason, **facts)
    _tell(purchase, lines, reason=reason, at=at)


def _take_out(
    purchase: Purchase, lines: Sequence[Any], *, reason: str, by: User | None, at: datetime
) -> None:
    """Some lines go, the order stands; carriage stays what it was."""
    if purchase.paid_at is None:
        raise NotAllowed(_("没在网上付过的订单只能整单取消。"))
    voucher = sum(line_voucher_fen(purchase, line) for line in lines)
    amount = sum(line_fen(purchase, line, packs=line.quantity) for line in lines)
    amount = min(amount, order_money(purchase).left)
    free_lines(lines)
    key = f"lines:{purchase.code}:{min(line.pk for line in lines)}"
    if amount:
        refund_order(
            code=purchase.code, amount_fen=amount, reason=reason[:200], key=key, by=by, at=at
        )
    pay_back_part(purchase, voucher, key=key, at=at)


def _tell(purchase: Purchase, lines: Sequence[Any], *, reason: str, at: datetime) -> None:
    template = paying.LINES_CANCELLED_PAID if purchase.paid_at else paying.LINES_CANCELLED
    with override(purchase.language):
        goods = goods_of(lines)
    happening = f"lines:{min(line.pk for line in lines)}"
    tell_of_order(purchase, template, happening=happening, at=at, goods=goods, reason=reason)
