"""Making forecasts. Old runs stay; the newest finished one of an area is the one that counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import PlatformError
from forecasting import computing
from forecasting.errors import NothingToForecast
from forecasting.inputs import Inputs, read_inputs
from forecasting.models import ForecastRun, RunState
from forecasting.selectors import latest_run
from forecasting.services.storing import store_forecast
from growers.models import Hub, HubKind, PlanningArea, User

VERSION = "1"
"""Raised when the engine answers differently to the same rows."""
STALE_AFTER = timedelta(days=7)
KILLED_AFTER = timedelta(minutes=30)


def run_forecast(*, area: PlanningArea, at: datetime, by: User | None) -> ForecastRun:
    """Forecast an area's demand from what is known at ``at``, at once.

    Raises
    ------
    NothingToForecast
        There is no campaign, order or sale in the area.
    """
    run = queue_forecast(area=area, at=at, by=by)
    make_forecast(code=run.code)
    run.refresh_from_db()
    return run


@transaction.atomic
def queue_forecast(*, area: PlanningArea, at: datetime, by: User | None) -> ForecastRun:
    """Put a forecast in the queue; an area has at most one there, which is then returned.

    One that was begun and not finished within half an hour was killed, and makes room.
    """
    waiting = ForecastRun.objects.filter(area=area, state__in=[RunState.QUEUED, RunState.RUNNING])
    waiting.filter(as_of__lt=at - KILLED_AFTER).update(
        state=RunState.FAILED, error=_("中途停了，没有算完。")
    )
    run = waiting.first()
    if run is None:
        run = ForecastRun.objects.create(
            code=new_code("FC"), area=area, as_of=at, made_by=by, version=VERSION
        )
    return run


def make_forecast(*, code: str) -> None:
    """Compute a queued forecast and store the answer; a run that has begun is left alone.

    Reading and computing hold no lock; only the storing is one transaction.

    Raises
    ------
    NothingToForecast
        There is no campaign, order or sale in the area.
    """
    queued = ForecastRun.objects.filter(code=code, state=RunState.QUEUED)
    if not queued.update(state=RunState.RUNNING):
        return
    run = ForecastRun.objects.select_related("area__region").get(code=code)
    try:
        _make(run)
    except Exception as error:
        said = str(error) if isinstance(error, PlatformError) else _("出了错，已经记下来。")
        ForecastRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=said[:200])
        raise


def _make(run: ForecastRun) -> None:
    started = perf_counter()
    inputs = read_inputs(area=run.area, at=run.as_of)
    if inputs.is_empty:
        raise NothingToForecast(area=run.area.name)
    forecast = computing.compute(inputs, default_hub=_default_hub())
    run.scores = _scores(run.area, inputs)
    run.sales_notes = forecast.sales_notes
    run.finished_campaigns = int(inputs.campaigns["finished"].sum())
    run.inputs_hash = inputs.inputs_hash
    run.rows_hash = inputs.rows_hash
    run.history_hash = inputs.history_hash
    run.seconds = round(perf_counter() - started, 3)
    run.state = RunState.DONE
    store_forecast(run, inputs, forecast)


def refresh_forecasts(*, at: datetime) -> list[ForecastRun]:
    """Run anew every area whose rows changed since its last run, or whose last is a week old."""
    made = []
    for area in PlanningArea.objects.select_related("region"):
        inputs = read_inputs(area=area, at=at)
        last = latest_run(area)
        fresh = last is not None and at - last.as_of < STALE_AFTER
        if inputs.is_empty or (last and fresh and last.rows_hash == inputs.rows_hash):
            continue
        made.append(run_forecast(area=area, at=at, by=None))
    return made


def _default_hub() -> str:
    """Where demand goes that nobody has placed yet: the metropolitan hub, else any."""
    hubs = Hub.objects.order_by("code").values_list("code", flat=True)
    return hubs.filter(kind=HubKind.METROPOLITAN).first() or hubs.first() or ""


def _scores(area: PlanningArea, inputs: Inputs) -> list[dict[str, Any]]:
    """The backtest; taken from an earlier run when no campaign has finished since."""
    same = ForecastRun.objects.filter(
        area=area, state=RunState.DONE, version=VERSION, history_hash=inputs.history_hash
    )
    known = same.first()
    return list(known.scores) if known else computing.score_history(inputs)
