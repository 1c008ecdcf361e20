"""The cooperative's plans: list, new, one plan, and what waits for an approver."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contracts import services
from contracts.forms import NewPlanForm
from contracts.models import Plan
from contracts.selectors import plan_for, plan_rows_for, plan_summary, plans_for
from contracts.selectors.plans import PlanSummary, household_rows, water_columns
from contracts.selectors.roles import (
    is_asked_to_export,
    may_approve,
    planned_areas,
    waiting_plans,
    works_with_plans,
)
from contracts.states import PlanState
from contracts.tasks import start_solving
from contracts.views.steps import steps_for
from core import clock
from core.charts import water_level
from core.errors import PlatformError
from core.http import MemberRequest, page_of
from shop.selectors.approvals import campaigns_to_approve

PAGE = 30
REFRESH_SECONDS = 3


@login_required
@require_GET
def plan_list(request: MemberRequest) -> HttpResponse:
    """All plans the person may see, newest first; what waits for them on top."""
    on = clock.today()
    _require_work(request)
    context = {
        "page": page_of(request, plans_for(request.user, on)),
        "may_plan": bool(planned_areas(request.user, on)),
        "waiting": waiting_plans(request.user, plans_for(request.user, on), on).count(),
        "campaigns": campaigns_to_approve(request.user, on=on).count(),
    }
    return render(request, "contracts/plans.html", context)


@login_required
@require_GET
def waiting(request: MemberRequest) -> HttpResponse:
    """Proposals that this person can approve: never their own."""
    on = clock.today()
    _require_work(request)
    plans = waiting_plans(request.user, plans_for(request.user, on), on)
    return render(request, "contracts/waiting.html", {"page": page_of(request, plans)})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Choose area, day and care; the rest is frozen from the registers."""
    on = clock.today()
    areas = planned_areas(request.user, on)
    if not areas:
        raise Http404
    start = {"eligibility_on": on, "area": areas[0]}
    form = NewPlanForm(request.POST or None, areas=areas, today=on, initial=start)
    if request.method == "POST" and form.is_valid():
        plan = _opened(request, form)
        if plan is not None:
            return redirect("contracts:plan", code=plan.code)
    return render(request, "contracts/new_plan.html", {"form": form})


def _opened(request: MemberRequest, form: NewPlanForm) -> Plan | None:
    at, on = clock.now(), clock.today()
    facts = form.cleaned_data
    try:
        plan = services.open_run(
            area=facts["area"],
            forecast_run=facts["forecast_run"],
            eligibility_on=facts["eligibility_on"],
            demand_quantile=facts["demand_quantile"],
            by=request.user,
            at=at,
            on=on,
        )
        start_solving(code=plan.code, by=request.user, at=at, on=on)
    except PlatformError as error:
        form.add_error(None, str(error))
        return None
    return plan


@login_required
@require_GET
def detail(request: MemberRequest, code: str) -> HttpResponse:
    """The finding, the water level, who gets how much and why, and the next step."""
    on = clock.today()
    _require_work(request)
    plan = plan_for(request.user, code, on)
    context = {
        "plan": plan,
        "steps": steps_for(request.user, plan, at=clock.now(), on=on),
        "may_approve": may_approve(request.user, plan, on),
        "may_export": bool(plan.output_hash) and is_asked_to_export(request.user, on),
        "solving": plan.state == PlanState.SOLVING,
        "own_proposal": plan.proposed_by_id == request.user.pk,
    }
    if plan.output_hash:
        context |= _result(request, plan)
    response = render(request, "contracts/plan.html", context)
    if context["solving"]:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _result(request: MemberRequest, plan: Plan) -> dict[str, object]:
    page = page_of(request, plan_rows_for(request.user, plan, clock.today()), size=PAGE)
    summary = plan_summary(plan)
    columns = water_columns(plan)
    return {
        "summary": summary,
        "finding": finding(summary),
        "page": page,
        "rows": household_rows(plan, page.object_list),
        "chart": water_level(columns, level=summary.level or 0.0) if columns else None,
    }


def finding(summary: PlanSummary) -> str:
    """The plan's result in one sentence."""
    if not summary.served:
        return _("这几周没有一户分到。")
    words = {"kg": f"{summary.weight_g // 1000:,}", "served": f"{summary.served:,}"}
    return _("%(kg)s 公斤，分给 %(served)s 户") % words


def _require_work(request: MemberRequest) -> None:
    """Plans are for those who plan, approve or watch; everybody else finds nothing here."""
    if not works_with_plans(request.user, clock.today()):
        raise Http404
