from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.engine.combine import ALL, combine, split_weeks
from forecasting.engine.quantiles import STEPS

LEVELS = ["p10", "p20", "p50", "p80", "p90"]
MONDAY = date(2026, 9, 21)
NO_SALES = pd.DataFrame(columns=["crop", "grade", "hub", "week"])
NO_HUBS = pd.DataFrame(columns=["campaign", "hub", "packs"])
NONE = np.zeros((0, 21))


def campaign(*codes, days=7, grade="一级", pack_g=500):
    return pd.DataFrame(
        {
            "campaign": list(codes),
            "crop": "hetao",
            "grade": grade,
            "pack_g": pack_g,
            "goal_packs": 0,
            "booked_packs": 4,
            "starts_on": MONDAY,
            "ends_on": MONDAY + timedelta(days=days - 1),
        }
    )


def spread(rows, low=0.0, high=100.0):
    return np.repeat((low + (high - low) * STEPS)[None, :], rows, axis=0)


def at_hub(code, **packs):
    return pd.DataFrame({"campaign": code, "hub": list(packs), "packs": list(packs.values())})


def cell(table, *, hub, grade="一级", week=MONDAY):
    chosen = table[(table.hub == hub) & (table.grade == grade) & (table.week == week)]
    assert len(chosen) == 1
    return chosen.iloc[0]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(0, 1000), min_size=1, max_size=5),
    st.integers(1, 40),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_quantiles_are_ordered_and_never_negative(highs, days, one, two):
    codes = [f"C{place}" for place in range(len(highs))]
    finals = np.vstack([spread(1, high=high) for high in highs])
    hubs = at_hub("C0", H1=one, H2=two)

    table = combine(campaign(*codes, days=days), finals, hubs, NO_SALES, NONE, seed=3).table

    for prefix in ("", "to_"):
        grams = table[[prefix + name for name in LEVELS]].to_numpy()
        assert (np.diff(grams, axis=1) >= 0).all()
        assert (grams >= 0).all()


def test_the_band_of_a_sum_is_narrower_than_the_sum_of_bands():
    codes = [f"C{place}" for place in range(12)]

    table = combine(campaign(*codes), spread(12), NO_HUBS, NO_SALES, NONE, seed=1).table

    row = cell(table, hub=ALL)
    assert row.p10 > 12 * 10 * 500
    assert row.p90 < 12 * 90 * 500
    assert row.p50 == pytest.approx(12 * 50 * 500, rel=0.03)


def test_an_exact_number_is_split_exactly_over_weeks_and_hubs():
    finals = np.full((1, 21), 70.0)

    table = combine(
        campaign("C", days=14), finals, at_hub("C", H1=2, H2=3), NO_SALES, NONE, seed=1
    ).table

    for week in (MONDAY, MONDAY + timedelta(weeks=1)):
        assert cell(table, hub="H1", week=week).p50 == 7000
        assert cell(table, hub="H2", week=week).p90 == 10500
    assert cell(table, hub=ALL, week=MONDAY + timedelta(weeks=1)).to_p10 == 35000


def test_two_hubs_with_equal_shares_are_both_counted():
    finals = np.full((1, 21), 10.0)

    table = combine(campaign("C"), finals, at_hub("C", H1=1, H2=1), NO_SALES, NONE, seed=1).table

    assert cell(table, hub=ALL).p50 == 5000
    assert cell(table, hub=ALL, grade=ALL).p50 == 5000


def test_a_campaign_without_backers_takes_the_shares_of_all():
    finals = np.full((2, 21), 10.0)

    table = combine(
        campaign("C", "D"), finals, at_hub("C", H1=3, H2=1), NO_SALES, NONE, seed=1
    ).table

    assert cell(table, hub="H1").p50 == 7500
    assert cell(table, hub="H2").p50 == 2500


def test_a_campaign_under_its_goal_delivers_nothing():
    campaigns = campaign("C").assign(goal_packs=70)

    table = combine(campaigns, spread(1), at_hub("C", H1=1), NO_SALES, NONE, seed=1).table

    row = cell(table, hub="H1")
    assert (row.p10, row.p50) == (0, 0)
    assert row.p80 >= 70 * 500


def test_what_is_booked_is_split_like_the_forecast():
    table = combine(
        campaign("C", days=14), spread(1), at_hub("C", H1=1, H2=3), NO_SALES, NONE, seed=1
    ).table

    second = cell(table, hub="H2", week=MONDAY + timedelta(weeks=1))
    assert (second.booked, second.to_booked) == (750, 1500)
    assert cell(table, hub=ALL).booked == 1000


def test_sales_are_added_to_campaigns():
    sales = pd.DataFrame({"crop": "hetao", "grade": "一级", "hub": ["H1"], "week": [MONDAY]})

    table = combine(
        campaign("C"),
        np.full((1, 21), 10.0),
        at_hub("C", H1=1),
        sales,
        np.full((1, 21), 800.0),
        seed=1,
    ).table

    assert cell(table, hub="H1").p50 == 5800


def test_the_same_seed_gives_the_same_numbers():
    first = combine(campaign("C"), spread(1), NO_HUBS, NO_SALES, NONE, seed=5).table
    second = combine(campaign("C"), spread(1), NO_HUBS, NO_SALES, NONE, seed=5).table

    assert first.equals(second)


def test_nothing_in_gives_nothing_out():
    table = combine(campaign(), NONE, NO_HUBS, NO_SALES, NONE, seed=1).table

    assert table.empty


def test_split_weeks_of_one_day_is_one_week():
    assert split_weeks(MONDAY, MONDAY) == [(MONDAY, 1.0)]


@pytest.mark.parametrize(
    ("campaigns", "finals", "reason"),
    [
        (campaign("C"), NONE, "match"),
        (campaign("C").drop(columns="pack_g"), spread(1), "columns"),
        (campaign("C", days=-3), spread(1), "window"),
    ],
)
def test_what_does_not_fit_together_is_refused(campaigns, finals, reason):
    with pytest.raises(ValueError, match=reason):
        combine(campaigns, finals, NO_HUBS, NO_SALES, NONE, seed=1)
