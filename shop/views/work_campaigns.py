"""The shop's campaigns: list, open, cancel."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

import payments
from core import clock
from core.errors import PlatformError
from core.http import page_of, say_error
from shop.forms.campaign import CampaignForm, CancelCampaignForm
from shop.models import Campaign, Listing
from shop.selectors.campaigns import (
    CampaignRoom,
    campaign_room,
    campaigns_of,
    listings_without_campaign,
    progress_of,
    suggested_terms,
)
from shop.services.campaigns import cancel_campaign
from shop.services.opening import open_campaign
from shop.views.desk import DeskRequest, desk

PAGE_SIZE = 20
CHOICES_SHOWN = 60


@desk
@never_cache
def campaigns(request: DeskRequest) -> HttpResponse:
    """Running and past campaigns, and the listings that could have one."""
    return _list_page(request)


def _list_page(
    request: DeskRequest,
    *,
    cancelling: Campaign | None = None,
    form: CancelCampaignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    page = page_of(request, campaigns_of([request.shop]), size=PAGE_SIZE)
    context = {
        "shop": request.shop,
        "page": page,
        "rows": [(one, progress_of(one, at=at)) for one in page],
        "listings": listings_without_campaign([request.shop])[:CHOICES_SHOWN],
        "cancelling": cancelling,
        "cancel_form": form,
    }
    return render(request, "shop/workspace/campaigns.html", context, status=status)


@desk
@never_cache
def new_campaign(request: DeskRequest, code: str) -> HttpResponse:
    """Open a campaign for one of the shop's listings."""
    free = listings_without_campaign([request.shop])
    rows = free.select_related("product", "form__crop", "form__raw_crop", "origin", "shop")
    listing: Listing = get_object_or_404(rows, code=code.upper())
    room = campaign_room(listing, on=clock.today())
    form = _form(listing, room, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, listing, form)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    context = {"shop": request.shop, "listing": listing, "room": room, "form": form}
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/campaign_new.html", context, status=status)


def _form(listing: Listing, room: CampaignRoom | None, data: Any) -> CampaignForm:
    terms = suggested_terms(listing, room, on=clock.today())
    form = CampaignForm(data, initial=terms, pays_online=payments.enabled())
    if room is not None:
        text = _("按收成最多 %(most)d 份，不能再多。")
        form.fields["cap_packs"].help_text = text % {"most": room.most_packs}
    return form


def _open(request: DeskRequest, listing: Listing, form: CampaignForm) -> HttpResponse:
    at = clock.now()
    terms = form.cleaned_data
    campaign = open_campaign(
        listing=listing,
        goal_packs=terms["goal_packs"],
        cap_packs=terms["cap_packs"],
        price=terms["price"],
        story=terms["story"],
        opens_at=at,
        deadline_at=form.deadline_at,
        by=request.user,
        at=at,
        **form.money_terms,
    )
    messages.success(request, _("预售 %(code)s 开约了。") % {"code": campaign.code})
    return redirect("shop:work_campaigns")


@desk
@never_cache
def cancel(request: DeskRequest, code: str) -> HttpResponse:
    """Ask why, then stop a campaign."""
    found: Campaign = get_object_or_404(campaigns_of([request.shop]), code=code.upper())
    form = CancelCampaignForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return _list_page(request, cancelling=found, form=form, status=status)
    try:
        cancel_campaign(
            code=found.code, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("取消了，约过的人会看到原因。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:work_campaigns")
