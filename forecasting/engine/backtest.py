"""How good the pre-sale forecast has been, by going back to days when it was not yet known.

Every finished campaign is cut at a share of its days and forecast from the campaigns that were
over on that very day; nothing later is seen. Beside it stand two baselines anyone can compute:
pledged so far over the share gone (ratio), and pledged so far plus the usual rest (additive).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.baselines import additive, ratio
from forecasting.engine.curves import Curves, read_curves
from forecasting.engine.presale import forecast_curves
from forecasting.engine.quantiles import SHOWN, Floats, at
from forecasting.engine.scores import wis

if TYPE_CHECKING:
    import pandas as pd

CUTS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Backtest:
    """Forecasts and scores.

    ``rows``: one per campaign and cut, with ``final``, ``p10`` … ``p90``, ``ratio``, ``additive``,
    ``held`` (final within P10-P90). ``scores``: one per cut, with ``campaigns``, ``coverage``,
    ``wis``, ``wape``, ``ratio_wape``, ``additive_wape``: errors over mean final; the interval score
    of a single number is its absolute error, so the columns compare.
    """

    rows: pd.DataFrame
    scores: pd.DataFrame


def backtest(
    pledges: pd.DataFrame,
    campaigns: pd.DataFrame,
    *,
    as_of: date,
    cuts: tuple[float, ...] = CUTS,
) -> Backtest:
    """Cut and forecast every campaign that is over on ``as_of``.

    Parameters
    ----------
    pledges, campaigns : frames as in ``curves.read_curves``
    as_of : date
    cuts : shares of the campaign seen, each in (0, 1)

    Examples
    --------
    >>> import pandas as pd
    >>> campaigns = pd.DataFrame({
    ...     "campaign": ["A"], "crop": ["hetao"], "goal_packs": [100], "cap_packs": [float("nan")],
    ...     "opens_on": [date(2026, 8, 1)], "deadline_on": [date(2026, 8, 20)], "finished": [True]})
    >>> pledges = pd.DataFrame({"campaign": ["A", "A"], "day": [0, 15], "packs": [40, 40]})
    >>> result = backtest(pledges, campaigns, as_of=date(2026, 9, 1), cuts=(0.5,))
    >>> result.rows[["cut", "final", "ratio", "held"]].values.tolist()
    [[0.5, 80.0, 80.0, True]]
    """
    import pandas as pd

    if any(not 0 < cut < 1 for cut in cuts):
        raise ValueError("a cut is a share between 0 and 1")
    curves = read_curves(pledges, campaigns, as_of=as_of)
    over = curves.take(~np.isnan(curves.final))
    rows = [_one(over, place, cut) for cut in cuts for place in range(len(over))]
    columns = ["campaign", "cut", "final", "so_far", *SHOWN, "ratio", "additive"]
    table = pd.DataFrame(rows, columns=columns)
    table["held"] = (table["final"] >= table["p10"]) & (table["final"] <= table["p90"])
    return Backtest(table, _scores(table, cuts))


def _one(over: Curves, place: int, cut: float) -> tuple[object, ...]:
    campaign = over.take(np.array([place]))
    seen = max(int(campaign.seen_days(cut)[0]), 1)
    day = campaign.opens[0] + (seen - 1)
    history = over.take(over.closes <= day)
    forecast = forecast_curves(history, campaign, as_of=day.astype(date))
    so_far = campaign.pledged(seen / campaign.days)
    shown = [float(at(forecast.finals, level)[0]) for level in SHOWN.values()]
    usual = additive(so_far, history.pledged(cut), history.final)
    at_pace = ratio(so_far, seen / campaign.days)
    points = [float(point[0]) for point in (campaign.final, so_far)]
    others = [float(point[0]) for point in (at_pace, usual)]
    return (campaign.codes[0], cut, *points, *shown, *others)


def _scores(rows: pd.DataFrame, cuts: tuple[float, ...]) -> pd.DataFrame:
    import pandas as pd

    scores = [_score(rows[rows["cut"] == cut]) for cut in cuts]
    names = ["campaigns", "coverage", "wis", "wape", "ratio_wape", "additive_wape"]
    return pd.DataFrame(scores, columns=names, index=pd.Index(cuts, name="cut"))


def _score(rows: pd.DataFrame) -> tuple[float, ...]:
    if rows.empty:
        return (0, *[float("nan")] * 5)
    truth = rows["final"].to_numpy(dtype=np.float64)
    mean = max(float(truth.mean()), 1e-9)
    bands = rows[list(SHOWN)].to_numpy(dtype=np.float64)
    score = wis(truth, bands, np.array(list(SHOWN.values())))
    misses = [_miss(truth, rows, name) / mean for name in ("p50", "ratio", "additive")]
    return (len(rows), float(rows["held"].mean()), score, *misses)


def _miss(truth: Floats, rows: pd.DataFrame, name: str) -> float:
    return float(np.abs(truth - rows[name].to_numpy(dtype=np.float64)).mean())


def as_text(result: Backtest) -> str:
    """The scores as a table to print, one line per cut."""
    head = "seen  campaigns  P10-P90 holds   WIS   error  ratio's  additive's"
    lines = [
        f"{cut:4.0%}  {row.campaigns:9.0f}  {row.coverage:13.0%}  {row.wis:5.3f}  {row.wape:5.3f}"
        f"  {row.ratio_wape:7.3f}  {row.additive_wape:10.3f}"
        for cut, row in result.scores.iterrows()
    ]
    return "\n".join([head, *lines])
