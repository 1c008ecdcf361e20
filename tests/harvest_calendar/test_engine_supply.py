from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest_calendar.engine import supply
from harvest_calendar.engine.supply import Plantings, season_totals

NAN = float("nan")


def plantings(*rows):
    """Rows of (group, full_kg, age, habit, factor, reported_kg)."""
    group, full, age, habit, factor, reported = zip(*rows, strict=True)
    return Plantings(
        group=np.array(group, dtype=np.int64),
        full_kg=np.array(full, dtype=float),
        age=np.array(age, dtype=np.int64),
        habit=list(habit),
        factor=np.array(factor, dtype=float),
        reported_kg=np.array(reported, dtype=float),
    )


def totals(*rows, n_groups=1, swing=0.0):
    return season_totals(plantings(*rows), n_groups=n_groups, swing=np.full(n_groups, swing))


def test_mean_of_a_full_planting_lies_between_the_quantiles():
    found = totals((0, 200, 20, "tree", 1, NAN))

    assert (found.p10_g[0], found.p50_g[0], found.p90_g[0]) == (122_132, 188_780, 291_799)


def test_tree_not_yet_bearing_gives_nothing():
    found = totals((0, 200, 2, "tree", 1, NAN))

    assert found.p90_g[0] == 0


def test_tree_ramps_up_over_years():
    shares = supply.bearing_share(["tree"] * 12, np.arange(12))

    assert all(np.diff(shares) >= 0)
    assert (shares[0], shares[11]) == (0.0, 1.0)


def test_planting_of_a_later_year_gives_nothing():
    assert totals((0, 200, -1, "annual", 1, NAN)).p90_g[0] == 0


def test_light_year_gives_less_than_heavy_year():
    heavy = supply.year_factor(swing=0.5, heavy_in_odd_years=True, year=2027)
    light = supply.year_factor(swing=0.5, heavy_in_odd_years=True, year=2026)

    assert (heavy, light) == (1.25, 0.75)
    assert supply.year_factor(swing=0.5, heavy_in_odd_years=None, year=2026) == 1.0


def test_swing_widens_the_range():
    calm = totals((0, 200, 20, "tree", 1, NAN))
    swinging = totals((0, 200, 20, "tree", 1, NAN), swing=0.5)

    assert swinging.p10_g[0] < calm.p10_g[0]
    assert swinging.p90_g[0] > calm.p90_g[0]


def test_many_plantings_average_their_own_luck_but_not_the_weather():
    many = totals(*[(0, 2, 20, "tree", 1, NAN)] * 100)
    one = totals((0, 200, 20, "tree", 1, NAN))

    spread = (many.p90_g[0] - many.p10_g[0]) / many.p50_g[0]
    assert spread < (one.p90_g[0] - one.p10_g[0]) / one.p50_g[0]
    assert spread > supply.Z90 * supply.COMMON_SPREAD


def test_reported_yield_takes_the_place_of_the_guess():
    found = totals((0, 200, 20, "tree", 1, 120))

    assert found.p10_g[0] > 115_000
    assert found.p90_g[0] < 125_000


@pytest.mark.parametrize(
    "row",
    [(1, 200, 20, "tree", 1, NAN), (0, -1, 20, "tree", 1, NAN), (0, 200, 20, "moss", 1, NAN)],
)
def test_bad_columns_are_refused(row):
    with pytest.raises(ValueError, match=r"."):
        totals(row)


def test_columns_of_different_length_are_refused():
    rows = plantings((0, 200, 20, "tree", 1, NAN))
    short = Plantings(
        rows.group, rows.full_kg[:0], rows.age, rows.habit, rows.factor, rows.reported_kg
    )

    with pytest.raises(ValueError, match="length"):
        season_totals(short, n_groups=1, swing=np.zeros(1))


ROW = st.tuples(
    st.integers(0, 3),
    st.floats(0, 50_000),
    st.integers(-2, 80),
    st.sampled_from(sorted(supply.BEARING)),
    st.floats(0, 2),
    st.one_of(st.just(NAN), st.floats(0, 50_000)),
)


@given(st.lists(ROW, min_size=1, max_size=30), st.floats(0, 0.9))
def test_quantiles_are_ordered_and_never_negative(rows, swing):
    found = totals(*rows, n_groups=4, swing=swing)

    assert (found.p10_g >= 0).all()
    assert (found.p10_g <= found.p50_g).all()
    assert (found.p50_g <= found.p90_g).all()


@st.composite
def windows(draw):
    start = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    peak = start + timedelta(days=draw(st.integers(0, 200)))
    return start, peak, peak + timedelta(days=draw(st.integers(0, 160)))


@given(
    st.lists(windows(), min_size=1, max_size=3),
    st.lists(st.integers(0, 10**9), min_size=3, max_size=3),
)
def test_weeks_sum_to_the_total_and_stay_ordered(found, amounts):
    total = tuple(sorted(amounts))

    weeks = supply.week_shares(found)
    split = supply.by_week(total, [part for _monday, part in weeks])

    assert tuple(sum(column) for column in zip(*split, strict=True)) == total
    assert all(0 <= low <= middle <= high for low, middle, high in split)
    assert all(monday.weekday() == 0 for monday, _part in weeks)


@given(windows())
def test_hill_rises_from_nothing_to_all(window):
    start, _peak, end = window
    shares = [
        supply.hill_share(*window, until=start + timedelta(days=day))
        for day in range(-1, (end - start).days + 1)
    ]

    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(1.0)
    assert all(a <= b + 1e-12 for a, b in pairwise(shares))


def test_peak_week_gives_most():
    weeks = supply.week_shares([(date(2026, 7, 6), date(2026, 7, 22), date(2026, 8, 9))])

    assert max(weeks, key=lambda week: week[1])[0] == date(2026, 7, 20)
