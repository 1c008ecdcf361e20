"""Where a running campaign will end, read off its curve so far.

Pick-up forecasting after Weatherford and Kimes 2003 ("A comparison of forecasting methods for
hotel revenue management"): every finished campaign says how much came after the same share of its
days, once as a factor (multiplicative) and once as packs per goal (additive). The mix of both, and
how much campaigns of like progress count more, are chosen by leaving one finished campaign out at a
time; the band is then widened until it would have held those left out (Vovk's conformal rule).
Pledges can be withdrawn before the deadline, so the floor is what usually stays of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.curves import GRID, Curves, read_curves
from forecasting.engine.quantiles import SHOWN, STEPS, Floats, at, chance_above, weighted_quantiles

if TYPE_CHECKING:
    import pandas as pd

FEW_FINISHED = 8
"""Fewer finished campaigns than this are filled up with the wide prior."""
EARLY_SHARE, EARLY_BACKERS = 0.1, 10
"""Until one of them is reached, a curve says too little."""
MOST_DONORS = 500
TUNED_ON = 120
AT_ONCE = 4000
"""Campaigns whose draws are held in memory together."""
PSEUDO = 0.02
"""Share of the goal added to every count, so that a campaign without a pledge has a factor too."""
SAME_CROP = 3.0
"""How much more a finished campaign of the same crop counts."""
MIXES = (0.0, 0.5, 1.0)
WIDTHS = (0.15, 0.3, 0.6, np.inf)
HELD = 0.86
"""Share of left-out campaigns the band must hold: above 0.8, because later seasons drift."""
WIDEST = 3.0


@dataclass(frozen=True)
class PresaleForecast:
    """Final packs of every running campaign.

    ``table`` has one row per campaign (index) with ``so_far``, ``share``, ``p10`` … ``p90``,
    ``chance`` of the goal, ``too_early``, ``donors`` (finished campaigns behind it), ``cold`` (the
    prior had to help) and ``mix`` (1: factors only, 0: additions only). ``finals`` holds the same
    distributions at the levels ``quantiles.STEPS``, shape (n_campaigns, 21), in packs.
    """

    table: pd.DataFrame
    finals: Floats


@dataclass(frozen=True)
class Donors:
    """Finished campaigns at one share of their days: packs so far and final, both over the goal."""

    so_far: Floats
    final: Floats
    crops: NDArray[Any]


@dataclass(frozen=True)
class Tuning:
    """What the finished campaigns taught: mix of factor and addition, kernel width, widening."""

    mix: float
    width: float
    widen: float


def forecast_finals(
    pledges: pd.DataFrame, campaigns: pd.DataFrame, *, as_of: date
) -> PresaleForecast:
    """Forecast the final packs of every campaign that is open on ``as_of``.

    Parameters
    ----------
    pledges : frame with ``campaign``, ``day`` (days since opening), ``packs`` (net change that day)
    campaigns : frame as in ``curves.read_curves``; ``finished`` marks those that teach, ``backers``
        (optional) counts live pledges, else the days with a pledge stand in for them
    as_of : date
        Last day whose pledges are known; nothing later changes the answer.

    Raises
    ------
    ValueError
        See ``curves.read_curves``.

    Examples
    --------
    >>> import pandas as pd
    >>> campaigns = pd.DataFrame({
    ...     "campaign": ["A"], "crop": ["hetao"], "goal_packs": [100], "cap_packs": [160],
    ...     "opens_on": [date(2026, 8, 1)], "deadline_on": [date(2026, 8, 20)],
    ...     "finished": [False]})
    >>> pledges = pd.DataFrame({"campaign": ["A", "A"], "day": [0, 5], "packs": [20, 30]})
    >>> row = forecast_finals(pledges, campaigns, as_of=date(2026, 8, 10)).table.loc["A"]
    >>> bool(row.p10 <= row.p50 <= row.p90 <= 160), bool(row.cold)
    (True, True)
    """
    curves = read_curves(pledges, campaigns, as_of=as_of)
    over = ~np.isnan(curves.final)
    history = curves.take(over)
    open_now = (
        ~over & (curves.opens <= np.datetime64(as_of)) & (curves.closes >= np.datetime64(as_of))
    )
    return forecast_curves(history, curves.take(open_now), as_of=as_of)


def forecast_curves(history: Curves, running: Curves, *, as_of: date) -> PresaleForecast:
    """The same from curves already laid out; ``history`` must all be over."""
    import pandas as pd

    share = running.share_over(as_of)
    steps = np.clip(np.round(share * GRID), 1, GRID).astype(np.int64)
    so_far = running.pledged(share)
    early = (share < EARLY_SHARE) & (_backers(running) < EARLY_BACKERS)
    finals, mix = np.zeros((len(running), len(STEPS))), np.zeros(len(running))
    for step in np.unique(steps):
        same = np.flatnonzero(steps == step)
        donors = donors_at(history, step / GRID)
        tuning = tune(donors)
        mix[same] = tuning.mix
        for first in range(0, len(same), AT_ONCE):
            rows = same[first : first + AT_ONCE]
            finals[rows] = _finals(running.take(rows), so_far[rows], early[rows], donors, tuning)
    table = pd.DataFrame({"so_far": so_far, "share": share, "too_early": early, "mix": mix})
    for name, level in SHOWN.items():
        table[name] = at(finals, level)
    table["chance"] = np.clip(chance_above(finals, running.goal), 0.01, 0.99)
    table["donors"] = len(history)
    table["cold"] = len(history) < FEW_FINISHED
    table.index = pd.Index(running.codes, name="campaign", dtype=object)
    return PresaleForecast(table, finals)


def _finals(
    running: Curves, so_far: Floats, early: NDArray[np.bool_], donors: Donors, tuning: Tuning
) -> Floats:
    """Quantiles in packs, widened, above what usually stays of the pledges and under the cap."""
    draws, weights = pick_up(so_far / running.goal, running.crops, donors, tuning, early)
    raw = np.log(weighted_quantiles(draws, weights) + PSEUDO)
    middle = at(raw, 0.5)[:, None]
    packs = (np.exp(middle + tuning.widen * (raw - middle)) - PSEUDO) * running.goal[:, None]
    floor = so_far * _usually_kept(donors)
    cap = np.where(np.isnan(running.cap), np.inf, np.maximum(running.cap, floor))
    return np.clip(packs, floor[:, None], cap[:, None])


def donors_at(history: Curves, share: float) -> Donors:
    """The newest finished campaigns at one share of their days; with the prior when few."""
    newest = np.argsort(history.closes, kind="stable")[-MOST_DONORS:]
    taught = history.take(newest)
    so_far, final = taught.pledged(share) / taught.goal, taught.final / taught.goal
    if len(taught) >= FEW_FINISHED:
        return Donors(so_far, final, taught.crops)
    prior = _prior(share)
    return Donors(
        np.concatenate([so_far, prior.so_far]),
        np.concatenate([final, prior.final]),
        np.concatenate([taught.crops, prior.crops]),
    )


def _prior(share: float) -> Donors:
    """Invented campaigns, wide on purpose: a fifth to four times the goal, early to late."""
    levels = np.linspace(-1.6, 1.6, 9)
    final, bend = np.meshgrid(0.8 * np.exp(levels), np.exp(0.7 * levels), indexing="ij")
    so_far = final * share**bend
    return Donors(so_far.ravel(), final.ravel(), np.full(final.size, "", dtype=object))


def tune(donors: Donors) -> Tuning:
    """Choose mix, kernel width and widening by leaving one finished campaign out at a time."""
    every = max(1, -(-len(donors.final) // TUNED_ON))
    few = Donors(donors.so_far[::every], donors.final[::every], donors.crops[::every])
    best, best_loss, best_bands = Tuning(0.5, np.inf, 1.0), np.inf, None
    for mix, width in product(MIXES, WIDTHS):
        tuning = Tuning(mix, width, 1.0)
        draws, weights = pick_up(few.so_far, few.crops, few, tuning, np.zeros(len(few.final), bool))
        np.fill_diagonal(weights, 0.0)
        bands = weighted_quantiles(draws, weights, np.array([0.1, 0.5, 0.9]))
        loss = _log_pinball(few.final, bands)
        if loss < best_loss - 1e-12:
            best, best_loss, best_bands = tuning, loss, bands
    if best_bands is None:
        return best
    return Tuning(best.mix, best.width, _widening(few.final, best_bands))


def pick_up(
    so_far: Floats, crops: NDArray[Any], donors: Donors, tuning: Tuning, early: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Final over goal of each campaign as each donor would have it, and how much that donor counts.

    Returns
    -------
    draws, weights : float arrays of shape (n_campaigns, n_donors)
    """
    factor = (donors.final + PSEUDO) / (donors.so_far + PSEUDO)
    grown = np.maximum((so_far[:, None] + PSEUDO) * factor - PSEUDO, 0)
    added = np.maximum(so_far[:, None] + (donors.final - donors.so_far), 0)
    # Where a donor had nothing yet, its factor is an accident of PSEUDO: its addition tells more.
    mix = np.where(donors.so_far <= PSEUDO, 0.0, tuning.mix)
    distance = np.log(so_far[:, None] + PSEUDO) - np.log(donors.so_far + PSEUDO)
    width = np.where(early, np.inf, tuning.width)[:, None]
    near = np.exp(-0.5 * (distance / width) ** 2) + 1e-3
    own = (crops[:, None] == donors.crops[None, :]) & ~early[:, None]
    return mix * grown + (1 - mix) * added, near * np.where(own, SAME_CROP, 1.0)


