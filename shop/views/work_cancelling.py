"""The shop's desk: cancelling an order, or lines of it, that it cannot send."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import PlatformError
from shop.forms.after_sale import CancelLinesForm
from shop.models import Purchase, PurchaseState
from shop.selectors.order_money import order_money
from shop.selectors.orders import standing_lines, with_lines
from shop.services.shop_cancelling import cancel_lines
from shop.views.desk import DeskRequest, desk


@desk
@never_cache
@require_http_methods(["GET", "POST"])
def cancel_order(request: DeskRequest, code: str) -> HttpResponse:
    """Which lines cannot be sent, and why; their money goes back."""
    mine = Purchase.objects.filter(shop=request.shop)
    found = with_lines(mine.select_related("order__pledge_link__pledge", "shop", "station"))
    purchase = get_object_or_404(found, code=code)
    posted = request.method == "POST"
    lines = standing_lines(purchase) if purchase.state == PurchaseState.PLACED else []
    if posted and (not lines or _is_done(request, purchase)):
        messages.info(request, _("%s 没有再取消什么，现在是这样。") % code)
        return redirect("shop:work_order_cancel", code=code)
    form = CancelLinesForm(request.POST if posted else None, lines=lines)
    if posted and form.is_valid() and _cancelled(request, purchase, form):
        return redirect("shop:work_orders")
    context = {
        "shop": request.shop,
        "purchase": purchase,
        "lines": purchase.order.lines.all(),
        "money": order_money(purchase),
        "may_cancel": bool(lines),
        "form": form,
    }
    status = 422 if posted else 200
    return render(request, "shop/workspace/cancel_order.html", context, status=status)


def _is_done(request: DeskRequest, purchase: Purchase) -> bool:
    """The same form sent once more."""
    gone = {str(line.pk) for line in purchase.order.lines.all() if line.allocation_cancelled}
    asked = set(request.POST.getlist("lines"))
    return bool(asked) and asked <= gone


def _cancelled(request: DeskRequest, purchase: Purchase, form: CancelLinesForm) -> bool:
    typed = form.cleaned_data
    try:
        cancel_lines(
            code=purchase.code,
            line_pks=[int(pk) for pk in typed["lines"]],
            reason=typed["reason"],
            by=request.user,
            at=clock.now(),
        )
    except PlatformError as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else "lines", str(error))
        return False
    messages.success(request, _("取消好了，货放回去了，买家收到短信。"))
    return True
