"""CPU seconds to score a hundred thousand running campaigns, on one thread.

``OMP_NUM_THREADS=1 python -m devtools.bench.crowd FOLDER [CAMPAIGNS]``: the folder holds the files
of ``python -m forecasting.engine crowd``; its queries are repeated until there are enough.
"""

import sys
import time
from pathlib import Path

import numpy as np

from forecasting.engine.commands.crowd import read_finished, read_running
from forecasting.engine.crowd import fit, score
from forecasting.engine.crowd_features import Seen

CAMPAIGNS = 100_000
BAR_S = 30.0


def measure(folder: Path, campaigns: int = CAMPAIGNS) -> tuple[float, float]:
    """CPU seconds to learn and to score."""
    seen = read_running(folder)[1]
    rows = np.arange(campaigns) % len(seen)
    many = Seen(
        seen.facts.iloc[rows].reset_index(drop=True),
        seen.cut[rows],
        seen.backers[rows],
        seen.amount[rows],
    )
    start = time.process_time()
    fitted = fit(*read_finished(folder))
    learnt = time.process_time()
    score(fitted, many)
    return learnt - start, time.process_time() - learnt


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else CAMPAIGNS
    learning, scoring = measure(Path(sys.argv[1]), count)
    bar = BAR_S * count / CAMPAIGNS
    verdict = "reached" if scoring <= bar else "MISSED"
    print(
        f"{count} campaigns: learnt {learning:.0f} s, scored {scoring:.1f} s; {bar:.0f} s {verdict}"
    )
