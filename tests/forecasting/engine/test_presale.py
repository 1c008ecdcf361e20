from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.engine.presale import forecast_finals
from tests.forecasting.seasons import two_seasons

SHOWN = ["p10", "p20", "p50", "p80", "p90"]
OPENS = date(2027, 8, 1)
NO_PLEDGES = pd.DataFrame({"campaign": [], "day": [], "packs": []})


def running(code="NEW", *, goal=100, cap=float("nan"), days=20, crop="hetao"):
    return pd.DataFrame(
        {
            "campaign": [code],
            "opens_on": [OPENS],
            "deadline_on": [OPENS + timedelta(days=days - 1)],
            "goal_packs": [goal],
            "cap_packs": [cap],
            "crop": [crop],
            "finished": [False],
        }
    )


def with_history(pledges, campaigns):
    old_pledges, old = two_seasons()
    return pd.concat([old_pledges, pledges]), pd.concat([old, campaigns])


def pledge(*pairs, code="NEW"):
    return pd.DataFrame([(code, day, packs) for day, packs in pairs], columns=list(NO_PLEDGES))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 19), st.integers(-20, 60)), max_size=12),
    st.integers(1, 500),
    st.integers(0, 19),
    st.booleans(),
)
def test_quantiles_are_ordered_never_negative_and_under_the_cap(days, goal, gone, history):
    pledges, campaigns = pledge(*days), running(goal=goal, cap=goal * 2)
    if history:
        pledges, campaigns = with_history(pledges, campaigns)

    table = forecast_finals(pledges, campaigns, as_of=OPENS + timedelta(days=gone)).table

    shown = table.loc["NEW", SHOWN].to_numpy(dtype=float)
    assert (np.diff(shown) >= 0).all()
    assert (shown >= 0).all()
    # Packs already pledged above the cap are still there.
    assert shown[-1] <= max(goal * 2, table.loc["NEW", "so_far"]) + 1e-9
    assert 0 < table.loc["NEW", "chance"] < 1


def test_no_campaign_gives_an_empty_table():
    empty = running().iloc[:0]

    forecast = forecast_finals(NO_PLEDGES, empty, as_of=OPENS)

    assert forecast.table.empty
    assert forecast.finals.shape == (0, 21)


def test_a_campaign_without_a_pledge_is_forecast_low_and_wide():
    pledges, campaigns = with_history(NO_PLEDGES, running())

    row = forecast_finals(pledges, campaigns, as_of=OPENS + timedelta(days=10)).table.loc["NEW"]

    assert row.so_far == 0
    assert row.p50 < 80
    assert row.chance < 0.5


def test_without_finished_campaigns_the_prior_answers_and_says_so():
    pledges = pledge((0, 20), (4, 30))

    row = forecast_finals(pledges, running(), as_of=OPENS + timedelta(days=9)).table.loc["NEW"]

    assert row.cold
    assert row.donors == 0
    assert row.p10 < 70
    assert row.p90 > 130


def test_history_narrows_the_band():
    pledges, campaigns = pledge((0, 20), (4, 30)), running()
    as_of = OPENS + timedelta(days=9)

    cold = forecast_finals(pledges, campaigns, as_of=as_of).table.loc["NEW"]
    warm = forecast_finals(*with_history(pledges, campaigns), as_of=as_of).table.loc["NEW"]

    assert not warm.cold
    assert warm.p90 - warm.p10 < cold.p90 - cold.p10


@pytest.mark.parametrize(
    ("gone", "backers", "early"),
    [(0, 3, True), (0, 10, False), (1, 3, False), (9, 0, False)],
)
def test_too_early_until_a_tenth_of_the_days_or_ten_backers(gone, backers, early):
    campaigns = running().assign(backers=[backers])

    table = forecast_finals(NO_PLEDGES, campaigns, as_of=OPENS + timedelta(days=gone)).table

    assert bool(table.loc["NEW", "too_early"]) is early


def test_days_after_the_cutoff_change_nothing():
    as_of = OPENS + timedelta(days=9)
    seen, later = pledge((0, 20), (9, 30)), pledge((10, 500), (15, -40))

    before = forecast_finals(*with_history(seen, running()), as_of=as_of)
    after = forecast_finals(*with_history(pd.concat([seen, later]), running()), as_of=as_of)

    assert np.array_equal(before.finals, after.finals)


def test_a_campaign_open_on_the_day_does_not_teach_whatever_its_row_says():
    as_of = OPENS + timedelta(days=9)
    claimed = running().assign(finished=True, final_packs=999)

    forecast = forecast_finals(pledge((0, 20)), claimed, as_of=as_of)

    assert forecast.table.loc["NEW", "donors"] == 0
    assert list(forecast.table.index) == ["NEW"]


def test_what_usually_stays_of_the_pledges_is_the_floor():
    pledges, campaigns = with_history(pledge((0, 300)), running(goal=100))

    row = forecast_finals(pledges, campaigns, as_of=OPENS + timedelta(days=18)).table.loc["NEW"]

    assert 240 < row.p10 <= row.p50


def test_more_pledges_forecast_more():
    as_of = OPENS + timedelta(days=9)

    few = forecast_finals(*with_history(pledge((0, 20)), running()), as_of=as_of).table
    many = forecast_finals(*with_history(pledge((0, 60)), running()), as_of=as_of).table

    assert few.loc["NEW", "p50"] < many.loc["NEW", "p50"]
    assert few.loc["NEW", "chance"] < many.loc["NEW", "chance"]


@pytest.mark.parametrize(
    "broken",
    [
        running(goal=0),
        running(days=0),
        running().drop(columns="crop"),
        pd.concat([running(), running()]),
    ],
)
def test_a_broken_campaign_is_refused(broken):
    with pytest.raises(ValueError, match=r"campaign|columns"):
        forecast_finals(NO_PLEDGES, broken, as_of=OPENS)


@pytest.mark.parametrize("broken", [pledge((-1, 5)), pledge((0, 5), code="OTHER")])
def test_a_pledge_outside_its_campaign_is_refused(broken):
    with pytest.raises(ValueError, match="pledge"):
        forecast_finals(broken, running(), as_of=OPENS)
