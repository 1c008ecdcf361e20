import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.engine import scores

LEVELS = np.array([0.1, 0.5, 0.9])


def test_interval_score_of_one_number_is_its_error():
    score = scores.interval_score(np.array([10.0]), np.full((1, 3), 7.0), LEVELS)

    assert score[0] == pytest.approx(3.0)


@given(st.floats(0, 1e6), st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_a_band_closer_to_the_truth_never_scores_worse(truth, band):
    far = np.sort(np.array([band]), axis=1)
    near = (far + truth) / 2

    score = scores.interval_score(np.array([truth]), np.vstack([far]), LEVELS)
    closer = scores.interval_score(np.array([truth]), near, LEVELS)

    assert closer[0] <= score[0] + 1e-6


def test_skill_is_surer_with_more_rows_of_the_same_kind():
    rng = np.random.default_rng(3)
    theirs = rng.uniform(1, 2, 400)
    ours = theirs * rng.uniform(0.7, 1.1, 400)

    few, many = scores.skill(ours[:20], theirs[:20]), scores.skill(ours, theirs)

    assert many.sure
    assert many.high - many.low < few.high - few.low
    assert many.low < many.share < many.high


def test_rows_of_one_series_are_drawn_together():
    ours, theirs = np.tile([1.0, 3.0], 50), np.full(100, 2.5)
    series = np.tile([0, 1], 50)

    assert scores.skill(ours, theirs).sure
    assert not scores.skill(ours, theirs, series).sure


@pytest.mark.parametrize("baseline", [np.array([1.0]), np.zeros(2)])
def test_what_cannot_be_compared_is_refused(baseline):
    with pytest.raises(ValueError, match=r"same rows|never missed"):
        scores.skill(np.ones(2), baseline)
