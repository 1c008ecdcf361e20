"""Kept orders: ordered, never negative, not floored at the books, each row by itself."""

import numpy as np
import pytest

from forecasting.engine.bookings import fit, score, with_product
from tests.forecasting.pledging import booked_rows


@pytest.fixture(scope="module")
def rows():
    return with_product(booked_rows())


@pytest.fixture(scope="module")
def fitted(rows):
    return fit(rows[rows["due_date"] < "2025-06-01"])


def test_quantiles_ascend_and_are_never_negative(fitted, rows):
    kept = score(fitted, rows)

    assert (np.diff(kept, axis=1) >= 0).all()
    assert (kept >= 0).all()


def test_what_is_on_the_books_is_no_floor(fitted, rows):
    late = rows[(rows["lead"] == 12) & (rows["net"] > 20)]

    assert (score(fitted, late)[:, 0] < late["net"]).mean() > 0.9


def test_rows_are_scored_by_themselves(fitted, rows):
    whole = score(fitted, rows)

    parts = [score(fitted, rows.iloc[part]) for part in np.array_split(np.arange(len(rows)), 10)]

    assert np.concatenate(parts).tobytes() == whole.tobytes()
    assert score(fitted, rows.iloc[:0]).shape == (0, 7)
    assert score(fitted, rows.iloc[7:8]).tobytes() == whole[7:8].tobytes()


def test_the_truth_of_a_query_changes_nothing(fitted, rows):
    changed = rows.assign(y_rooms=10_000)

    assert score(fitted, changed).tobytes() == score(fitted, rows).tobytes()


def test_the_books_of_a_product_are_those_of_one_day_and_lead(rows):
    one = rows[(rows["due_date"] == "2025-02-03") & (rows["lead"] == 60)]

    assert one["product_net"].tolist() == [one["net"].sum()] * 2


def test_learning_from_nothing_is_refused(rows):
    with pytest.raises(ValueError, match="no due date"):
        fit(rows.iloc[:0])
