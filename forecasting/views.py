"""The cooperative's demand page, and asking for a new forecast."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.clock import day_of, now, today
from core.http import MemberRequest
from core.tables import csv_answer, sheet_answer
from forecasting.models import ForecastRun, RunState
from forecasting.selectors import (
    demand_areas_for,
    demand_page,
    latest_run,
    past_runs,
    planned_areas_for,
    run_under_way,
    skill_of,
)
from forecasting.selectors.lines import facts_of, table_head, table_of
from forecasting.selectors.page import Wish
from forecasting.services import queue_forecast
from forecasting.tasks import compute_forecast

if TYPE_CHECKING:
    from growers.models import PlanningArea

MOST_RUNS = 10


@login_required
@require_GET
def demand(request: MemberRequest) -> HttpResponse:
    """Fan, gap, campaigns and last seasons' error of one area."""
    areas = list(demand_areas_for(request.user, today()))
    area = _chosen(areas, request)
    runs = list(past_runs(area)[:MOST_RUNS])
    newest = runs[0] if runs else None
    run = _asked_run(area, request) or newest
    asked = request.GET
    wish = Wish(
        asked.get("form", ""), asked.get("grade", "*"), asked.get("hub", ""), asked.get("week", "")
    )
    return render(
        request,
        "forecasting/demand.html",
        {
            "area": area,
            "areas": areas,
            "run": run,
            "run_on": day_of(run.as_of) if run else None,
            "page": demand_page(run, wish) if run else None,
            "skill": skill_of(run) if run else [],
            "under_way": run_under_way(area),
            "runs": runs,
            "is_newest": run == newest,
            "may_run": planned_areas_for(request.user, today()).filter(pk=area.pk).exists(),
        },
    )


@login_required
@require_GET
def lines(request: MemberRequest, kind: str) -> HttpResponseBase:
    """A whole run for a spreadsheet or another program."""
    area = _chosen(list(demand_areas_for(request.user, today())), request)
    run = _asked_run(area, request) or latest_run(area)
    if run is None:
        raise Http404
    if kind == "json":
        facts = {"run": run.code, "as_of": run.as_of, "inputs": run.inputs_hash}
        return JsonResponse({**facts, "version": run.version, "lines": list(facts_of(run))})
    answer = sheet_answer if kind == "xlsx" else csv_answer
    return answer(f"{run.code}.{kind}", table_head(), table_of(run))


def _asked_run(area: "PlanningArea", request: HttpRequest) -> ForecastRun | None:
    """The run of the address; None when it names none."""
    wanted = request.GET.get("run")
    return get_object_or_404(past_runs(area), code=wanted) if wanted else None


def _chosen(areas: "list[PlanningArea]", request: HttpRequest) -> "PlanningArea":
    wanted = request.GET.get("area")
    for area in areas:
        if wanted in (None, "", area.code):
            return area
    raise Http404


@login_required
@require_POST
def run(request: MemberRequest) -> HttpResponse:
    """Put a new forecast of an area in the queue."""
    areas = planned_areas_for(request.user, today())
    area = get_object_or_404(areas, code=request.POST.get("area", ""))
    queued = queue_forecast(area=area, at=now(), by=request.user)
    compute_forecast.enqueue(queued.code)
    queued.refresh_from_db()
    _say(request, queued)
    return redirect(f"{reverse('forecasting:demand')}?area={area.code}")


def _say(request: HttpRequest, run: ForecastRun) -> None:
    if run.state == RunState.DONE:
        messages.success(request, _("算好了，下面是新的预测。"))
    elif run.state == RunState.FAILED:
        messages.error(request, run.error)
    else:
        messages.info(request, _("已经排上了，算好以后刷新这一页就能看到。"))
