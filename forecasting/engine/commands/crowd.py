"""Campaigns seen for a part of their days: final amount and backers, chance of the goal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.crowd import TARGETS, Outlook, fit, score
from forecasting.engine.crowd_features import Seen, lay_out
from forecasting.engine.files import (
    LEVEL_COLUMNS,
    Day,
    Kind,
    Number,
    Text,
    read_table,
    refuse,
    refuse_twice,
)

if TYPE_CHECKING:
    import pandas as pd

HELP = "final amount and backers of campaigns from their curve so far"
MODES = ("aon", "flex")
FACTS: dict[str, Kind] = {
    "launch_date": Day(),
    "days": Number(low=1, high=3650, whole=True),
    "goal": Number(low=0.01),
    "mode": Text(among=MODES),
    "category": Text(),
    "has_video": Number(low=0, high=1),
    "about_len": Number(low=0),
    "headline_len": Number(low=0),
}
CAMPAIGNS: dict[str, Kind] = {
    "id": Text(),
    **FACTS,
    "reached_goal": Number(low=0, high=1, whole=True),
    "final_backers": Number(low=0),
    "final_amount": Number(low=0),
}
CURVE: dict[str, Kind] = {
    "day": Number(low=0, whole=True),
    "backers": Number(low=0),
    "amount": Number(low=0),
}
QUERY: dict[str, Kind] = {"uid": Text(), **FACTS, "cut": Number(low=1, high=3650, whole=True)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Folders with the finished campaigns and with the running ones."""
    parser.add_argument("--train", type=Path, required=True, help="train_campaigns, train_daily")
    parser.add_argument("--query", type=Path, required=True, help="query, query_daily")


def run(options: argparse.Namespace) -> pd.DataFrame:
    """Fit on ``--train``, forecast ``--query``; two rows a query."""
    campaigns, daily = read_finished(options.train)
    uids, seen = read_running(options.query)
    return as_rows(uids, seen, score(fit(campaigns, daily), seen))


def read_finished(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Finished campaigns and their curves, checked."""
    campaigns = read_table(folder / "train_campaigns.csv.gz", CAMPAIGNS)
    refuse_twice("train_campaigns.csv.gz", campaigns, ["id"])
    refuse("train_campaigns.csv.gz", np.array([campaigns.empty]), "id", "no campaign to learn from")
    daily = _curve(folder / "train_daily.csv.gz", "id", campaigns["id"])
    return campaigns, daily


def read_running(folder: Path) -> tuple[pd.Series, Seen]:
    """Keys of the queries, and each as it stood at its cutoff; later days are not looked at."""
    query = read_table(folder / "query.csv.gz", QUERY)
    refuse_twice("query.csv.gz", query, ["uid"])
    refuse("query.csv.gz", (query["cut"] > query["days"]).to_numpy(), "cut", "is larger than days")
    daily = _curve(folder / "query_daily.csv.gz", "uid", query["uid"])
    cut = query["cut"].to_numpy(dtype=np.int64)
    backers, amount = lay_out(query["uid"], daily, "uid", int(cut.max(initial=0)))
    return query["uid"], Seen(query, cut, backers, amount)


def _curve(path: Path, key: str, known: pd.Series) -> pd.DataFrame:
    daily = read_table(path, {key: Text(), **CURVE})
    refuse(path.name, ~daily[key].isin(known).to_numpy(), key, "belongs to no campaign")
    refuse_twice(path.name, daily, [key, "day"])
    return daily


def as_rows(uids: pd.Series, seen: Seen, outlook: Outlook) -> pd.DataFrame:
    """One row a query and target; a chance of success only where all or nothing is at stake."""
    import pandas as pd

    strict = (seen.facts["mode"] == "aon").to_numpy()
    parts = []
    for target in TARGETS:
        rows = pd.DataFrame(getattr(outlook, target), columns=list(LEVEL_COLUMNS))
        rows.insert(0, "uid", [f"{target}|{uid}" for uid in uids])
        known = strict if target == "amount" else np.zeros(len(strict), dtype=bool)
        parts.append(rows.assign(p_success=np.where(known, outlook.chance, np.nan)))
    return pd.concat(parts, ignore_index=True)
