"""How often the half-way band held the final value, on the world's finished campaigns."""

from collections.abc import Iterator

import pandas as pd

from core.clock import now
from forecasting.engine.backtest import backtest
from forecasting.inputs import read_inputs
from growers.models import PlanningArea

HALF_WAY = 0.5
BAR = 0.70


def lines() -> Iterator[str]:
    """One line a planning area, and all together against the bar."""
    found = []
    for area in PlanningArea.objects.select_related("region").order_by("pk"):
        inputs = read_inputs(area=area, at=now())
        result = backtest(inputs.pledges, inputs.campaigns, as_of=inputs.on, cuts=(HALF_WAY,))
        found.append(result.rows)
        if len(result.rows):
            yield f"{area.name}: {_said(result.rows)}"
    together = pd.concat(found)
    verdict = "reached" if together["held"].mean() >= BAR else "MISSED"
    yield f"together: {_said(together)}; bar {BAR:.0%} {verdict}"


def _said(rows: pd.DataFrame) -> str:
    held, missed = rows["held"].mean(), (rows["final"] - rows["p50"]).abs().sum()
    return f"P10-P90 held {held:.0%} of {len(rows)}; WAPE {missed / rows['final'].sum():.0%}"
