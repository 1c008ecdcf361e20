import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.engine import (
    almanac,
    backtest,
    baselines,
    baselines_weekly,
    combine,
    families,
    intermittent,
    panel,
    presale,
    quantiles,
    sales,
    scores,
    smoother,
)

WITH_EXAMPLES = [
    almanac,
    backtest,
    baselines,
    baselines_weekly,
    combine,
    families,
    intermittent,
    panel,
    presale,
    quantiles,
    sales,
    scores,
    smoother,
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_in_docstrings_run(module):
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=30),
    st.floats(0.01, 5),
)
def test_weighted_quantiles_are_ordered_and_inside_the_draws(draws, weight):
    row = np.array([draws])

    levels = quantiles.weighted_quantiles(row, np.full(row.shape, weight))[0]

    assert (np.diff(levels) >= -1e-6).all()
    assert levels[0] >= min(draws) - 1e-6
    assert levels[-1] <= max(draws) + 1e-6


def test_equal_draws_stand_at_k_over_n_plus_one():
    row = np.arange(1.0, 10.0)[None, :]

    tenth, ninetieth = quantiles.weighted_quantiles(row, np.ones((1, 9)), np.array([0.1, 0.9]))[0]

    assert (tenth, ninetieth) == pytest.approx((1.0, 9.0))


def test_weight_draws_the_median_to_the_heavy_draw():
    row = np.array([[0.0, 10.0, 20.0]])

    median = quantiles.weighted_quantiles(row, np.array([[1.0, 1.0, 9.0]]), np.array([0.5]))[0, 0]

    assert 10.0 < median < 20.0


def test_chance_above_agrees_with_the_levels():
    row = quantiles.STEPS[None, :] * 100

    assert quantiles.chance_above(row, np.array([80.0]))[0] == pytest.approx(0.2)


@pytest.mark.parametrize(("bound", "chance"), [(40.0, 1.0), (40.1, 0.0)])
def test_an_exact_number_is_reached_or_not(bound, chance):
    row = np.full((1, len(quantiles.STEPS)), 40.0)

    assert quantiles.chance_above(row, np.array([bound]))[0] == chance
