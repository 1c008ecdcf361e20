"""Curve so far to final: backers, amount and the chance of the goal, for all campaigns at once.

``fit`` learns from finished campaigns only; ``score`` looks at each row by itself, so rows can be
scored in any order and in any partition, with the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecasting.engine.calibration import Shifts, fit_shifts
from forecasting.engine.crowd_features import Seen, Whole, cut_day, features, lay_out
from forecasting.engine.files import LEVELS
from forecasting.engine.members import HINGED_AT, SHARES, Members, Rows, fit_members, rows_of
from forecasting.engine.pooled import Boosted, fit_chance
from forecasting.engine.quantiles import Floats, chance_above

if TYPE_CHECKING:
    import pandas as pd

TARGETS = ("amount", "backers")
FOLDS = 2
HALF_KNOWS = 0.2
"""Share of a calibrating move that is made: members of half the campaigns miss more than members of
all, and the whole move held 83 to 90 % where 80 were asked (two past cuts)."""
FADE_YEARS = 2.5
"""The market drifts: a campaign that ended this long ago counts a third of one of today."""
SMALLEST = {"amount": 5.0, "backers": 0.5}
"""Half the least one can pledge: a forecast growth below it is none."""
READ = 0.3
"""What the band of the amount counts beside the trees, in logarithms of odds."""
SURE = 0.005
"""No odds are longer than this before both are mixed."""
EARLY_SHARE, EARLY_BACKERS = 0.1, 10


@dataclass(frozen=True)
class Fitted:
    """All that scoring needs; it can be pickled and sent to any partition."""

    kinds: tuple[str, ...]
    members: Mapping[str, Members]
    shifts: Mapping[str, Shifts]
    chance: Boosted


@dataclass(frozen=True)
class Outlook:
    """Finals at ``files.LEVELS``, shape (n, 7), in money and in backers.

    ``chance`` of the goal, shape (n,); ``too_early`` until a tenth is over or ten have backed.
    """

    amount: Floats
    backers: Floats
    chance: Floats
    too_early: NDArray[np.bool_]


@dataclass(frozen=True)
class _Lessons:
    """Finished campaigns at every cutoff of ``SHARES``."""

    seen: Seen
    table: pd.DataFrame
    kind: Whole
    nominal: Floats
    weights: Floats
    fold: Whole
    campaigns: pd.DataFrame

    def rows(self, target: str) -> Rows:
        return rows_of(self.seen, self.table, self.kind, target)

    def finals(self, target: str) -> Floats:
        logs: Floats = np.log1p(self.campaigns[f"final_{target}"].to_numpy(dtype=np.float64))
        return logs


def fit(campaigns: pd.DataFrame, daily: pd.DataFrame) -> Fitted:
    """Learn from finished campaigns.

    Parameters
    ----------
    campaigns : frame with ``id``, the columns of ``Seen.facts``, ``final_amount``,
        ``final_backers``, ``reached_goal``; at least one row
    daily : frame with ``id``, ``day``, ``backers``, ``amount``, whole curves

    Raises
    ------
    ValueError
        There is no finished campaign to learn from.
    """
    if campaigns.empty:
        raise ValueError("there is no finished campaign to learn from")
    ordered = campaigns.sort_values("id", ignore_index=True)
    common = ordered["category"].value_counts().sort_index().sort_values(kind="stable")
    kinds = tuple(str(name) for name in common.index[::-1])
    lessons = _lessons(ordered, daily, kinds)
    members, shifts = {}, {}
    for target in TARGETS:
        rows, finals = lessons.rows(target), lessons.finals(target)
        shifts[target] = _calibrate(lessons, rows, finals)
        members[target] = fit_members(rows, finals, lessons.nominal, lessons.weights)
    return Fitted(kinds, members, shifts, _fit_chance(lessons))


def _lessons(campaigns: pd.DataFrame, daily: pd.DataFrame, kinds: tuple[str, ...]) -> _Lessons:
    import pandas as pd

    days = campaigns["days"].to_numpy(dtype=np.int64)
    backers, amount = lay_out(campaigns["id"], daily, "id", int(days.max()) + 1)
    each = np.tile(np.arange(len(campaigns)), len(SHARES))
    facts = campaigns.iloc[each].reset_index(drop=True)
    cut = np.concatenate([cut_day(days, share) for share in SHARES])
    seen = Seen(facts, cut, backers[each], amount[each])
    ended = facts["launch_date"] + pd.to_timedelta(facts["days"], unit="D")
    years = ((ended.max() - ended).dt.days / 365.25).to_numpy(dtype=np.float64)
    nominal = np.repeat(SHARES, len(campaigns))
    weights = np.exp(-years / FADE_YEARS)
    return _Lessons(
        seen, features(seen), _kind(facts, kinds), nominal, weights, each % FOLDS, facts
    )


def _kind(facts: pd.DataFrame, kinds: tuple[str, ...]) -> Whole:
    """Number of each category; one never seen is -1."""
    import pandas as pd

    return pd.Index(kinds).get_indexer(pd.Index(facts["category"])).astype(np.int64)


def _calibrate(lessons: _Lessons, rows: Rows, finals: Floats) -> Shifts:
    """Moves from forecasts of campaigns whose fold the members had not seen."""
    quantiles = np.repeat(rows.so_far[:, None], len(LEVELS), axis=1)
    for fold in range(FOLDS):
        own = lessons.fold == fold
        if own.all() or not own.any():
            continue
        others = fit_members(
            rows.take(~own), finals[~own], lessons.nominal[~own], lessons.weights[~own]
        )
        quantiles[own] = others.predict(rows.take(own))
    found = fit_shifts(
        finals,
        quantiles,
        lessons.nominal,
        LEVELS,
        buckets=HINGED_AT,
        weights=lessons.weights,
    )
    return replace(found, moves=found.moves * HALF_KNOWS)


def _fit_chance(lessons: _Lessons) -> Boosted:
    """Only all-or-nothing campaigns teach what it takes to reach a goal."""
    rows, strict = lessons.rows("amount"), (lessons.campaigns["mode"] == "aon").to_numpy()
    reached = lessons.campaigns["reached_goal"].to_numpy(dtype=np.float64)
    table = rows.boosted()
    return fit_chance(
        table[strict],
        reached[strict],
        kinds=[rows.table.shape[1]],
        weights=lessons.weights[strict],
    )


def score(fitted: Fitted, seen: Seen) -> Outlook:
    """Forecast the finals of campaigns that are running; each row by itself."""
    table, kind = features(seen), _kind(seen.facts, fitted.kinds)
    finals = {}
    for target in TARGETS:
        rows = rows_of(seen, table, kind, target)
        logs = fitted.shifts[target].apply(fitted.members[target].predict(rows), seen.share)
        finals[target] = _settled(np.expm1(logs), seen.so_far(target), target)
    early = (seen.share < EARLY_SHARE) & (seen.so_far("backers") < EARLY_BACKERS)
    rows = rows_of(seen, table, kind, "amount")
    chance = _chance(fitted, rows, finals["amount"], seen)
    return Outlook(finals["amount"], finals["backers"], chance, early)


def alone(fitted: Fitted, seen: Seen, target: str) -> list[Floats]:
    """What each member says of the finals by itself, before calibration."""
    rows = rows_of(seen, features(seen), _kind(seen.facts, fitted.kinds), target)
    so_far = seen.so_far(target)
    return [_settled(np.expm1(said), so_far, target) for said in fitted.members[target].each(rows)]


def _settled(finals: Floats, so_far: Floats, target: str) -> Floats:
    """Finals in the unit of the target: never below what is pledged, no growth too small to be."""
    floor = so_far[:, None]
    grown = np.where(finals - floor < SMALLEST[target], floor, finals)
    return np.rint(grown) if target == "backers" else grown


def _chance(fitted: Fitted, rows: Rows, finals: Floats, seen: Seen) -> Floats:
    """What the trees say and what the band of the amount says, as one; sure once it is met."""
    said = _odds(fitted.chance.predict(rows.boosted())[:, 0])
    read = _odds(chance_above(finals, seen.goal, LEVELS))
    mixed = 1 / (1 + np.exp(-((1 - READ) * said + READ * read)))
    met = seen.so_far("amount") >= seen.goal
    return np.where(met, 1.0, mixed)


def _odds(chance: Floats) -> Floats:
    held = np.clip(chance, SURE, 1 - SURE)
    odds: Floats = np.log(held / (1 - held))
    return odds
