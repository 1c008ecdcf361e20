"""How much each member counts, and how wide the band must be: learnt per family on trials.

The weight is the one whose mixed quantiles scored best, with a favour to the usual mix. The band is
conformal, near weeks and far ones by themselves: each level moves away from the middle by the
factor that would have held its share of the trials' outcomes, capped both ways, since an uncapped
shift blew up bands of crops that come and go. Trials of less than a year have not met every season:
the share that may fall outside is then asked to be smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.families import FAMILIES
from forecasting.engine.panel import HORIZON, YEAR
from forecasting.engine.quantiles import Floats
from forecasting.engine.scores import coverage, scaled_pinball

WEIGHTS = (0.0, 0.25, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Shares of the boosted trees that are tried."""
USUAL, FAVOUR = 0.6, 0.15
"""Without strong reasons the trees count this much; a score counts so much worse per squared
distance from it, for a few series' last weeks prove little (5 % at nought)."""
FEWEST = 200
"""Outcomes below which a family learns from all families together."""
NARROWEST, WIDEST = 0.8, 2.5
"""Bounds of the factor by which a level moves from the middle."""
UNTRIED_WIDTH = 1.3
FAR = 4
"""Weeks ahead above which a week is far."""
UNMET = 0.6
"""By how much the share outside is asked to be smaller where trials have met no season at all."""
ENOUGH = 400
"""Outcomes below which near and far weeks are widened alike."""


@dataclass(frozen=True)
class Trial:
    """Forecasts of past weeks, one row each, and what came.

    ``truth``, ``scale``: shape (n_rows,); ``smart``, ``dull``: shape (n_rows, n_levels);
    ``kind``: place in ``FAMILIES``; ``active``: whether the trees had a say; ``week``: the column
    of the outcome; ``ahead``: how many weeks ahead it lay.
    """

    truth: Floats
    scale: Floats
    smart: Floats
    dull: Floats
    kind: NDArray[np.int64]
    active: NDArray[np.bool_]
    week: NDArray[np.int64]
    ahead: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_]) -> Trial:
        """Only these rows."""
        return Trial(*(getattr(self, one.name)[rows] for one in fields(self)))


@dataclass(frozen=True)
class Finding:
    """What the trials said of one family: mean scaled pinball loss of each member and the mix.

    ``held`` is the share of outcomes within the 80 % band before, ``widened`` after widening.
    """

    family: str
    outcomes: int
    weight: float
    boosted: float
    plain: float
    mixed: float
    held: float
    widened: float


@dataclass(frozen=True)
class Learnt:
    """Weight of the trees, shape (n_families,), and widths, (n_families, HORIZON, n_levels)."""

    weight: Floats
    width: Floats
    report: tuple[Finding, ...]


def untried(levels: Sequence[float]) -> Learnt:
    """Both members alike and bands widened, where the history is too short for a trial."""
    shape = (len(FAMILIES), HORIZON, len(levels))
    return Learnt(np.full(shape[0], 0.5), np.full(shape, UNTRIED_WIDTH), ())


def mix(smart: Floats, dull: Floats, weight: Floats) -> Floats:
    """Mean of the members' quantiles; ``weight`` of shape (n_rows,) is the trees' share."""
    share = weight.reshape(weight.shape + (1,) * (smart.ndim - weight.ndim))
    # A weight of nought must not let what the trees say of a sleeping crop through.
    return np.where(share > 0, share * smart, 0) + (1 - share) * dull


def widened(quantiles: Floats, width: Floats, levels: Sequence[float]) -> Floats:
    """Every level moved away from the middle by its factor; ascending and never below nought.

    Parameters
    ----------
    quantiles : float array of shape (..., n_levels)
    width : float array that broadcasts to it
    """
    middle = quantiles[..., [list(levels).index(0.5)]]
    moved = np.maximum(middle + (quantiles - middle) * width, 0)
    ordered: Floats = np.sort(moved, axis=-1)
    return ordered


def learn(trials: Sequence[Trial], levels: Sequence[float]) -> Learnt:
    """Weights and widths of every family, with what they rest on."""
    together = _joined(trials)
    if together is None:
        return untried(levels)
    start = untried(levels)
    weight, width, report = start.weight.copy(), start.width.copy(), []
    for kind, family in enumerate(FAMILIES):
        own = together.take(together.kind == kind)
        base = own if len(own.truth) >= FEWEST else together
        weight[kind] = _best_weight(base, levels)
        mixed = _mixed(base, weight[kind])
        width[kind] = _widths(base, mixed, levels)
        wide = widened(mixed, width[kind][base.ahead - 1], levels)
        report.append(_finding(str(family), base, float(weight[kind]), (mixed, wide), levels))
    return Learnt(weight, width, tuple(report))


def _joined(trials: Sequence[Trial]) -> Trial | None:
    if not sum(len(trial.truth) for trial in trials):
        return None
    names = [one.name for one in fields(Trial)]
    return Trial(*(np.concatenate([getattr(one, name) for one in trials]) for name in names))


def _mixed(trial: Trial, weight: float) -> Floats:
    return mix(trial.smart, trial.dull, np.where(trial.active, weight, 0.0))


def _best_weight(trial: Trial, levels: Sequence[float]) -> float:
    at = np.array(levels)
    scores = [
        scaled_pinball(trial.truth, _mixed(trial, weight), at, trial.scale)
        * (1 + FAVOUR * (weight - USUAL) ** 2)
        for weight in WEIGHTS
    ]
    return WEIGHTS[int(np.argmin(scores))]


def _widths(trial: Trial, mixed: Floats, levels: Sequence[float]) -> Floats:
    """The factor of every week ahead and level, shape (HORIZON, n_levels)."""
    width = np.ones((HORIZON, len(levels)))
    for ahead in (slice(0, FAR), slice(FAR, HORIZON)):
        own = (trial.ahead > ahead.start) & (trial.ahead <= ahead.stop)
        own |= own.sum() < ENOUGH
        width[ahead] = _width(trial.take(own), mixed[own], levels)
    return width


def _width(trial: Trial, mixed: Floats, levels: Sequence[float]) -> Floats:
    """The factor of each level that would have held its share of the outcomes."""
    middle = mixed[:, [list(levels).index(0.5)]]
    reach = mixed - middle
    miss = trial.truth[:, None] - middle
    width = np.ones(len(levels))
    unmet = max(1 - len(np.unique(trial.week)) / YEAR, 0)
    for place, level in enumerate(levels):
        side = np.sign(level - 0.5)
        told = np.abs(reach[:, place]) > 1e-3 * trial.scale
        if side == 0 or told.sum() < FEWEST / 4:
            continue
        needed = side * miss[told, 0] / np.abs(reach[told, place])
        outside = min(level, 1 - level) / (1 + UNMET * unmet)
        width[place] = np.quantile(needed, 1 - outside)
    return np.clip(width, NARROWEST, WIDEST)


def _finding(
    family: str, trial: Trial, weight: float, bands: tuple[Floats, Floats], levels: Sequence[float]
) -> Finding:
    at = np.array(levels)
    low, high = int(np.abs(at - 0.1).argmin()), int(np.abs(at - 0.9).argmin())
    boosted, dull, mixed = (
        scaled_pinball(trial.truth, said, at, trial.scale)
        for said in (_mixed(trial, 1.0), trial.dull, bands[1])
    )
    held, after = (coverage(trial.truth, said[:, low], said[:, high]) for said in bands)
    return Finding(family, len(trial.truth), weight, boosted, dull, mixed, held, after)
