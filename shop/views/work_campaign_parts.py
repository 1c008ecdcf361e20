"""The boxes and stretch goals of a draft, at the shop's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import PlatformError
from shop.campaign_terms import hash_of_terms
from shop.forms.campaign_parts import PartsForm
from shop.models import Campaign, CampaignState
from shop.price_rules import floor_price
from shop.services.campaign_parts import write_parts
from shop.services.pledges import most_packs
from shop.views.desk import DeskRequest, desk
from shop.views.work_campaign_draft import own_campaign


@desk
@never_cache
@require_http_methods(["GET", "POST"])
def parts(request: DeskRequest, code: str) -> HttpResponse:
    """Write them all at once; what was submitted is taken back first."""
    one = own_campaign(request, code)
    if one.state != CampaignState.DRAFT:
        return redirect("shop:work_campaign", code=one.code)
    form = PartsForm(one, request.POST if request.method == "POST" else None)
    seen = form.seen
    if request.method == "GET":
        seen = hash_of_terms(one)
    elif form.is_valid():
        try:
            return _save(request, one, form)
        except PlatformError as error:
            form.refuse(error)
            seen = hash_of_terms(one)  # by now they are told if somebody changed it
    context = {
        "shop": request.shop,
        "campaign": one,
        "form": form,
        "seen": seen,
        "floor": floor_price(one.listing.form, one.listing.pack_weight_g),
        "most_each": most_packs(one),
    }
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/campaign_parts.html", context, status=status)


def _save(request: DeskRequest, one: Campaign, form: PartsForm) -> HttpResponse:
    write_parts(
        code=one.code,
        boxes=form.typed_boxes,
        goals=form.typed_goals,
        seen=form.seen,
        by=request.user,
    )
    messages.success(request, _("存好了。没错就交给合作社批。"))
    return redirect("shop:work_campaign", code=one.code)
