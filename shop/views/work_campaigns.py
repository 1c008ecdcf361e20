"""The shop's campaigns: list, cancel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.errors import PlatformError
from core.http import page_of, say_error
from shop.forms.campaign import CancelCampaignForm
from shop.models import Campaign
from shop.selectors.campaigns import campaigns_of, listings_without_campaign, progress_of
from shop.services.campaigns import cancel_campaign
from shop.views.desk import DeskRequest, desk
from shop.views.work_campaign_draft import own_campaign

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
def cancel(request: DeskRequest, code: str) -> HttpResponse:
    """Ask why, then stop a campaign."""
    found = own_campaign(request, code)
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
