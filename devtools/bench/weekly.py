"""CPU seconds of a hundred thousand weekly series: learn from a sample, then score all, one thread.

``OMP_NUM_THREADS=1 python -m devtools.bench.weekly [SERIES]``: needs no site and no data.
"""

import sys
import time
from datetime import date

import numpy as np

from forecasting.engine.panel import Panel
from forecasting.engine.weekly import fit, score

SERIES, SAMPLE, WEEKS = 100_000, 20_000, 156
BAR_S = 120.0
LAST = date(2026, 8, 24)


def made(series: int, *, seed: int = 1) -> Panel:
    """Stalls of every size with a yearly swell; every fourth sells now and then."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(WEEKS)
    swell = 1 + rng.uniform(0, 0.8, (series, 1)) * np.sin(
        2 * np.pi * (weeks / 52 + rng.uniform(0, 1, (series, 1)))
    )
    amounts = rng.lognormal(3, 1.5, (series, 1)) * swell * rng.lognormal(0, 0.3, (series, WEEKS))
    amounts[::4] *= rng.uniform(0, 1, (len(amounts[::4]), WEEKS)) < 0.4
    return Panel(tuple(f"s{row}" for row in range(series)), LAST, amounts)


def measure(series: int = SERIES, sample: int = SAMPLE) -> tuple[float, float]:
    """CPU seconds to learn and to score."""
    panel = made(series)
    start = time.process_time()
    fitted = fit(panel.take(np.arange(0, series, max(series // sample, 1))))
    learnt = time.process_time()
    score(fitted, panel)
    return learnt - start, time.process_time() - learnt


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SERIES
    learning, scoring = measure(count, min(SAMPLE, count))
    bar = BAR_S * count / SERIES
    verdict = "reached" if scoring <= bar else "MISSED"
    print(f"{count} series: learnt {learning:.0f} s, scored {scoring:.0f} s; {bar:.0f} s {verdict}")
