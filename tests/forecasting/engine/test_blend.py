"""Pre-sale and history as one: ordered, between the two, history never regaining weight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forecasting.engine.blend import USUAL, USUAL_SHARE, learn_blend
from forecasting.engine.files import LEVELS

amounts = arrays.arrays(np.float64, (6, 7), elements=st.floats(0, 1e6))
shares = arrays.arrays(np.float64, 6, elements=st.floats(0, 1))


@given(amounts, amounts, shares, arrays.arrays(np.float64, 6, elements=st.floats(0, 1e6)))
def test_a_mix_is_ordered_and_between_the_two(presale, history, share, truth):
    presale, history = np.sort(presale, axis=1), np.sort(history, axis=1)
    blend = learn_blend(truth, presale, history, share, LEVELS)

    mixed = blend.mix(presale, history, share)

    assert (np.diff(mixed, axis=1) >= 0).all()
    assert (mixed >= np.minimum(presale, history) * (1 - 1e-12)).all()
    assert (mixed <= np.maximum(presale, history) * (1 + 1e-12)).all()
    assert (np.diff(blend.history) <= 0).all()
    assert ((blend.history >= 0) & (blend.history <= 1)).all()


def test_at_launch_history_counts_most_and_late_almost_nothing():
    weight = USUAL.weight(np.array([0.0, 0.1, 0.5, 0.9]))

    assert weight.tolist() == pytest.approx([0.9, 0.5, 0.1, 0.05])


def test_a_crop_without_a_history_is_answered_by_its_presale():
    presale = np.array([[1.0, 2.0], [3.0, 4.0]])
    history = np.array([[np.nan, np.nan], [1.0, 2.0]])

    mixed = USUAL.mix(presale, history, np.array([0.1, 0.1]))

    assert mixed.tolist() == [[1.0, 2.0], [2.0, 3.0]]


def test_the_better_of_the_two_earns_its_weight_share_by_share():
    rng = np.random.default_rng(4)
    share = np.repeat(USUAL_SHARE, 400)
    truth = rng.uniform(50, 150, len(share))
    curve = truth * np.exp(rng.normal(0, 0.6 * (1 - share)))
    past = truth * np.exp(rng.normal(0, 0.2, len(share)))

    blend = learn_blend(truth, curve[:, None], past[:, None], share, np.array([0.5]))

    assert blend.history[0] > 0.7
    assert blend.history[-1] < 0.6
    mixed = blend.mix(curve[:, None], past[:, None], share)[:, 0]
    assert np.abs(mixed - truth).mean() < np.abs(curve - truth).mean()
    assert np.abs(mixed - truth).mean() < np.abs(past - truth).mean()


def test_gaps_teach_nothing():
    gap = np.full((3, 7), np.nan)

    blend = learn_blend(np.ones(3), np.ones((3, 7)), gap, np.full(3, 0.1), LEVELS)

    assert blend.history.tolist() == USUAL.history.tolist()