def _log_pinball(truth: Floats, bands: Floats) -> float:
    miss = np.log(truth + PSEUDO)[:, None] - np.log(bands + PSEUDO)
    levels = np.array([0.1, 0.5, 0.9])
    return float(np.maximum(levels * miss, (levels - 1) * miss).mean())


def _widening(truth: Floats, bands: Floats) -> float:
    """How far the band must stretch about its median to hold enough of those left out."""
    low, middle, high = np.log(bands + PSEUDO).T
    miss = np.log(truth + PSEUDO) - middle
    reach = np.maximum(np.where(miss > 0, high - middle, middle - low), 1e-3)
    level = min(1.0, HELD * (1 + 1 / len(truth)))
    return float(np.clip(np.quantile(np.abs(miss) / reach, level), 1.0, WIDEST))


def _usually_kept(donors: Donors) -> float:
    """Share of what was pledged by then that stayed in nineteen of twenty finished campaigns."""
    begun = donors.so_far > PSEUDO
    if not begun.any():
        return 0.0
    kept = np.minimum(donors.final[begun] / donors.so_far[begun], 1)
    return float(np.quantile(kept, 0.05))


def _backers(running: Curves) -> Floats:
    """Live pledges where the frame says so, else days with a pledge."""
    days_with = (running.daily > 0).sum(axis=1)
    return np.where(np.isnan(running.backers), days_with, running.backers)
