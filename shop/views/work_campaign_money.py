"""One campaign at the shop's desk: how the money comes, what is to be decided, what is declared."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from shop.divisions import shown_name
from shop.forms.setback import DecideForm, SetbackForm
from shop.models import Campaign, CampaignStage, CampaignState, Pledge
from shop.selectors.approvals import sent_back
from shop.selectors.campaigns import progress_of
from shop.selectors.pledge_money import collection_of
from shop.selectors.setbacks import setbacks_of, substitutes_for
from shop.selectors.stuck_pledges import stuck_pledges
from shop.selectors.terms_changes import steps_of, why_fixed
from shop.selectors.wallet_windows import late_wallets
from shop.services.collecting import decide_shortfall, note_harvest, pause_collection
from shop.services.setbacks import BEFORE_SENDING, declare_setback
from shop.services.stuck_pledges import refund_stuck
from shop.views.desk import DeskRequest, desk
from shop.views.work_campaign_draft import own_campaign, take_step

STUCK_SHOWN = 100


@desk
@never_cache
def campaign(request: DeskRequest, code: str) -> HttpResponse:
    """How far it is, and what the shop can do now."""
    return _page(request, own_campaign(request, code))


def _page(
    request: DeskRequest,
    one: Campaign,
    *,
    decide_form: Form | None = None,
    setback_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    may_declare = one.stage in BEFORE_SENDING
    deciding = one.stage == CampaignStage.SHORTFALL_REVIEW
    context: dict[str, Any] = {
        "shop": request.shop,
        "campaign": one,
        "progress": progress_of(one, at=clock.now()),
        "collected": collection_of(one) if one.stage else None,
        "setbacks": setbacks_of(one),
        "terms_changes": [(row, steps_of(row)) for row in one.terms_changes.all()],
        "stuck": _stuck(one),
        "late_wallets": late_wallets(one, at=clock.now()),
        "why_fixed": why_fixed(one),
        "changes": one.changes.select_related("by"),
        "boxes": one.tiers.all(),
        "stretch_goals": one.stretch_goals.all(),
        "sent_back": sent_back(one) if one.state == CampaignState.DRAFT else None,
        "decide_form": (decide_form or DecideForm()) if deciding else None,
        "setback_form": (setback_form or _setback_form(one)) if may_declare else None,
    }
    return render(request, "shop/workspace/campaign.html", context, status=status)


def _stuck(one: Campaign) -> list[tuple[Pledge, str]]:
    """Reservations that cannot become orders, with the province they go to."""
    rows = stuck_pledges(one).select_related("station")[:STUCK_SHOWN]
    for pledge in rows:
        pledge.campaign = one
    return [(row, shown_name(row.province_code) if row.province_code else "") for row in rows]


def _setback_form(one: Campaign, data: Any = None) -> SetbackForm:
    only_failed = one.stage == CampaignStage.COLLECTING
    return SetbackForm(data, offers=substitutes_for(one), only_failed=only_failed)


@desk
@require_POST
def pause(request: DeskRequest, code: str) -> HttpResponse:
    """Stop asking for money, or go on."""
    one = own_campaign(request, code)
    stop = request.POST.get("do") == "pause"
    step = partial(pause_collection, code=one.code, paused=stop, at=clock.now())
    said = _("停下了，还没开始扣的先不扣。") if stop else _("接着收。")
    return take_step(request, one, step, said=said)


@desk
@require_POST
def stuck(request: DeskRequest, code: str, pledge: str) -> HttpResponse:
    """Let a reservation go that cannot become an order, with its money."""
    one = own_campaign(request, code)
    row: Pledge = get_object_or_404(one.pledges.all(), code=pledge.upper())
    step = partial(refund_stuck, code=row.code, by=request.user, at=clock.now())
    return take_step(request, one, step, said=_("放掉了，付过的原路退，已经告诉买家。"))


@desk
@require_POST
def decide(request: DeskRequest, code: str) -> HttpResponse:
    """Too little was paid: go on or give back, with the reason."""
    one = own_campaign(request, code)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, one, decide_form=form, status=422)
    chosen = form.cleaned_data["decision"]
    reason = form.cleaned_data["reason"]
    covered = _("单位采购补上：%(reason)s") % {"reason": reason}
    step = partial(
        decide_shortfall,
        code=one.code,
        go_on=chosen != "refund",
        reason=covered if chosen == "cover" else reason,
        by=request.user,
        at=clock.now(),
    )
    return take_step(request, one, step, said=_("记下了。"))


@desk
@require_POST
def harvested(request: DeskRequest, code: str) -> HttpResponse:
    """The crop is in."""
    one = own_campaign(request, code)
    step = partial(note_harvest, code=one.code, by=request.user, at=clock.now())
    return take_step(request, one, step, said=_("记下了：采收完了。"))


@desk
@require_POST
def setback(request: DeskRequest, code: str) -> HttpResponse:
    """Say that less comes, later, or nothing."""
    one = own_campaign(request, code)
    form = _setback_form(one, request.POST)
    if form.is_valid():
        try:
            declare_setback(code=one.code, news=form.news, by=request.user, at=clock.now())
            messages.success(request, _("已经告诉每个付过钱的人。"))
            return redirect("shop:work_campaign", code=one.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return _page(request, one, setback_form=form, status=422)
