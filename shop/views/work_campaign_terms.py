"""Changing the terms of a running campaign, at the shop's desk: one form, then it waits."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import PlatformError
from shop.forms.campaign import TermsChangeForm
from shop.models import Campaign, CampaignState, TermsChange
from shop.selectors.terms_changes import why_fixed
from shop.services.terms_changes import propose_terms, withdraw_terms
from shop.views.desk import DeskRequest, desk
from shop.views.work_campaign_draft import own_campaign, take_step


@desk
@never_cache
@require_http_methods(["GET", "POST"])
def change_terms(request: DeskRequest, code: str) -> HttpResponse:
    """Propose other terms, with the reason."""
    one = own_campaign(request, code)
    if request.method == "GET" and one.state != CampaignState.LIVE:
        messages.info(request, why_fixed(one))
        return redirect("shop:work_campaign", code=one.code)
    data = request.POST if request.method == "POST" else None
    form = TermsChangeForm(data, initial=TermsChangeForm.written(one))
    if request.method == "POST" and form.is_valid():
        try:
            return _propose(request, one, form)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    context = {"shop": request.shop, "campaign": one, "form": form}
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/change_terms.html", context, status=status)


def _propose(request: DeskRequest, one: Campaign, form: TermsChangeForm) -> HttpResponse:
    propose_terms(
        code=one.code,
        terms=form.terms(one),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=clock.now(),
    )
    messages.success(request, _("交上去了。合作社批了才改，到时每个约过的人都会收到消息。"))
    return redirect("shop:work_campaign", code=one.code)


@desk
@require_POST
def withdraw(request: DeskRequest, code: str, change: str) -> HttpResponse:
    """Take a proposal back before it is decided."""
    one = own_campaign(request, code)
    row: TermsChange = get_object_or_404(one.terms_changes.all(), code=change.upper())
    step = partial(withdraw_terms, code=row.code, by=request.user, at=clock.now())
    return take_step(request, one, step, said=_("撤回了，条件照旧。"))
