"""The cooperative's approver: campaigns that wait, one of them, and the decision."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of
from growers.access import role_required
from growers.models import Role
from shop.forms.campaign import ApprovalForm
from shop.models import Campaign, CampaignState, TermsChange, TermsChangeState
from shop.price_rules import floor_price
from shop.selectors.approvals import approval_for, campaigns_to_approve
from shop.selectors.campaigns import backers_of, campaign_room
from shop.selectors.terms_changes import changes_for, changes_to_approve, steps_of
from shop.services.approving import approve_campaign, return_campaign
from shop.services.terms_changes import apply_terms, refuse_terms

PAGE_SIZE = 30


@role_required(Role.APPROVER)
@never_cache
def approvals(request: MemberRequest) -> HttpResponse:
    """What waits for this person."""
    rows = campaigns_to_approve(request.user, on=clock.today())
    context = {
        "page": page_of(request, rows, size=PAGE_SIZE),
        "changes": changes_to_approve(request.user, on=clock.today())[:PAGE_SIZE],
    }
    return render(request, "shop/approval/list.html", context)


@role_required(Role.APPROVER)
@never_cache
@require_http_methods(["GET", "POST"])
def approval(request: MemberRequest, code: str) -> HttpResponse:
    """One campaign: its terms beside what calendar and harvest say, and the decision."""
    rows = approval_for(request.user, on=clock.today())
    one: Campaign = get_object_or_404(rows, code=code.upper())
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decide(request, one, form)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return _page(request, one, form)


@role_required(Role.APPROVER)
@never_cache
@require_http_methods(["GET", "POST"])
def terms_change(request: MemberRequest, code: str) -> HttpResponse:
    """One change of a running campaign: old beside new, and the decision."""
    rows = changes_for(request.user, on=clock.today())
    change: TermsChange = get_object_or_404(rows, code=code.upper())
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _decide_change(request, change, form)
        except PlatformError as error:
            field = "reason" if getattr(error, "field", "") == "reason" else None
            form.add_error(field, str(error))
    waits = change.state == TermsChangeState.PROPOSED
    context = {
        "change": change,
        "campaign": change.campaign,
        "steps": steps_of(change),
        "backers": backers_of(change.campaign),
        "free_days": settings.TERMS_CHANGE_FREE_DAYS,
        "is_own": change.proposed_by_id == request.user.pk,
        "form": form if waits else None,
    }
    status = 422 if form.errors else 200
    return render(request, "shop/approval/change.html", context, status=status)


def _decide_change(request: MemberRequest, change: TermsChange, form: ApprovalForm) -> HttpResponse:
    at, said = clock.now(), form.cleaned_data
    if said["do"] == "return":
        refuse_terms(code=change.code, reason=said["reason"], by=request.user, at=at)
        messages.success(request, _("没有批，条件照旧。店里看得到你写的话。"))
    else:
        apply_terms(code=change.code, by=request.user, at=at)
        messages.success(request, _("批了，条件改好了，约过的人都收到了消息。"))
    return redirect("shop:approvals")


def _page(request: MemberRequest, one: Campaign, form: ApprovalForm) -> HttpResponse:
    waits = one.state == CampaignState.SUBMITTED
    context = {
        "campaign": one,
        "room": campaign_room(one.listing, on=clock.today(), campaign=one),
        "floor": floor_price(one.listing.form, one.listing.pack_weight_g),
        "boxes": one.tiers.all(),
        "stretch_goals": one.stretch_goals.all(),
        "changes": one.changes.select_related("by"),
        "is_own": one.submitted_by_id == request.user.pk,
        "form": form if waits else None,
    }
    status = 422 if form.errors else 200
    return render(request, "shop/approval/one.html", context, status=status)


def _decide(request: MemberRequest, one: Campaign, form: ApprovalForm) -> HttpResponse:
    at, said = clock.now(), form.cleaned_data
    if said["do"] == "return":
        return_campaign(code=one.code, reason=said["reason"], by=request.user, at=at)
        messages.success(request, _("退回给店里了，他们看得到你写的话。"))
    else:
        now = approve_campaign(code=one.code, seen=said["seen"], by=request.user, at=at)
        live = now.state == CampaignState.LIVE
        messages.success(request, _("批了，已经开约。") if live else _("批了，到日子自动开约。"))
    return redirect("shop:approvals")
