"""Fair income against the study's exact references, and how long planning takes."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from contracts.engine.allocation import allocate
from contracts.engine.files import read_instance
from contracts.models import PlanHousehold
from contracts.services import open_run, solve_run
from core import clock
from forecasting.services import run_forecast
from growers.models import PlanningArea

INSTANCES = ("toy", "lanes-300", "scarce-600")
BAR_FEN = 100


def reference_lines() -> Iterator[str]:
    """The largest difference with the draw off, in yuan; seconds with the draw off and on."""
    folder = Path(settings.BASE_DIR).parent / "shared" / "data" / "allocation"
    if not folder.is_dir():
        yield "skipped: the study data are not beside the project"
        return
    allocate(read_instance(folder / "toy"))  # libraries are loaded by the first
    for name in INSTANCES:
        yield _reference(folder / name)


def _reference(folder: Path) -> str:
    with (folder / "reference.csv").open() as stream:
        exact = {
            int(row["household_id"]): float(row["income_fen"]) for row in csv.DictReader(stream)
        }
    instance = read_instance(folder)
    started = time.perf_counter()
    plan = allocate(instance, minimum_lots=False)
    without = time.perf_counter() - started
    allocate(instance)
    with_draw = time.perf_counter() - started - without
    got = dict(zip(plan.household_id.tolist(), plan.fair_income_fen.tolist(), strict=True))
    most = max(abs(got[home] - exact[home]) for home in exact)
    verdict = "reached" if most <= BAR_FEN else "MISSED"
    return (
        f"{folder.name}: {len(exact)} households, largest difference ¥{most / 100:.4f} "
        f"(bar ¥1 {verdict}), {without:.2f} s, with the draw {with_draw:.2f} s"
    )


def plan_lines() -> Iterator[str]:
    """Forecast and plan of the demo's first planning area; nothing is kept."""
    area = PlanningArea.objects.order_by("pk")[0]
    with transaction.atomic():
        started = time.perf_counter()
        run = run_forecast(area=area, at=clock.now(), by=None)
        forecast = time.perf_counter() - started
        today = clock.today()
        plan = open_run(
            area=area,
            forecast_run=run,
            eligibility_on=today,
            demand_quantile="p50",
            by=None,
            at=clock.now(),
            on=today,
        )
        solve_run(code=plan.code)
        planned = time.perf_counter() - started - forecast
        households = PlanHousehold.objects.filter(plan=plan).count()
        transaction.set_rollback(True)
    yield f"{area.name}: forecast {forecast:.1f} s, plan of {households} households {planned:.1f} s"
