"""From an area's inputs to its forecast: the engine's parts put together, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock import week_of
from forecasting.engine.backtest import backtest
from forecasting.engine.combine import combine
from forecasting.engine.presale import PresaleForecast, forecast_finals
from forecasting.engine.quantiles import STEPS, Floats
from forecasting.engine.sales import SalesForecast, forecast_sales
from forecasting.inputs import KEY, Inputs, live_campaigns

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Forecast:
    """What a run found.

    ``presale`` has a row per running campaign, ``demand`` a row per form, grade, hub and week (and
    roll-ups) in grams, ``sales_notes`` how each sales series was forecast.
    """

    presale: PresaleForecast
    demand: pd.DataFrame
    sales_notes: list[dict[str, Any]]


def compute(inputs: Inputs, *, default_hub: str) -> Forecast:
    """Forecast from the inputs; the day and the rows decide everything, chance has a fixed seed."""
    presale = forecast_finals(inputs.pledges, inputs.campaigns, as_of=inputs.on)
    sales = forecast_sales(inputs.sales, as_of=inputs.on)
    sources, finals = _sources(inputs, presale)
    demand = combine(
        sources,
        finals,
        _hubs(inputs, sources, default_hub=default_hub),
        _sales_cells(sales),
        sales.levels,
        seed=week_of(inputs.on).toordinal(),
    )
    return Forecast(presale, demand.table, _notes(sales))


def score_history(inputs: Inputs) -> list[dict[str, Any]]:
    """The backtest on the area's finished campaigns, one object per cut."""
    scores = backtest(inputs.pledges, inputs.campaigns, as_of=inputs.on).scores
    if scores["campaigns"].max() == 0:
        return []
    rounded = scores.round(4).reset_index()
    names = [str(name) for name in rounded.columns]
    return [dict(zip(names, row, strict=True)) for row in rounded.to_numpy().tolist()]


def _sources(inputs: Inputs, presale: PresaleForecast) -> tuple[pd.DataFrame, Floats]:
    """Running campaigns with their quantiles, then orders on their way with their exact grams."""
    import pandas as pd

    live = live_campaigns(inputs)
    campaigns = pd.DataFrame(
        {
            "campaign": live["campaign"],
            "crop": live["form"],
            "grade": live["grade"],
            "pack_g": live["pack_weight_g"],
            "goal_packs": live["goal_packs"],
            "booked_packs": live["pledged_packs"],
            "starts_on": live["starts_on"],
            "ends_on": live["ends_on"],
        }
    )
    place = {code: row for row, code in enumerate(presale.table.index)}
    # A campaign past its deadline that nobody closed yet is as good as its pledges.
    finals = [
        presale.finals[place[code]] if code in place else np.full(len(STEPS), float(booked))
        for code, booked in zip(campaigns["campaign"], campaigns["booked_packs"], strict=True)
    ]
    orders = _order_rows(inputs.orders)
    exact = np.repeat(orders["booked_packs"].to_numpy(float)[:, None], len(STEPS), axis=1)
    both = pd.concat([campaigns, orders], ignore_index=True) if len(orders) else campaigns
    return both, np.vstack([np.array(finals).reshape(len(campaigns), len(STEPS)), exact])


def _order_rows(orders: pd.DataFrame) -> pd.DataFrame:
    """Orders as campaigns of packs of one gram, all ordered already."""
    import pandas as pd

    return pd.DataFrame(
        {
            "campaign": [f"order{KEY}{place}" for place in range(len(orders))],
            "crop": orders["form"].to_numpy(),
            "grade": orders["grade"].to_numpy(),
            "pack_g": 1,
            "goal_packs": 0,
            "booked_packs": orders["weight_g"].to_numpy(),
            "starts_on": orders["starts_on"].to_numpy(),
            "ends_on": orders["ends_on"].to_numpy(),
        }
    )


def _hubs(inputs: Inputs, sources: pd.DataFrame, *, default_hub: str) -> pd.DataFrame:
    """Packs by hub of every source; where nobody has pledged anywhere, the default hub."""
    import pandas as pd

    orders = pd.DataFrame(
        {
            "campaign": sources["campaign"].iloc[len(sources) - len(inputs.orders) :].to_numpy(),
            "hub": inputs.orders["hub"].to_numpy(),
            "packs": inputs.orders["weight_g"].to_numpy(),
        }
    )
    known = inputs.hubs[inputs.hubs["campaign"].isin(sources["campaign"])]
    parts = [frame for frame in (known, orders) if len(frame)]
    hubs = pd.concat(parts, ignore_index=True) if parts else known
    if hubs.empty and len(sources):
        rows = {"campaign": sources["campaign"], "hub": default_hub, "packs": 1}
        hubs = pd.DataFrame(rows)
    return hubs.assign(hub=hubs["hub"].where(hubs["hub"] != "", default_hub))


def _sales_cells(sales: SalesForecast) -> pd.DataFrame:
    import pandas as pd

    cells = [
        (*str(series).split(KEY), week)
        for series, week in zip(sales.table["series"], sales.table["week"], strict=True)
    ]
    return pd.DataFrame(cells, columns=["crop", "grade", "hub", "week"])


def _notes(sales: SalesForecast) -> list[dict[str, Any]]:
    """One object per series: form, grade, hub, method, why."""
    names = ("form", "grade", "hub", "method", "why")
    once = sales.table.drop_duplicates("series")
    rows = [
        (*str(series).split(KEY), method, why)
        for series, method, why in once[["series", "method", "why"]].to_numpy()
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]
