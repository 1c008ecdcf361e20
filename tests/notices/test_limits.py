"""Counting how often: never more than the limit in a span, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from notices.errors import TooOften
from notices.models import RateCount
from notices.services import Limit, take
from notices.services.limits import forget_old_counts

NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def passes(*limits, at=NOON):
    try:
        take(limits, at=at)
    except TooOften:
        return False
    return True


@pytest.mark.django_db
def test_so_many_pass_and_no_more_until_the_span_is_over():
    limit = Limit("look", "13900000001", 3, HOUR)

    inside = [passes(limit, at=NOON + MINUTE * n) for n in range(5)]

    assert inside == [True, True, True, False, False]
    assert not passes(limit, at=NOON + HOUR - timedelta(seconds=1))
    assert passes(limit, at=NOON + HOUR)


@pytest.mark.django_db
def test_people_and_scopes_are_counted_apart():
    assert passes(Limit("look", "a", 1, HOUR))
    assert passes(Limit("look", "b", 1, HOUR))
    assert passes(Limit("send", "a", 1, HOUR))
    assert not passes(Limit("look", "a", 1, HOUR))


@pytest.mark.django_db
def test_refused_by_one_limit_is_counted_by_none():
    narrow, wide = Limit("minute", "a", 1, MINUTE), Limit("hour", "a", 2, HOUR)
    passes(narrow, wide)

    assert not passes(narrow, wide, at=NOON + timedelta(seconds=30))

    assert RateCount.objects.get(scope="hour").hits == 1
    assert passes(narrow, wide, at=NOON + MINUTE)


@pytest.mark.django_db
def test_the_longest_wait_is_said():
    limits = [Limit("minute", "a", 1, MINUTE), Limit("hour", "a", 1, HOUR)]
    take(limits, at=NOON)

    with pytest.raises(TooOften, match="一个小时") as refused:
        take(limits, at=NOON)

    assert refused.value.seconds == 3600


@pytest.mark.django_db
def test_who_is_not_stored_in_clear_and_old_counts_go():
    take([Limit("look", "13900000001", 3, HOUR)], at=NOON)

    assert "13900000001" not in RateCount.objects.get().who
    assert len(RateCount.objects.get().who) == 64
    assert forget_old_counts(at=NOON + HOUR) == 1


@pytest.mark.django_db
def test_table_refuses_more_hits_than_the_limit():
    take([Limit("look", "a", 3, HOUR)], at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        RateCount.objects.update(hits=4)


class AnyTimes(TestCase):
    """Whenever hits come, the span that begins with a passed hit never holds too many."""

    @settings(max_examples=40, deadline=None)
    @given(
        gaps=st.lists(st.integers(min_value=0, max_value=5000), min_size=1, max_size=25),
        most=st.integers(min_value=1, max_value=4),
    )
    def test_never_more_than_the_limit_in_a_span(self, gaps, most):
        limit = Limit("any", "a", most, HOUR)
        at, began, inside = NOON, None, 0
        for gap in gaps:
            at += timedelta(seconds=gap)
            if began is None or at >= began + HOUR:
                began, inside = at, 0
            passed = passes(limit, at=at)
            assert passed == (inside < most)
            inside += passed
