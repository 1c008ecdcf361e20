"""The operator's desk: what waits today, and the shop's orders."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from core import clock
from core.http import page_of
from shop.models import PurchaseState
from shop.selectors.campaigns import campaigns_of, progress_of
from shop.selectors.drafts import drafts_for
from shop.selectors.voices import waiting_at
from shop.selectors.workspace import desk_of, orders_by_state, orders_of
from shop.views.desk import DeskRequest, desk

FEW = 3
ORDERS_PAGE = 30


@desk
@never_cache
def workspace(request: DeskRequest) -> HttpResponse:
    """Today at the shop."""
    at, on = clock.now(), clock.today()
    drafts = drafts_for(request.shop, on=on)
    running = campaigns_of([request.shop]).filter(state="live")[:FEW]
    orders = orders_of(request.shop, states=[PurchaseState.PLACED]).order_by("placed_at", "pk")
    context = {
        "shop": request.shop,
        "shops": request.shops,
        "counts": desk_of(request.shop, drafts=len(drafts)),
        "drafts": drafts[:FEW],
        "campaigns": [(one, progress_of(one, at=at)) for one in running],
        "orders": orders[:FEW],
        "waiting": waiting_at(request.shop, at=at),
        "pack_url": _packing_page(),
    }
    return render(request, "shop/workspace/today.html", context)


def _packing_page() -> str:
    """Packing belongs to logistics, above the shop; without it the orders are shown."""
    try:
        return reverse("logistics:pack")
    except NoReverseMatch:
        return reverse("shop:work_orders")


@desk
@never_cache
def orders(request: DeskRequest) -> HttpResponse:
    """The shop's own orders; the buyer's number is hidden once the goods are handed over."""
    asked = request.GET.get("state", "")
    states = [asked] if asked in PurchaseState.values else []
    counts = orders_by_state(request.shop)
    context = {
        "shop": request.shop,
        "state": asked if states else "",
        "states": [(key, label, counts.get(key, 0)) for key, label in PurchaseState.choices],
        "total": sum(counts.values()),
        "page": page_of(request, orders_of(request.shop, states=states), size=ORDERS_PAGE),
        "query": f"state={asked}" if states else "",
    }
    return render(request, "shop/workspace/orders.html", context)
