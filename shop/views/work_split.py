"""Saying where a price goes, at a shop's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import PlatformError
from shop.forms.price_split import PriceSplitForm
from shop.selectors.price_split import amounts_of
from shop.services.price_split import publish_split, take_back_split
from shop.views.desk import DeskRequest, desk
from shop.views.work_listings import listing_page, own_listing


@desk
@require_POST
def split(request: DeskRequest, code: str) -> HttpResponse:
    """Show the split, or take it back; what does not add up is said beside the amounts."""
    one = own_listing(request, code)
    if "remove" in request.POST:
        take_back_split(listing=one)
        messages.success(request, _("不再公开这件货的钱去了哪里。"))
        return redirect("shop:work_listing", code=one.code)
    form = PriceSplitForm(request.POST, listing=one, amounts=amounts_of(one.price_shares.all()))
    if form.is_valid():
        try:
            publish_split(listing=one, amounts=form.amounts)
            messages.success(request, _("公开了，买的人在这件货的页面上看得到。"))
            return redirect("shop:work_listing", code=one.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return listing_page(request, one, split_form=form, status=422)
