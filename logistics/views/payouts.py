"""The cooperative pays its households: batches, their bank files, and where each yuan came from."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of, say_error
from growers.models import Cooperative, User
from logistics.forms import BatchForm
from logistics.models import PayoutBatch
from logistics.selectors.access import may_approve, may_plan, own_cooperatives
from logistics.selectors.payouts import (
    batches_for,
    payout_trace,
    payouts_for,
    ready_to_pay,
    unpayable_households,
)
from logistics.services.bank_files import fetch_bank_file
from logistics.services.payouts import approve_batch, cancel_batch, make_batch, mark_batch_paid
from logistics.services.weighing import DAYS_TO_PAY
from logistics.states import BatchState

NAMED = 20


@login_required
@require_http_methods(["GET", "POST"])
def batches(request: MemberRequest) -> HttpResponse:
    """What could be paid now, a form to make a batch of it, and all batches so far."""
    on = clock.today()
    mine = own_cooperatives(user=request.user, on=on)
    if not mine.exists():
        raise Http404
    form = BatchForm(request.POST or None, cooperatives=mine, initial={"until": on + DAYS_TO_PAY})
    if request.method == "POST" and form.is_valid():
        try:
            batch = make_batch(**form.cleaned_data, by=request.user, at=clock.now())
        except PlatformError as error:
            form.refuse(error)
        else:
            messages.success(request, _("做好了 %s，等另一位同事批准。") % batch.code)
            return redirect("logistics:batch", code=batch.code)
    left_out = unpayable_households(mine)
    context = {
        "ready": _ready(mine, on),
        "form": form,
        "may_make": any(may_plan(user=request.user, cooperative=one, on=on) for one in mine),
        "page": page_of(request, batches_for(user=request.user, on=on)),
        "left_out": list(left_out[:NAMED]),
        "left_out_count": left_out.count(),
    }
    return render(request, "logistics/coop/batches.html", context)


def _ready(cooperatives: QuerySet[Cooperative], on: date) -> list[dict[str, Any]]:
    """What a batch up to a week from today would hold, by cooperative."""
    until = on + DAYS_TO_PAY
    return [{"cooperative": one, "sum": ready_to_pay(one, until=until)} for one in cooperatives]


def _own(request: MemberRequest, code: str) -> Any:
    return get_object_or_404(batches_for(user=request.user, on=clock.today()), code=code)


@login_required
@require_GET
def batch(request: MemberRequest, code: str) -> HttpResponse:
    """Who gets how much by a batch, and its next step for the person looking."""
    found = _own(request, code)
    payouts = found.payouts.select_related("household").order_by("-amount_fen", "household__code")
    context = {
        "batch": found,
        "page": page_of(request, payouts, size=60),
        "steps": _steps(request.user, found, clock.today()),
        "is_maker": found.made_by_id == request.user.pk,
        "may_cancel": _may_cancel(request.user, found, clock.today()),
        "may_fetch": _may_fetch(request.user, found, clock.today()),
    }
    return render(request, "logistics/coop/batch.html", context)


def _goes_on(user: User, found: PayoutBatch, on: date) -> bool:
    """Another person than the maker, who approves for the cooperative."""
    is_other = found.made_by_id != user.pk
    return is_other and may_approve(user=user, cooperative=found.cooperative, on=on)


def _steps(user: User, found: PayoutBatch, on: date) -> list[dict[str, str]]:
    if not _goes_on(user, found, on):
        return []
    if found.state == BatchState.MADE:
        return [{"key": "approve", "label": _("看过了，批准")}]
    if found.state == BatchState.APPROVED and hasattr(found, "bank_file"):
        return [{"key": "paid", "label": _("银行付完了，记已付")}]
    return []


def _may_fetch(user: User, found: PayoutBatch, on: date) -> bool:
    fetched = (BatchState.APPROVED, BatchState.PAID)
    return found.state in fetched and _goes_on(user, found, on)


def _may_cancel(user: User, found: PayoutBatch, on: date) -> bool:
    cooperative = found.cooperative
    if found.state == BatchState.MADE and may_plan(user=user, cooperative=cooperative, on=on):
        return True
    is_open = found.state in (BatchState.MADE, BatchState.APPROVED)
    return is_open and may_approve(user=user, cooperative=cooperative, on=on)


@login_required
@require_POST
def batch_step(request: MemberRequest, code: str, step: str) -> HttpResponse:
    """Approve a batch, mark it paid, or cancel it."""
    _own(request, code)
    told: dict[str, Any] = {"code": code, "by": request.user, "at": clock.now()}
    try:
        if step == "approve":
            approve_batch(**told)
            messages.success(request, _("%s 批准了，下载文件交给银行。") % code)
        elif step == "paid":
            mark_batch_paid(**told)
            messages.success(request, _("%s 记成已付，各户手机上都看得到。") % code)
        elif step == "cancel":
            cancel_batch(**told, why=request.POST.get("why", ""))
            messages.success(request, _("%s 作废了，里面的钱可以重新做一批。") % code)
        else:
            raise Http404
    except PlatformError as error:
        say_error(request, error)
    return redirect("logistics:batch", code=code)


@login_required
@never_cache
@require_POST
def batch_file(request: MemberRequest, code: str) -> HttpResponse:
    """The batch's file for the bank; each fetch is written into every household's log."""
    _own(request, code)
    try:
        file = fetch_bank_file(code=code, by=request.user, at=clock.now())
    except PlatformError as error:
        say_error(request, error)
        return redirect("logistics:batch", code=code)
    answer = HttpResponse(file.content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_GET
def payout(request: MemberRequest, code: str) -> HttpResponse:
    """One household's payout: the orders and slips it settles."""
    found = get_object_or_404(payouts_for(user=request.user, on=clock.today()), code=code)
    context = {"payout": found, "trace": payout_trace(found)}
    return render(request, "logistics/coop/payout.html", context)
