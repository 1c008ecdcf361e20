"""A campaign before it opens, at the shop's desk: written, changed, submitted, taken back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

import payments
from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.campaign import CampaignForm
from shop.models import Campaign, CampaignState, Listing
from shop.selectors.campaigns import (
    CampaignRoom,
    campaign_room,
    campaigns_of,
    listings_without_campaign,
    suggested_terms,
)
from shop.services.approving import submit_campaign, take_back_campaign
from shop.services.opening import change_draft, draft_campaign
from shop.views.desk import DeskRequest, desk


@desk
@never_cache
def new_campaign(request: DeskRequest, code: str) -> HttpResponse:
    """Write a campaign for one of the shop's listings."""
    free = listings_without_campaign([request.shop])
    rows = free.select_related("product", "form__crop", "form__raw_crop", "origin", "shop")
    listing: Listing = get_object_or_404(rows, code=code.upper())
    return _page(request, listing)


@desk
@never_cache
def edit(request: DeskRequest, code: str) -> HttpResponse:
    """Change a draft; what was submitted is taken back first."""
    one = own_campaign(request, code)
    if one.state != CampaignState.DRAFT:
        return redirect("shop:work_campaign", code=one.code)
    return _page(request, one.listing, one)


def own_campaign(request: DeskRequest, code: str) -> Campaign:
    """A campaign of the shop; another's is 404."""
    found: Campaign = get_object_or_404(campaigns_of([request.shop]), code=code.upper())
    return found


def take_step(
    request: DeskRequest, one: Campaign, step: Callable[[], object], *, said: str
) -> HttpResponse:
    """Take a step and go back to the campaign's page, which says what was done, or why not."""
    try:
        step()
        messages.success(request, said)
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:work_campaign", code=one.code)


def _page(request: DeskRequest, listing: Listing, one: Campaign | None = None) -> HttpResponse:
    room = campaign_room(listing, on=clock.today(), campaign=one)
    form = _form(listing, room, request.POST if request.method == "POST" else None, one)
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, listing, form, one)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    context = {
        "shop": request.shop,
        "listing": listing,
        "room": room,
        "form": form,
        "campaign": one,
    }
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/campaign_new.html", context, status=status)


def _form(
    listing: Listing, room: CampaignRoom | None, data: Any, one: Campaign | None
) -> CampaignForm:
    written = suggested_terms(listing, room, on=clock.today())
    if one is not None:
        written = CampaignForm.written(one, at=clock.now())
    form = CampaignForm(data, initial=written, pays_online=payments.enabled())
    if room is not None:
        text = _("按收成最多 %(most)d 份，不能再多。")
        form.fields["cap_packs"].help_text = text % {"most": room.most_packs}
    return form


def _save(
    request: DeskRequest, listing: Listing, form: CampaignForm, one: Campaign | None
) -> HttpResponse:
    at = clock.now()
    terms = form.terms(at=at, before=one)
    facts: dict[str, Any] = {"terms": terms, "by": request.user, "at": at}
    if one is None:
        one = draft_campaign(listing=listing, **facts)
    else:
        one = change_draft(code=one.code, **facts)
    if request.POST.get("do") == "submit":
        return _submit(request, one)
    messages.success(request, _("存成草稿了。没错就交给合作社批，批了才开约。"))
    return redirect("shop:work_campaign", code=one.code)


@desk
@require_POST
def submit(request: DeskRequest, code: str) -> HttpResponse:
    """Put it before the cooperative."""
    return _submit(request, own_campaign(request, code))


def _submit(request: DeskRequest, one: Campaign) -> HttpResponse:
    step = partial(submit_campaign, code=one.code, by=request.user, at=clock.now())
    said = _("交给“%(coop)s”了，审批人批了就开约。") % {"coop": request.shop.cooperative.name}
    return take_step(request, one, step, said=said)


@desk
@require_POST
def take_back(request: DeskRequest, code: str) -> HttpResponse:
    """Make it a draft again, to change it."""
    one = own_campaign(request, code)
    step = partial(take_back_campaign, code=one.code, by=request.user, at=clock.now())
    return take_step(request, one, step, said=_("拿回来了，又是草稿。改好再交。"))
