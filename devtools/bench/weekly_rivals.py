"""Weekly forecasts against last year, last week and the mean of four weeks, data set by data set.

``python -m devtools.bench.weekly_rivals FOLDER FORECAST``: the folder holds ``history`` and
``truth.csv.gz``; the forecast is what ``python -m forecasting.engine weekly`` wrote. Prints the
score over each series' usual change, what the 80 and 95 % bands held, and the share of the mean of
four's score that is left.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecasting.engine.baselines_weekly import BASELINES
from forecasting.engine.files import LEVEL_COLUMNS, LEVELS
from forecasting.engine.panel import read_panel
from forecasting.engine.quantiles import Floats
from forecasting.engine.scores import coverage, scaled_pinball

if TYPE_CHECKING:
    import pandas as pd

NAMES = {"unique_id": "series", "ds": "week", "y": "amount"}


def told(folder: Path, truth: pd.DataFrame) -> dict[str, Floats]:
    """What every rival says of the rows of the truth, from each origin's own history."""
    import pandas as pd

    said = {name: np.zeros((len(truth), len(LEVELS))) for name in BASELINES}
    for (dataset, origin), rows in truth.groupby(["dataset", "origin"]):
        history = pd.read_csv(folder / "history" / f"{dataset}_{origin}.csv.gz")
        panel = read_panel(history.rename(columns=NAMES), last=date.fromisoformat(str(origin)))
        place = {name: row for row, name in enumerate(panel.series)}
        for name, member in BASELINES.items():
            bands = member(panel.amounts, LEVELS)
            said[name][rows.index] = bands[[place[one] for one in rows["series"]], rows["h"] - 1]
    return said


def lines(folder: Path, forecast: Path) -> Iterator[str]:
    """A line a forecaster and data set."""
    import pandas as pd

    truth = pd.read_csv(folder / "truth.csv.gz")
    ours = pd.read_csv(forecast).set_index("uid").loc[truth["uid"], list(LEVEL_COLUMNS)]
    said = {"ours": ours.to_numpy(dtype=np.float64), **told(folder, truth)}
    for dataset, rows in truth.groupby("dataset"):
        y, scale = (rows[name].to_numpy(dtype=np.float64) for name in ("y", "scale"))
        least = scaled_pinball(y, said["mean of 4"][rows.index], LEVELS, scale)
        for name, bands in said.items():
            own = bands[rows.index]
            score = scaled_pinball(y, own, LEVELS, scale)
            held = coverage(y, own[:, 1], own[:, 5]), coverage(y, own[:, 0], own[:, 6])
            yield (
                f"{dataset:8} {name:14} {score:.3f}, held {held[0]:.3f} and {held[1]:.3f},"
                f" {score / least:.3f} of the mean of 4"
            )


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1]), Path(sys.argv[2])):
        print(line, flush=True)
