"""A buyer's orders: one order, finding it without an account, and the account page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of, say_error
from shop.forms.order_lookup import OrderLookupForm
from shop.models import PurchaseState
from shop.selectors.orders import (
    buyer_may_cancel,
    orders_of,
    purchase_by_code_and_mobile,
    purchases_for,
    timeline,
)
from shop.selectors.pledges import pledges_of
from shop.selectors.provinces import province_name
from shop.services.moving import cancel_order
from shop.views.shown import remember, shown_codes


@never_cache
def order(request: HttpRequest, code: str) -> HttpResponse:
    """One order on its way; a stranger gets 404."""
    found = purchases_for(request.user, shown=shown_codes(request))
    found = found.prefetch_related("changes", "order__lines__product__listing__form__crop")
    purchase = get_object_or_404(found, code=code.upper())
    collection = getattr(purchase, "collection", None)
    context = {
        "purchase": purchase,
        "lines": purchase.order.lines.all(),
        "steps": timeline(purchase),
        "collection": collection,
        "to_pay": collection is None and purchase.state != PurchaseState.CANCELLED,
        "may_cancel": buyer_may_cancel(purchase),
        "province": province_name(purchase.province_code),
    }
    return render(request, "shop/orders/order.html", context)


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """The buyer cancels an order that is not packed yet."""
    found = purchases_for(request.user, shown=shown_codes(request))
    purchase = get_object_or_404(found, code=code.upper())
    if not buyer_may_cancel(purchase):
        messages.error(request, _("这一单已经不能取消了，有事请打村店电话。"))
        return redirect("shop:order", code=purchase.code)
    user = request.user if request.user.is_authenticated else None
    try:
        cancel_order(code=purchase.code, by=user, at=clock.now())
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:order", code=purchase.code)


@never_cache
def find_order(request: HttpRequest) -> HttpResponse:
    """Code and mobile open an order in this browser."""
    form = OrderLookupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = purchase_by_code_and_mobile(
            code=form.cleaned_data["code"], mobile=form.cleaned_data["mobile"]
        )
        if found is not None:
            remember(request, [found])
            return redirect("shop:order", code=found.code)
        form.add_error(None, _("没有这样的订单：订单号和手机号要对得上。"))
    status = 422 if form.errors else 200
    return render(request, "shop/orders/find.html", {"form": form}, status=status)


@login_required
@never_cache
def account(request: MemberRequest) -> HttpResponse:
    """Own orders and pledges."""
    page = page_of(request, orders_of(request.user), size=20)
    context = {"page": page, "pledges": pledges_of(request.user)[:20]}
    return render(request, "shop/orders/account.html", context)
