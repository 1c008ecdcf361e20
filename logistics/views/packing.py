"""The operator packs from lots and sends."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, asked, page_of, say_error
from logistics.selectors.access import operated_shops
from logistics.selectors.orders import (
    orders_of_operator,
    orders_on_the_way,
    orders_to_pack,
    pick_plans,
)
from logistics.services.packing import pack_order, send_order
from shop.models import PurchaseState

PAGE = 20


@login_required
@require_GET
def pack_orders(request: MemberRequest) -> HttpResponse:
    """Each order with its picks, then what is packed or on its way."""
    on = clock.today()
    shops = list(operated_shops(user=request.user, on=on))
    if not shops:
        raise Http404
    typed = asked(request, "q", most=16).upper()
    waiting = orders_to_pack(user=request.user, on=on)
    if typed:
        waiting = waiting.filter(code__contains=typed)
    page = page_of(request, waiting, size=PAGE)
    under_way = list(orders_on_the_way(user=request.user, on=on)[:50])
    context = {
        "shops": shops,
        "page": page,
        "typed": typed,
        "plans": pick_plans(page.object_list, on=on),
        "packed": [one for one in under_way if one.state == PurchaseState.PACKED],
        "by_post": [one for one in under_way if one.state == PurchaseState.SENT],
    }
    return render(request, "logistics/work/pack.html", context)


@login_required
@require_POST
def mark_packed(request: MemberRequest, code: str) -> HttpResponse:
    """The order is packed from the lots that were shown."""
    _own(request, code)
    try:
        packing = pack_order(code=code, by=request.user, at=clock.now())
        messages.success(
            request,
            _("%(order)s 打好包了，装箱单 %(packing)s。")
            % {"order": code, "packing": packing.code},
        )
    except PlatformError as error:
        say_error(request, error)
    return redirect("logistics:pack")


@login_required
@require_POST
def mark_sent(request: MemberRequest, code: str) -> HttpResponse:
    """The order left the shop."""
    _own(request, code)
    try:
        send_order(code=code, by=request.user, at=clock.now())
        messages.success(request, _("%s 发出去了。") % code)
    except PlatformError as error:
        say_error(request, error)
    return redirect("logistics:pack")


def _own(request: MemberRequest, code: str) -> None:
    get_object_or_404(orders_of_operator(user=request.user, on=clock.today()), code=code)
