"""Bands learnt on trials: as wide as the misses, near and far apart, wider after few weeks."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.engine.mixing import Trial, learn, untried, widened
from forecasting.engine.panel import HORIZON
from forecasting.engine.scores import coverage
from forecasting.engine.weekly import LEVELS

SERIES = 60


def trial(column, *, far=1.0, seed=0):
    """Members that promise a normal band of one; far weeks miss ``far`` times as much."""
    rng = np.random.default_rng(seed + column)
    ahead = np.tile(np.arange(1, HORIZON + 1), SERIES)
    spread = np.where(ahead > 4, far, 1.0)
    truth = np.maximum(10 + spread * rng.normal(size=len(ahead)), 0)
    told = np.tile(10 + np.array([-1.96, -1.28, -0.67, 0, 0.67, 1.28, 1.96]), (len(ahead), 1))
    ones = np.ones(len(ahead))
    whole = np.zeros(len(ahead), dtype=np.int64)
    return Trial(truth, ones, told, told, whole, ones.astype(bool), column + ahead, ahead)


def held(learnt, one):
    wide = widened(one.dull, learnt.width[0][one.ahead - 1], LEVELS)
    return [
        coverage(one.truth[rows], wide[rows, 1], wide[rows, 5])
        for rows in (one.ahead <= 4, one.ahead > 4)
    ]


def test_a_year_of_trials_gives_bands_that_hold_what_they_promise_near_and_far():
    learnt = learn([trial(column, far=1.8) for column in range(0, 52, 4)], LEVELS)

    later = held(learnt, trial(80, far=1.8, seed=7))

    assert later == pytest.approx([0.8, 0.8], abs=0.06)
    assert (learnt.width[0, HORIZON - 1, [1, 5]] > 1.4 * learnt.width[0, 0, [1, 5]]).all()


def test_the_same_misses_in_a_few_weeks_ask_for_wider_bands_than_in_a_year():
    year = [trial(column) for column in range(0, 52, 4)]
    short = [replace(one, week=one.ahead) for one in year]

    wide, narrow = (learn(trials, LEVELS).width[0] for trials in (short, year))

    assert (wide[:, [0, 1, 5, 6]] > narrow[:, [0, 1, 5, 6]]).all()


def test_without_trials_every_band_is_widened_alike():
    assert np.ptp(untried(LEVELS).width) == 0
    assert (learn([], LEVELS).width == untried(LEVELS).width).all()
