"""One order of a buyer: its way, its receipt, cancelling it, buying the same again."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from core.units import from_fen
from shop.http import ShopRequest
from shop.models import Purchase, PurchaseState
from shop.money import told_share
from shop.selectors.bills import bill_of
from shop.selectors.order_money import order_money, refunds_of
from shop.selectors.order_steps import is_late, timeline, what_next
from shop.selectors.orders import (
    LINE_LISTING,
    buyer_may_cancel,
    purchases_for,
    split_of,
    with_lines,
)
from shop.selectors.reviews import review_links
from shop.selectors.setbacks import sent_in_part
from shop.services.again import buy_again
from shop.services.invoices import invoice_fen
from shop.services.moving import cancel_order
from shop.services.order_payments import cancel_awaiting
from shop.services.order_refunds import cancel_paid
from shop.views.shown import shown_codes


def _own(request: HttpRequest, code: str, *extra: str) -> Purchase:
    """The order with its lines, if this visitor may see it; else 404."""
    found = with_lines(purchases_for(request.user, shown=shown_codes(request)))
    purchase: Purchase = get_object_or_404(found.prefetch_related(*extra), code=code.upper())
    return purchase


@never_cache
def order(request: HttpRequest, code: str) -> HttpResponse:
    """One order on its way; a stranger gets 404."""
    purchase = _own(request, code, "changes", "returns__photos")
    on = clock.today()
    context = {
        **_money(purchase),
        "part_g": _sent_part(purchase),
        "steps": timeline(purchase),
        "next": what_next(purchase, on=on),
        "is_late": is_late(purchase, on=on),
        "may_cancel": buyer_may_cancel(purchase, at=clock.now()),
        "review_links": review_links(purchase),
        "refunds": list(refunds_of(purchase)),
        "returns": purchase.returns.all(),
        "share": told_share(purchase),
        "invoice": getattr(purchase, "invoice", None),
        "may_invoice": invoice_fen(purchase) > 0,
    }
    return render(request, "shop/orders/order.html", context)


def _money(purchase: Purchase) -> dict[str, Any]:
    """What was bought, what it comes to and whether it is paid."""
    collection = getattr(purchase, "collection", None)
    is_paid = purchase.paid_at is not None
    waits = purchase.state == PurchaseState.AWAITING
    is_open = collection is None and not is_paid and purchase.state != PurchaseState.CANCELLED
    money = order_money(purchase) if is_paid or waits else None
    bill = bill_of(purchase)
    return {
        "purchase": purchase,
        "lines": purchase.order.lines.all(),
        "goods": from_fen(bill.goods),
        "collection": collection,
        "to_pay": is_open,
        "waits": waits,
        "due": from_fen(bill.left),
        "voucher": bill.voucher,
        "credit": bill.credit,
        "paid": money if is_paid else None,
    }


def _sent_part(purchase: Purchase) -> int | None:
    """Grams that are sent where a pre-sale's harvest was short."""
    of_presale = hasattr(purchase.order, "pledge_link")
    return sent_in_part([purchase]).get(purchase.pk) if of_presale else None


@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet to print: who sold what to whom, and every fen of it."""
    purchase = _own(request, code, f"{LINE_LISTING}__price_shares")
    context = {**_money(purchase), "split": split_of(purchase)}
    return render(request, "shop/orders/receipt.html", context)


@require_POST
def again(request: ShopRequest, code: str) -> HttpResponse:
    """Put what can be bought of an order into the basket, and say there what cannot."""
    purchase = _own(request, code)
    request.session["again"] = asdict(buy_again(basket=request.basket, purchase=purchase))
    return redirect("shop:basket")


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """The buyer cancels an order that is not packed yet."""
    found = purchases_for(request.user, shown=shown_codes(request))
    purchase = get_object_or_404(found, code=code.upper())
    if not buyer_may_cancel(purchase, at=clock.now()):
        messages.error(request, _("这一单已经不能取消了，有事请打村店电话。"))
        return redirect("shop:order", code=purchase.code)
    user = request.user if request.user.is_authenticated else None
    try:
        _cancel(purchase, user)
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:order", code=purchase.code)


def _cancel(purchase: Purchase, user: Any) -> None:
    """Let go what is not paid; give back what is."""
    told = {"code": purchase.code, "by": user, "at": clock.now()}
    if purchase.state == PurchaseState.AWAITING:
        cancel_awaiting(**told)
    elif purchase.paid_at is not None:
        cancel_paid(**told, reason=_("买家取消了订单"))
    else:
        cancel_order(**told)
