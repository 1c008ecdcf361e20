from dataclasses import replace

import numpy as np
import pytest

from forecasting.engine.backtest_weekly import ENGINE, backtest_weekly
from forecasting.engine.baselines_weekly import BASELINES
from forecasting.engine.panel import HORIZON
from tests.forecasting.engine.weeks import yearly

PANEL = yearly(series=8, weeks=110)


@pytest.fixture(scope="module")
def result():
    return backtest_weekly(PANEL, origins=2)


def test_engine_and_every_named_baseline_are_scored_on_the_same_rows(result):
    counts = result.rows.groupby("method").size()

    assert set(counts.index) == {ENGINE, *BASELINES}
    assert counts.nunique() == 1
    assert counts[ENGINE] % (2 * HORIZON) == 0
    assert result.scores.loc[ENGINE, "spl"] < result.scores.loc["mean of 4", "spl"]
    assert set(result.skills) == set(BASELINES)


def test_what_came_after_an_origin_changes_no_forecast_from_it(result):
    amounts = PANEL.amounts.copy()
    amounts[:, -HORIZON:] *= 7
    last = result.rows["origin"].max()

    changed = backtest_weekly(replace(PANEL, amounts=amounts), origins=1).rows

    columns = [name for name in changed.columns if name.startswith("q")]
    same = result.rows[result.rows["origin"] == last]
    assert changed[columns].to_numpy().tobytes() == same[columns].to_numpy().tobytes()
    assert not np.allclose(changed["truth"], same["truth"])


def test_too_short_a_history_is_refused():
    with pytest.raises(ValueError, match="too few"):
        backtest_weekly(yearly(weeks=70), origins=4)
