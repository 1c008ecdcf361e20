from datetime import date

import pandas as pd
import pytest

from forecasting.engine.backtest import as_text, backtest
from tests.forecasting.seasons import LONG_AFTER, two_seasons


@pytest.fixture(scope="module")
def scores():
    return backtest(*two_seasons(), as_of=LONG_AFTER)


def test_half_way_the_band_holds_seven_in_ten_finals(scores):
    assert scores.scores.loc[0.5, "coverage"] >= 0.7


@pytest.mark.parametrize("cut", [0.25, 0.5, 0.75])
def test_every_cut_beats_both_baselines(scores, cut):
    row = scores.scores.loc[cut]

    assert row.campaigns == 60
    assert row.wis < row.ratio_wape
    assert row.wis < row.additive_wape


def test_a_campaign_that_closed_later_teaches_nothing():
    pledges, campaigns = two_seasons(12)
    first = campaigns["campaign"].iloc[0]

    alone = backtest(
        pledges[pledges["campaign"] == first], campaigns.iloc[:1], as_of=LONG_AFTER
    ).rows
    together = backtest(pledges, campaigns, as_of=LONG_AFTER).rows

    same = together[together["campaign"] == first].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), same)


def test_without_finished_campaigns_there_is_nothing_to_score():
    pledges, campaigns = two_seasons(1)

    result = backtest(pledges, campaigns, as_of=date(2025, 3, 4))

    assert result.rows.empty
    assert result.scores["campaigns"].tolist() == [0, 0, 0]
    assert len(as_text(result).splitlines()) == 4


def test_the_printed_table_has_a_line_per_cut(scores):
    lines = as_text(scores).splitlines()

    assert [line.split()[0] for line in lines] == ["seen", "25%", "50%", "75%"]


@pytest.mark.parametrize("cut", [0.0, 1.0, 1.5])
def test_a_cut_outside_the_campaign_is_refused(cut):
    with pytest.raises(ValueError, match="share"):
        backtest(*two_seasons(1), as_of=LONG_AFTER, cuts=(cut,))
