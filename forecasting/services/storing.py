"""Writing a computed forecast to its tables in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from forecasting.computing import Forecast
from forecasting.engine.combine import ALL
from forecasting.inputs import Inputs
from forecasting.models import (
    ALL_GRADES,
    CampaignForecast,
    ForecastPoint,
    ForecastRun,
    ForecastTotal,
)
from growers.models import Hub
from harvest_calendar.models import ProductForm

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (10, 20, 50, 80, 90)
BATCH = 500


@transaction.atomic
def store_forecast(run: ForecastRun, inputs: Inputs, forecast: Forecast) -> None:
    """Save the run with all it said.

    Demand at a hub that no longer exists stays in the sums over hubs but has no line of its own.
    """
    run.save()
    forms = {form.key: form for form in ProductForm.objects.all()}
    hubs = {hub.code: hub for hub in Hub.objects.all()}
    rows = [
        {**row, "form": forms[row["crop"]], "hub": hubs.get(row["hub"])}
        for row in _records(forecast.demand)
        if row["hub"] in hubs or row["hub"] == ALL
    ]
    totals = [ForecastTotal(run=run, **_facts(row), **_to_facts(row)) for row in rows]
    cells = [row for row in rows if row["hub"] is not None and row["grade"] != ALL_GRADES]
    points = [ForecastPoint(run=run, **_facts(row)) for row in cells]
    campaigns = _campaigns(run, inputs, forecast.presale.table, forms)
    ForecastTotal.objects.bulk_create(totals, batch_size=BATCH)
    ForecastPoint.objects.bulk_create(points, batch_size=BATCH)
    CampaignForecast.objects.bulk_create(campaigns, batch_size=BATCH)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.to_numpy(dtype=object)]


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    grams = {f"p{level}_g": int(row[f"p{level}"]) for level in LEVELS}
    place = {name: row[name] for name in ("form", "grade", "hub")}
    return {**place, "monday": row["week"], "booked_g": int(row["booked"]), **grams}


def _to_facts(row: dict[str, Any]) -> dict[str, int]:
    grams = {f"to_p{level}_g": int(row[f"to_p{level}"]) for level in LEVELS}
    return {"to_booked_g": int(row["to_booked"]), **grams}


def _campaigns(
    run: ForecastRun, inputs: Inputs, table: pd.DataFrame, forms: dict[str, ProductForm]
) -> list[CampaignForecast]:
    known = {facts["campaign"]: facts for facts in _records(inputs.campaigns)}
    curves = {str(code): group for code, group in inputs.pledges.groupby("campaign")}
    return [
        CampaignForecast(
            run=run,
            campaign_code=row["campaign"],
            **_campaign_facts(known[row["campaign"]], forms),
            **{f"p{level}_packs": round(row[f"p{level}"]) for level in LEVELS},
            chance=float(row["chance"]),
            too_early=bool(row["too_early"]),
            cold=bool(row["cold"]),
            curve=_curve(
                curves.get(row["campaign"]),
                days=(inputs.on - known[row["campaign"]]["opens_on"]).days + 1,
            ),
        )
        for row in _records(table.reset_index())
    ]


def _campaign_facts(facts: dict[str, Any], forms: dict[str, ProductForm]) -> dict[str, Any]:
    numbers = ("pack_weight_g", "goal_packs", "cap_packs", "pledged_packs")
    same = {name: facts[name] for name in ("grade", "opens_on", "deadline_on")}
    return {**same, **{name: int(facts[name]) for name in numbers}, "form": forms[facts["form"]]}


def _curve(changes: pd.DataFrame | None, *, days: int) -> list[int]:
    """Packs pledged by the end of each day so far."""
    net = [0] * days
    if changes is not None:
        for day, packs in zip(changes["day"], changes["packs"], strict=True):
            net[min(int(day), days - 1)] += int(packs)
    total, curve = 0, []
    for packs in net:
        total += packs
        curve.append(total)
    return curve
