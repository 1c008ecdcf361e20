"""A forecast of campaigns or bookings against what anyone can compute, row by row of the tables.

``python -m devtools.bench.rivals crowd|hotel FOLDER FORECAST``: the folder holds the files of
``python -m forecasting.engine`` and ``truth.csv.gz``; the forecast is what that wrote. Rivals are
additive pick-up and chain ladder with their own past misses as a band (for bookings by series), and
for campaigns the pooled boosting alone. Prints the interval score over mean demand at every cutoff
or lead, and the paired gain with its 90 % interval, campaigns or due dates drawn together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forecasting.engine.baselines import additive, band, chain_ladder
from forecasting.engine.commands.crowd import read_finished, read_running
from forecasting.engine.crowd import TARGETS, alone, fit
from forecasting.engine.crowd_features import Seen, cut_day, lay_out
from forecasting.engine.files import LEVEL_COLUMNS, LEVELS
from forecasting.engine.quantiles import Floats
from forecasting.engine.scores import interval_score, skill, wis

if TYPE_CHECKING:
    import pandas as pd

Rivals = dict[str, Floats]
RULES = {"additive": additive, "chain ladder": chain_ladder}


def by_rule(so_far: Floats, past_so_far: Floats, past_final: Floats) -> Rivals:
    """Both rules with their past misses as a band; shape (n, n_levels) each."""
    found = {}
    for name, rule in RULES.items():
        told = rule(so_far, past_so_far, past_final)
        before = rule(past_so_far, past_so_far, past_final)
        found[name] = band(told, before, past_final, LEVELS)
    return found


def crowd(folder: Path) -> Iterator[tuple[str, pd.Series, Rivals]]:
    """By target: the keys of its rows and what the rivals say."""
    import pandas as pd

    campaigns, daily = read_finished(folder)
    uids, seen = read_running(folder)
    nominal = uids.str.split("|").str[-1].astype(float).to_numpy()
    days = campaigns["days"].to_numpy(dtype=np.int64)
    curves = lay_out(campaigns["id"], daily, "id", int(days.max()) + 1)
    fitted = fit(campaigns, daily)
    for target in TARGETS:
        said = {name: np.zeros((len(seen), len(LEVELS))) for name in RULES}
        for share in np.unique(nominal):
            own = nominal == share
            past = Seen(campaigns, cut_day(days, float(share)), *curves)
            final = campaigns[f"final_{target}"].to_numpy(dtype=np.float64)
            rules = by_rule(seen.so_far(target)[own], past.so_far(target), final)
            for name, bands in rules.items():
                said[name][own] = bands
        keys = pd.Series([f"{target}|{uid}" for uid in uids])
        yield target, keys, said | {"pooled alone": alone(fitted, seen, target)[0]}


def hotel(folder: Path) -> Iterator[tuple[str, pd.Series, Rivals]]:
    """Kept bookings: each series and lead by its own past."""
    import pandas as pd

    past, query = (pd.read_csv(folder / f"{name}.csv.gz") for name in ("train_rows", "query"))
    key = ["product", "channel", "lead"]
    known = dict(list(past.groupby(key)))
    said = {name: np.zeros((len(query), len(LEVELS))) for name in RULES}
    for which, rows in query.groupby(key):
        own = known[which]
        so_far, before = (one["net"].to_numpy(dtype=np.float64) for one in (rows, own))
        rules = by_rule(so_far, before, own["y_rooms"].to_numpy(dtype=np.float64))
        for name, bands in rules.items():
            said[name][rows.index] = bands
    yield "bookings", query["uid"], said


def lines(kind: str, folder: Path, forecast: Path) -> Iterator[str]:
    """A line a forecaster with its score at every cutoff, and one a rival with the gain over it."""
    import pandas as pd

    ours = pd.read_csv(forecast).set_index("uid")
    truths = pd.read_csv(folder / "truth.csv.gz").set_index("uid")
    for target, keys, rivals in {"crowd": crowd, "hotel": hotel}[kind](folder):
        truth = truths.loc[keys]
        groups = pd.factorize(truth["id" if kind == "crowd" else "due_date"])[0].astype(float)
        mine = ours.loc[keys, list(LEVEL_COLUMNS)].to_numpy(dtype=np.float64)
        yield f"{target} {'ours':14}{_row(truth, mine)}"
        for name, said in rivals.items():
            gain = skill(_scaled(truth, mine), _scaled(truth, said), groups)
            told = f"gain {gain.share:.1%} ({gain.low:.1%} to {gain.high:.1%})"
            yield f"{target} {name:14}{_row(truth, said)}; {told}"


def _places(truth: pd.DataFrame) -> list[tuple[Any, Any]]:
    return [(share, (truth["frac"] == share).to_numpy()) for share in sorted(set(truth["frac"]))]


def _row(truth: pd.DataFrame, said: Floats) -> str:
    y = truth["y"].to_numpy(dtype=np.float64)
    each = [wis(y[own], said[own], LEVELS) for _, own in _places(truth)]
    return " ".join(f"{one:.3f}" for one in each) + f"; mean {np.mean(each):.4f}"


def _scaled(truth: pd.DataFrame, said: Floats) -> Floats:
    """Scores over the mean demand of their cutoff, so that the sum is the mean of the table."""
    y = truth["y"].to_numpy(dtype=np.float64)
    scores = interval_score(y, np.asarray(said, dtype=np.float64), LEVELS)
    for _, own in _places(truth):
        scores[own] /= y[own].mean()
    return scores


if __name__ == "__main__":
    for line in lines(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])):
        print(line, flush=True)
