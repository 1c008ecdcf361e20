"""Basket and checkout; both pages work without script."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.contact import known_contact
from shop.forms.checkout import CheckoutForm, PacksForm
from shop.http import ShopRequest
from shop.models import Purchase
from shop.selectors.basket import (
    BasketView,
    ProvinceCharge,
    basket_view,
    collection_stations,
    province_charges,
)
from shop.selectors.orders import purchases_for
from shop.selectors.storefront import published_listings
from shop.services.baskets import add_to_basket, change_packs, check_out
from shop.views.shown import remember, shown_codes


@never_cache
def basket(request: ShopRequest) -> HttpResponse:
    """The basket, a parcel for each shop."""
    view = basket_view(request.basket)
    charges = province_charges(view, on=clock.today()) if view.lines else []
    context = {
        "basket": view,
        "cheapest": min(charges, key=lambda one: one.charge, default=None),
        "dearest": max(charges, key=lambda one: one.charge, default=None),
    }
    return render(request, "shop/checkout/basket.html", context)


@require_POST
def basket_add(request: ShopRequest, code: str) -> HttpResponse:
    """Put packs of a listing in the basket, then stay there or go on to checkout."""
    listing = get_object_or_404(published_listings(), code=code.upper())
    form = PacksForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["packs"].as_text())
        return redirect("shop:listing", code=listing.code)
    try:
        held = add_to_basket(
            basket=request.basket, listing=listing, packs=form.cleaned_data["packs"]
        )
    except PlatformError as error:
        say_error(request, error)
        return redirect("shop:listing", code=listing.code)
    if "now" in request.POST:
        return redirect("shop:checkout")
    said = _("放进篮子了：%(title)s，一共 %(held)d 份。")
    messages.success(request, said % {"title": listing.product.title, "held": held})
    return redirect("shop:basket")


@require_POST
def basket_change(request: ShopRequest, line_id: int) -> HttpResponse:
    """Set or take out one line."""
    form = PacksForm({"packs": "0"} if "remove" in request.POST else request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["packs"].as_text())
        return redirect("shop:basket")
    try:
        change_packs(basket=request.basket, line_id=line_id, packs=form.cleaned_data["packs"])
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:basket")


@never_cache
def checkout(request: ShopRequest) -> HttpResponse:
    """Everything an order needs on one page."""
    if request.method == "POST":
        return _submit(request)
    view = basket_view(request.basket)
    if not view.lines:
        return redirect("shop:basket")
    charges = province_charges(view, on=clock.today())
    form = _form(request, view, charges, initial=_initial(request, view))
    return _checkout_page(request, view, form, charges)


def _submit(request: ShopRequest) -> HttpResponse:
    key = request.POST.get("checkout_key", "")[:40]
    if key and key in request.session.get("checkouts", []):
        return redirect("shop:placed", key=key)
    view = basket_view(request.basket)
    if not view.lines:
        messages.warning(request, _("篮子是空的，或者已经下过单了。"))
        return redirect("shop:basket")
    charges = province_charges(view, on=clock.today())
    form = _form(request, view, charges, data=request.POST)
    if form.is_valid() and _still_the_same(form, view):
        try:
            return _place(request, form, key)
        except PlatformError as error:
            form.add_error(None, str(error))
    return _checkout_page(request, view, form, charges, status=422)


def _place(request: ShopRequest, form: CheckoutForm, key: str) -> HttpResponse:
    purchases = check_out(
        basket=request.basket,
        contact=form.contact,
        fulfilment=form.chosen,
        checkout_key=key,
        user=request.user if request.user.is_authenticated else None,
        at=clock.now(),
    )
    remember(request, purchases)
    request.session["checkouts"] = [*request.session.get("checkouts", []), key][-10:]
    return redirect("shop:placed", key=key)


def _still_the_same(form: CheckoutForm, view: BasketView) -> bool:
    """What is ordered is what was shown: prices and packs may have moved in another tab."""
    if form.cleaned_data["seen_goods"] == view.goods:
        return True
    form.data = {**form.data.dict(), "seen_goods": str(view.goods)}  # type: ignore[attr-defined]
    form.add_error(None, _("篮子里的东西或价钱变了，看一眼新的合计再下单。"))
    return False


def _initial(request: ShopRequest, view: BasketView) -> dict[str, Any]:
    return {
        **known_contact(request.user),
        "checkout_key": uuid4().hex,
        "seen_goods": view.goods,
    }


def _form(
    request: ShopRequest, view: BasketView, charges: list[ProvinceCharge], **kwargs: Any
) -> CheckoutForm:
    return CheckoutForm(
        stations=collection_stations(),
        provinces=charges,
        perishable=bool(view.perishables),
        **kwargs,
    )


def _checkout_page(
    request: ShopRequest,
    view: BasketView,
    form: CheckoutForm,
    charges: list[ProvinceCharge],
    *,
    status: int = 200,
) -> HttpResponse:
    chosen = form["province_code"].value()
    context = {
        "basket": view,
        "form": form,
        "zones": _by_zone(charges),
        "charge": next((one for one in charges if one.code == chosen), None),
    }
    return render(request, "shop/checkout/checkout.html", context, status=status)


def _by_zone(charges: list[ProvinceCharge]) -> list[dict[str, Any]]:
    zones: dict[tuple[Decimal, str], list[ProvinceCharge]] = {}
    for one in charges:
        zones.setdefault((one.charge, one.zone), []).append(one)
    return [
        {
            "zone": name,
            "charge": charge,
            "names": "、".join(one.name for one in ones),
            "one": ones[0],
        }
        for (charge, name), ones in sorted(zones.items(), key=lambda item: item[0])
    ]


@never_cache
def placed(request: ShopRequest, key: str) -> HttpResponse:
    """Thanks, and the code of every order of this checkout."""
    found = purchases_for(request.user, shown=shown_codes(request)).filter(checkout_key=key)
    purchases = list(found.order_by("shop_id").prefetch_related("order__lines"))
    if not purchases:
        return redirect("shop:find_order")
    context = {"purchases": purchases, "total": _total(purchases), "first": purchases[0]}
    return render(request, "shop/checkout/placed.html", context)


def _total(purchases: list[Purchase]) -> Decimal:
    return sum((one.order.total_incl_tax for one in purchases), Decimal("0.00"))
