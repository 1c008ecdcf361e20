"""The basket; it works without script."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

import payments
from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.checkout import PacksForm
from shop.http import ShopRequest
from shop.models import Listing
from shop.selectors.basket import basket_view, parcel_charges
from shop.selectors.storefront import county_names, published_listings, ripe_listings, tiles
from shop.services.baskets import add_to_basket, change_packs

RIPE_SHOWN = 4
LOOKED_THROUGH = 40


@never_cache
def basket(request: ShopRequest) -> HttpResponse:
    """The basket, a parcel for each shop; an empty one shows what is ripe."""
    view = basket_view(request.basket)
    context: dict[str, Any] = {"basket": view, "again": request.session.pop("again", None)}
    if view.lines:
        charges = parcel_charges(view, on=clock.today())
        context |= {
            "charges": charges,
            "pays_online": payments.enabled(),
            "least": sum(one.least for one in charges),
            "most": sum(one.most for one in charges),
        }
    else:
        context["ripe"] = tiles(
            ripe_listings()[:RIPE_SHOWN], on=clock.today(), counties=county_names()
        )
    return render(request, "shop/checkout/basket.html", context)


def _one_each(ripe: QuerySet[Listing]) -> list[Listing]:
    """A few listings, no crop twice."""
    by_crop: dict[str, Listing] = {}
    for listing in ripe[:LOOKED_THROUGH]:
        by_crop.setdefault(listing.form.crop.key, listing)
    return list(by_crop.values())[:RIPE_SHOWN]


@require_POST
def basket_add(request: ShopRequest, code: str) -> HttpResponse:
    """Put packs of a listing in the basket, then stay there or go on to checkout."""
    listing = get_object_or_404(published_listings(), code=code.upper())
    form = PacksForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["packs"])))
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
    messages.success(request, said % {"title": listing.title, "held": held})
    return redirect("shop:basket")


@require_POST
def basket_change(request: ShopRequest, line_id: int) -> HttpResponse:
    """Set or take out one line."""
    form = PacksForm({"packs": "0"} if "remove" in request.POST else request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["packs"])))
        return redirect("shop:basket")
    try:
        change_packs(basket=request.basket, line_id=line_id, packs=form.cleaned_data["packs"])
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:basket")
