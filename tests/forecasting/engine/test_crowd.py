"""Finals of running campaigns: honest about order, floor, leaks and partitions."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecasting.engine import crowd
from forecasting.engine.crowd_features import Seen, features, lay_out
from tests.forecasting.pledging import finished_campaigns, seen_at, with_pledges

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def history():
    return finished_campaigns(210)


@pytest.fixture(scope="module")
def fitted(history):
    return crowd.fit(*history)


@pytest.fixture(scope="module")
def running():
    campaigns, daily = finished_campaigns(30, seed=11)
    backers, amount = lay_out(campaigns["id"], daily, "id", 61)
    cut = np.maximum(1, np.round(campaigns["days"] * 0.3)).to_numpy(dtype=np.int64)
    return Seen(campaigns, cut, backers, amount)


def part(seen: Seen, rows: np.ndarray) -> Seen:
    facts = seen.facts.iloc[rows].reset_index(drop=True)
    return Seen(facts, seen.cut[rows], seen.backers[rows], seen.amount[rows])


def bytes_of(outlook: crowd.Outlook) -> list[bytes]:
    return [np.ascontiguousarray(value).tobytes() for value in vars(outlook).values()]


@SLOW
@given(
    pledges=st.lists(st.integers(0, 200), max_size=30),
    share=st.sampled_from([0.02, 0.1, 0.4, 0.8, 1.0]),
)
def test_quantiles_ascend_and_never_fall_below_what_is_pledged(fitted, history, pledges, share):
    seen = with_pledges(seen_at(history[0].iloc[:3], share), pledges)

    outlook = crowd.score(fitted, seen)

    for target in crowd.TARGETS:
        finals = getattr(outlook, target)
        assert np.isfinite(finals).all()
        assert (np.diff(finals, axis=1) >= 0).all()
        assert (finals >= seen.so_far(target)[:, None]).all()
    assert ((outlook.chance >= 0) & (outlook.chance <= 1)).all()


def test_what_comes_after_the_cutoff_changes_no_byte(fitted, running):
    later = np.arange(61)[None, :] >= running.cut[:, None]
    changed = Seen(
        running.facts.assign(final_amount=0.0, final_backers=0.0, reached_goal=0.0),
        running.cut,
        np.where(later, 999.0, running.backers),
        np.where(later, 1e6, running.amount),
    )

    assert bytes_of(crowd.score(fitted, changed)) == bytes_of(crowd.score(fitted, running))


def test_what_comes_before_the_cutoff_does(fitted, running):
    more = Seen(running.facts, running.cut, running.backers + 3, running.amount + 150)

    assert bytes_of(crowd.score(fitted, more)) != bytes_of(crowd.score(fitted, running))


def test_ten_partitions_give_the_bytes_of_one(fitted, running):
    sent = pickle.loads(pickle.dumps(fitted))  # noqa: S301  # our own bytes

    parts = [crowd.score(sent, part(running, rows)) for rows in np.array_split(np.arange(30), 10)]

    whole = crowd.score(fitted, running)
    for name, value in vars(whole).items():
        together = np.concatenate([vars(one)[name] for one in parts])
        assert together.tobytes() == np.ascontiguousarray(value).tobytes(), name


def test_the_order_of_the_rows_to_learn_from_changes_no_byte(running):
    campaigns, daily = finished_campaigns(24)
    mixed = campaigns.sample(frac=1, random_state=1), daily.sample(frac=1, random_state=2)

    both = [crowd.score(crowd.fit(*each), running) for each in ((campaigns, daily), mixed)]

    assert bytes_of(both[0]) == bytes_of(both[1])


def test_no_campaign_gives_no_forecast(fitted, history):
    outlook = crowd.score(fitted, seen_at(history[0].iloc[:0], 0.5))

    assert outlook.amount.shape == (0, 7)
    assert outlook.chance.shape == (0,)


def test_learning_from_nothing_is_refused(history):
    with pytest.raises(ValueError, match="no finished campaign"):
        crowd.fit(history[0].iloc[:0], history[1].iloc[:0])


def test_one_finished_campaign_is_enough_to_answer(history):
    campaigns, daily = history[0].iloc[:1], history[1][history[1]["id"] == "c0000"]

    outlook = crowd.score(crowd.fit(campaigns, daily), seen_at(history[0].iloc[:2], 0.5))

    assert np.isfinite(outlook.amount).all()


def test_a_goal_that_is_met_is_certain_and_a_new_category_no_obstacle(fitted, history):
    facts = history[0].iloc[:1].assign(goal=1000.0, category="never seen")
    seen = with_pledges(seen_at(facts, 0.5), [10, 10])

    assert crowd.score(fitted, seen).chance.tolist() == [1.0]


def test_too_early_until_a_tenth_is_over_or_ten_have_backed(fitted, history):
    facts = history[0].iloc[:1].assign(days=60)

    said = [
        crowd.score(fitted, with_pledges(seen_at(facts, share), pledges)).too_early[0]
        for share, pledges in ((0.05, [9]), (0.05, [10]), (0.1, [9]))
    ]

    assert said == [True, False, False]


def test_every_feature_is_a_finite_number(running):
    empty = seen_at(running.facts, 0.1)

    for seen in (running, empty):
        assert np.isfinite(features(seen).to_numpy(dtype=float)).all()


def test_a_forecast_is_better_than_half_the_spread_of_the_past(fitted, running):
    finals = crowd.score(fitted, running).amount
    truth = running.facts["final_amount"].to_numpy()
    spread = np.abs(truth - np.median(truth)).mean()

    assert np.abs(truth - finals[:, 3]).mean() < spread / 2
    assert pd.Series(finals[:, 3]).corr(pd.Series(truth), method="spearman") > 0.8
