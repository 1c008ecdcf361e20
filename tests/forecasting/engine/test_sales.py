from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.engine.sales import TOP, forecast_sales

MONDAY = date(2026, 8, 24)


def weekly(amounts, series="a"):
    """Sales of the weeks before MONDAY, oldest first."""
    weeks = [MONDAY - timedelta(weeks=len(amounts) - place) for place in range(len(amounts))]
    return pd.DataFrame({"series": series, "week": weeks, "amount": amounts})


def waves(weeks):
    """A steady series with a yearly swell and a ripple."""
    place = np.arange(weeks)
    return 100 + 30 * np.sin(place * 2 * np.pi / 52) + 8 * np.cos(place * 2.1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=70))
def test_quantiles_are_ordered_never_negative_and_never_explode(amounts):
    forecast = forecast_sales(weekly(amounts), as_of=MONDAY + timedelta(days=2))

    assert (np.diff(forecast.levels, axis=1) >= -1e-6).all()
    assert (forecast.levels >= 0).all()
    if forecast.table["method"].iloc[0] == "smoothing":
        assert forecast.levels.max() <= TOP * max(amounts) + 1e-6


def test_no_sales_give_no_rows():
    forecast = forecast_sales(weekly([]), as_of=MONDAY)

    assert forecast.table.empty
    assert forecast.levels.shape == (0, 21)


def test_a_long_steady_series_is_smoothed_close_to_its_level():
    history = waves(80)

    table = forecast_sales(weekly(history), as_of=MONDAY).table

    assert set(table["method"]) == {"smoothing"}
    assert table["week"].iloc[0] == MONDAY
    assert len(table) == 8
    assert abs(table["p50"].iloc[0] - history[-4:].mean()) < 20


@pytest.mark.parametrize(
    ("amounts", "method", "why"),
    [
        ([40.0], "recent_mean", "short"),
        ([40.0] * 15, "recent_mean", "short"),
        ([40.0] * 30, "recent_mean", "flat"),
        ([50.0, 0, 0, 70.0] * 2 + [30.0] * 20 + [0] * 60, "last_year", "out_of_season"),
        ([0, 0, 0, 70.0] * 20, "last_year", "many_zeros"),
        ([9.0, 0, 0, 0, 7.0] + [0, 0, 4.0] * 5, "recent_mean", "many_zeros"),
    ],
)
def test_the_fallback_says_which_and_why(amounts, method, why):
    table = forecast_sales(weekly(amounts), as_of=MONDAY).table

    assert set(table["method"]) == {method}
    assert set(table["why"]) == {why}


def test_out_of_season_the_same_week_of_last_year_answers():
    season = [0.0] * 8 + [500.0] * 6 + [0.0] * 38
    history = season + season[:4]

    table = forecast_sales(weekly(history), as_of=MONDAY, horizon=8).table

    assert table["p50"].iloc[0] == 0
    assert table["p50"].iloc[7] == 500


def test_a_missing_week_sold_nothing():
    gap = weekly([10.0] * 12)
    gap = gap.drop(index=[11])

    whole = forecast_sales(weekly([10.0] * 11 + [0.0]), as_of=MONDAY).levels

    assert np.array_equal(forecast_sales(gap, as_of=MONDAY).levels, whole)


def test_this_week_and_later_are_not_looked_at():
    past = weekly(waves(40))
    leak = pd.DataFrame({"series": "a", "week": [MONDAY], "amount": [9999.0]})

    before = forecast_sales(past, as_of=MONDAY).levels
    after = forecast_sales(pd.concat([past, leak]), as_of=MONDAY).levels

    assert np.array_equal(before, after)


@pytest.mark.parametrize(
    "broken",
    [
        weekly([-1.0]),
        weekly([float("nan")]),
        weekly([5.0]).drop(columns="week"),
        weekly([5.0]).assign(week=MONDAY + timedelta(days=1)),
    ],
)
def test_a_broken_row_is_refused(broken):
    with pytest.raises(ValueError, match=r"amount|columns|Monday"):
        forecast_sales(broken, as_of=MONDAY)
