"""Bands are moved by what they missed, within a cap; regression bends where the data bend."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.engine.calibration import CAP, Shifts, fit_shifts, nearest
from forecasting.engine.files import LEVELS
from forecasting.engine.quantreg import fit_hinged

ROWS = 4000


@pytest.fixture
def narrow():
    rng = np.random.default_rng(1)
    truth, share = rng.normal(size=ROWS), np.full(ROWS, 0.25)
    quantiles = np.tile(np.array([-1.5, -1, -0.5, 0, 0.5, 1, 1.5]), (ROWS, 1))
    return truth, quantiles, share


def held(truth, quantiles):
    return float(((truth >= quantiles[:, 1]) & (truth <= quantiles[:, 5])).mean())


def test_a_band_that_is_too_narrow_is_widened_to_hold_four_fifths(narrow):
    truth, quantiles, share = narrow

    shifts = fit_shifts(
        truth, quantiles, share, LEVELS, buckets=np.array([0.25]), weights=np.ones(ROWS)
    )

    assert held(truth, quantiles) < 0.7
    assert held(truth, shifts.apply(quantiles, share)) == pytest.approx(0.8, abs=0.01)


def test_closed_campaigns_move_the_band_on_but_not_past_the_cap(narrow):
    truth, quantiles, share = narrow
    none = Shifts(np.array([0.25]), LEVELS, np.zeros((1, 7)))

    moved = none.after(truth[:1500], quantiles[:1500], share[:1500])
    far = none.after(truth[:1500] + 100, quantiles[:1500], share[:1500])

    assert held(truth, moved.apply(quantiles, share)) > held(truth, quantiles) + 0.05
    assert far.moves.max() == pytest.approx(CAP)


def test_a_truth_on_the_quantile_itself_moves_nothing():
    none = Shifts(np.array([0.5]), LEVELS, np.zeros((1, 7)))
    flat = np.zeros((5, 7))

    assert not none.after(np.zeros(5), flat, np.full(5, 0.5)).moves.any()


def test_without_errors_nothing_is_moved():
    shifts = fit_shifts(
        np.zeros(0),
        np.zeros((0, 7)),
        np.zeros(0),
        LEVELS,
        buckets=np.array([0.1, 0.5]),
        weights=np.zeros(0),
    )

    assert not shifts.moves.any()


@given(
    st.lists(st.floats(-9, 9), min_size=7, max_size=7),
    st.lists(st.floats(-CAP, CAP), min_size=7, max_size=7),
)
def test_moved_quantiles_ascend(values, moves):
    shifts = Shifts(np.array([0.5]), LEVELS, np.array([moves]))

    moved = shifts.apply(np.sort(np.array([values])), np.array([0.3]))

    assert (np.diff(moved) >= 0).all()


def test_the_nearest_bucket_is_so_by_ratio():
    assert nearest(np.array([0.1, 0.25, 0.5]), np.array([0.01, 0.17, 0.9])).tolist() == [0, 1, 2]


def test_a_hinge_finds_the_bend():
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"x": rng.uniform(-2, 2, 800)})
    answers = np.maximum(table["x"].to_numpy(), 0) * 3 + rng.normal(0, 0.1, 800)

    model = fit_hinged(table, answers, np.array([0.1, 0.5, 0.9]), knots={"x": (0.0,)})

    told = model.predict(pd.DataFrame({"x": [-1.0, 1.0]}))
    assert told[:, 1] == pytest.approx([0.0, 3.0], abs=0.1)
    assert (np.diff(told, axis=1) > 0.1).all()
