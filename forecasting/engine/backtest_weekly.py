"""How good the weekly forecast has been, by going back to weeks when it was not yet known.

At every origin the engine is fitted on the weeks up to it alone and forecasts the next ones; the
named baselines do the same. Nothing after an origin is seen by anyone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.baselines_weekly import BASELINES
from forecasting.engine.panel import HORIZON, Panel, usual_change
from forecasting.engine.quantiles import Floats
from forecasting.engine.scores import Skill, coverage, interval_score, mase, skill, wis
from forecasting.engine.weekly import LEVELS, fit, score

if TYPE_CHECKING:
    import pandas as pd

ENGINE = "engine"
EVERY = 4
"""Weeks between two origins."""
LIFE, SOLD = 60, 30
"""Weeks of life, and of sales, that a series needs to be judged by its usual change."""


@dataclass(frozen=True)
class WeeklyBacktest:
    """Forecasts and scores.

    ``rows``: ``method``, ``series``, ``origin`` (a Monday), ``ahead`` (weeks), ``truth``, ``scale``
    (usual weekly change up to the origin), ``score`` (interval score over scale) and a column a
    level. ``scores``: one row a method with ``spl``, ``wis``, ``mase``, ``coverage`` (of the 80 %
    band). ``skills``: against each baseline, with a paired interval over series.
    """

    rows: pd.DataFrame
    scores: pd.DataFrame
    skills: dict[str, Skill]


def backtest_weekly(
    panel: Panel, *, origins: int = 4, levels: Sequence[float] = LEVELS
) -> WeeklyBacktest:
    """Forecast again from the last ``origins`` weeks, four apart, whose outcomes are known.

    Raises
    ------
    ValueError
        The history is too short for so many origins, or no series in it is old enough.
    """
    import pandas as pd

    backs = [HORIZON + EVERY * place for place in range(origins)][::-1]
    if origins < 1 or panel.weeks - backs[0] < LIFE:
        raise ValueError(f"{panel.weeks} weeks are too few for {origins} origins")
    found = [part for back in backs for part in _one(panel, back, levels)]
    rows = pd.concat(found, ignore_index=True)
    if rows.empty:
        raise ValueError("no series has a history long enough")
    return WeeklyBacktest(rows, _scores(rows, levels), _skills(rows))


def before(panel: Panel, back: int) -> Panel:
    """The panel as it stood so many weeks earlier: series that began later are not in it."""
    known = np.flatnonzero(~np.isnan(panel.amounts[:, -1 - back]))
    seen = panel.take(known)
    return replace(
        seen, last=panel.last - timedelta(weeks=back), amounts=seen.amounts[:, : panel.weeks - back]
    )


def _one(panel: Panel, back: int, levels: Sequence[float]) -> list[pd.DataFrame]:
    """Every method's rows at one origin."""
    seen = before(panel, back)
    lived = (~np.isnan(seen.amounts)).sum(axis=1)
    sold = (np.nan_to_num(seen.amounts) > 0).sum(axis=1)
    judged = np.flatnonzero((lived >= LIFE) & (sold >= SOLD))
    row = {name: place for place, name in enumerate(panel.series)}
    came = panel.amounts[[row[seen.series[place]] for place in judged]]
    truth = came[:, panel.weeks - back : panel.weeks - back + HORIZON]
    old = seen.take(judged)
    said = {ENGINE: score(fit(seen, levels), old)}
    said |= {name: member(old.amounts, levels) for name, member in BASELINES.items()}
    return [_rows(name, old, truth, bands, levels) for name, bands in said.items()]


def _rows(
    method: str, panel: Panel, truth: Floats, bands: Floats, levels: Sequence[float]
) -> pd.DataFrame:
    import pandas as pd

    flat = bands.reshape(-1, len(levels))
    scale = np.repeat(usual_change(panel.amounts), HORIZON)
    facts = {
        "method": method,
        "series": np.repeat(np.array(panel.series, dtype=object), HORIZON),
        "origin": panel.last,
        "ahead": np.tile(np.arange(1, HORIZON + 1), len(panel)),
        "truth": truth.ravel(),
        "scale": scale,
        "score": interval_score(truth.ravel(), flat, np.array(levels)) / scale,
    }
    return pd.DataFrame(facts | {f"q{level:g}": flat[:, n] for n, level in enumerate(levels)})


def _scores(rows: pd.DataFrame, levels: Sequence[float]) -> pd.DataFrame:
    import pandas as pd

    at = np.array(levels)
    low, high = (f"q{at[np.abs(at - edge).argmin()]:g}" for edge in (0.1, 0.9))
    found = {}
    for method, group in rows.groupby("method", sort=False):
        truth, scale = group["truth"].to_numpy(), group["scale"].to_numpy()
        bands = group[[f"q{level:g}" for level in levels]].to_numpy()
        found[method] = {
            "spl": float(group["score"].mean()),
            "wis": wis(truth, bands, at),
            "mase": mase(truth, group["q0.5"].to_numpy(), scale),
            "coverage": coverage(truth, group[low].to_numpy(), group[high].to_numpy()),
        }
    return pd.DataFrame(found).T


def _skills(rows: pd.DataFrame) -> dict[str, Skill]:
    """The engine against each baseline, series drawn together."""
    by = {str(method): group for method, group in rows.groupby("method", sort=False)}
    ours = by.pop(ENGINE)
    _, series = np.unique(ours["series"].to_numpy(dtype=str), return_inverse=True)
    mine = ours["score"].to_numpy()
    return {
        name: skill(mine, group["score"].to_numpy(), series.astype(np.float64))
        for name, group in by.items()
        if group["score"].sum() > 0
    }
