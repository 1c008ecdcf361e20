from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forecasting.engine.baselines_weekly import BASELINES
from forecasting.engine.families import families, plain
from forecasting.engine.features import Past, by_festival
from forecasting.engine.mixing import widened
from forecasting.engine.panel import HORIZON, Panel, draw_quantiles
from forecasting.engine.weekly import LEVELS, fit, score
from tests.forecasting.engine.weeks import MONDAY, yearly

PANEL = yearly()
amounts = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(1, 70)),
    elements=st.one_of(st.just(0.0), st.floats(0, 1e7)),
)


@pytest.fixture(scope="module")
def fitted():
    return fit(PANEL)


def panel_of(values, last=MONDAY):
    return Panel(tuple(f"s{row}" for row in range(len(values))), last, values)


@settings(max_examples=40, deadline=None)
@given(amounts)
def test_every_series_gets_ordered_quantiles_that_are_never_negative(fitted, values):
    said = score(fitted, panel_of(values))

    assert said.shape == (len(values), HORIZON, len(LEVELS))
    assert np.isfinite(said).all()
    assert (said >= 0).all()
    assert (np.diff(said, axis=2) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(amounts, st.sampled_from(sorted(BASELINES)))
def test_plain_members_and_baselines_are_ordered_and_never_negative(values, name):
    for said in (plain(values, families(values), LEVELS), BASELINES[name](values, LEVELS)):
        assert np.isfinite(said).all()
        assert (said >= 0).all()
        assert (np.diff(said, axis=2) >= -1e-6).all()


@given(
    arrays.arrays(np.float64, (2, 7), elements=st.floats(0, 1e6)),
    arrays.arrays(np.float64, (1, 7), elements=st.floats(0.8, 2.5)),
)
def test_widening_keeps_order_and_the_middle(values, width):
    quantiles = np.sort(values, axis=1)

    wide = widened(quantiles, np.sort(width), LEVELS)

    assert (np.diff(wide, axis=1) >= 0).all()
    assert (wide >= 0).all()


def test_nothing_to_learn_from_and_nothing_to_score():
    empty = Panel((), MONDAY, np.zeros((0, 0)))

    assert score(fit(empty), empty).shape == (0, HORIZON, len(LEVELS))
    assert score(fit(PANEL), PANEL.take(np.array([], dtype=np.int64))).shape[0] == 0


def test_one_series_of_one_week_is_answered_widely():
    single = panel_of(np.array([[40.0]]))

    said = score(fit(single), single)

    assert said[0, 0, 3] == pytest.approx(40)
    assert said[0, 0, 1] < 40 < said[0, 0, 5]


def test_ten_parts_give_the_bytes_of_the_whole(fitted):
    panel = yearly(series=23, seed=5)

    whole = score(fitted, panel)
    parts = [score(fitted, panel.take(places)) for places in np.array_split(np.arange(23), 10)]

    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_twice_the_same_gives_the_same_bytes(fitted):
    assert score(fit(PANEL), PANEL).tobytes() == score(fitted, PANEL).tobytes()


def test_in_another_unit_the_forecast_is_the_same(fitted):
    kilos = score(fitted, PANEL)
    grams = score(fitted, replace(PANEL, amounts=PANEL.amounts * 1024))

    assert np.allclose(grams, kilos * 1024, rtol=1e-6)


def test_sales_to_another_week_are_refused(fitted):
    with pytest.raises(ValueError, match="end with"):
        score(fitted, replace(PANEL, last=MONDAY + timedelta(weeks=1)))


@pytest.mark.parametrize("levels", [(0.1, 0.9), (0.5, 0.1), (0.0, 0.5)])
def test_levels_without_a_middle_or_out_of_order_are_refused(levels):
    with pytest.raises(ValueError, match="levels"):
        fit(PANEL, levels)


def test_a_crop_out_of_season_is_not_promised_a_mountain():
    season = np.zeros(52)
    season[30:40] = [5, 40, 300, 900, 1500, 1500, 900, 300, 40, 5]
    gone = np.r_[np.tile(season, 2), season[:42]]
    values = np.vstack([PANEL.amounts, gone[None, -PANEL.weeks :]])
    panel = panel_of(values)

    said = score(fit(panel), panel)

    assert said[-1].max() < 2.5 * 1500
    assert said[-1, :, 3].max() < 100


def test_the_fit_says_what_each_family_rests_on(fitted):
    steady = fitted.learnt.report[0]

    assert steady.family == "steady"
    assert steady.outcomes > 0
    assert 0 <= steady.weight <= 1
    assert steady.mixed <= min(steady.boosted, steady.plain) * 1.1


def test_a_week_near_a_moved_festival_reads_last_year_by_the_festival():
    # The spring festival was on 29 January 2025 and falls on 17 February 2026.
    last = date(2026, 2, 2)
    values = np.full((1, 90), 100.0)
    values[0, 89 - 54] = 900.0  # the week of 20 January 2025, the week before the festival
    past = Past(panel_of(values, last))

    assert past.panel.monday(89 - 54) == np.datetime64("2025-01-20")
    told = [by_festival(past, 89, week, np.array([100.0]))[0] for week in range(90, 94)]
    assert told == [800.0, 0.0, 0.0, 0.0]  # the week of 9 February 2026, again the week before


def test_quantiles_of_no_draws_are_unknown():
    found = draw_quantiles(np.array([[np.nan, np.nan], [1.0, np.nan]]), [0.1, 0.9])

    assert np.isnan(found[0]).all()
    assert found[1].tolist() == [1.0, 1.0]
