from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest_calendar.engine.windows import (
    TOO_FAR_M,
    Band,
    as_written,
    days_per_100_m,
    month_day,
    season_at,
)

MID_SLOPE = Band(1, "07-05", "07-20", "08-10", low_m=1200, high_m=1600)
HIGH_SLOPE = Band(2, "07-25", "08-15", "09-05", low_m=1600, high_m=1900)
NOODLES = Band(3, "11-01", "12-20", "02-10", crosses_year=True)
EVERYWHERE = Band(4, "10-06", "11-10", "12-31")


def at(altitude_m, *bands, year=2026, per_100_m=7.0):
    return season_at(
        bands or [MID_SLOPE, HIGH_SLOPE], year=year, altitude_m=altitude_m, per_100_m=per_100_m
    )


def days(dated):
    return dated.start_on, dated.peak_on, dated.end_on


def test_middle_of_the_band_has_the_days_as_written():
    [dated] = at(1400)

    assert days(dated) == (date(2026, 7, 5), date(2026, 7, 20), date(2026, 8, 10))
    assert not dated.is_estimate


def test_pepper_moves_a_week_for_100_m_inside_the_window_as_written():
    [dated] = at(1500)

    assert days(dated) == (date(2026, 7, 12), date(2026, 7, 27), date(2026, 8, 10))


def test_other_crops_move_three_and_a_half_days():
    [dated] = at(1500, MID_SLOPE, per_100_m=days_per_100_m("walnut_dry"))

    assert dated.peak_on == date(2026, 7, 24)


def test_lowest_place_picks_from_the_first_day():
    [dated] = at(1200, MID_SLOPE)

    assert days(dated) == (date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 27))


def test_shared_edge_belongs_to_one_band():
    assert [dated.key for dated in at(1600)] == [HIGH_SLOPE.key]


def test_flushes_of_one_band_stay_apart():
    spring = Band(5, "04-10", "05-05", "06-10", low_m=700, high_m=1500)
    summer = Band(6, "06-20", "07-20", "08-20", low_m=700, high_m=1500)

    found = at(1100, summer, spring)

    assert [dated.key for dated in found] == [5, 6]
    assert found[0].end_on < found[1].start_on


def test_parts_of_one_band_that_overlap_stay_apart():
    stalks = Band(7, "05-01", "05-10", "05-30", low_m=800, high_m=1200)
    bulbs = Band(8, "05-25", "06-05", "06-20", low_m=800, high_m=1200)

    assert [dated.key for dated in at(1000, stalks, bulbs)] == [7, 8]


def test_window_that_crosses_the_year_ends_in_the_next():
    [dated] = at(1500, NOODLES)

    assert days(dated) == (date(2026, 11, 1), date(2026, 12, 20), date(2027, 2, 10))


def test_peak_after_new_year_lies_in_the_next_year():
    late = Band(9, "12-01", "01-15", "02-10", crosses_year=True)

    assert as_written(late, year=2026).peak_on == date(2027, 1, 15)


def test_window_without_band_holds_at_every_altitude():
    assert [days(dated) for dated in at(3000, EVERYWHERE)] == [
        (date(2026, 10, 6), date(2026, 11, 10), date(2026, 12, 31))
    ]


def test_outside_every_band_moves_on_from_the_edge_as_estimate():
    [dated] = at(2000)

    assert dated.key == HIGH_SLOPE.key
    assert dated.is_estimate
    assert dated.end_on == date(2026, 9, 12)


def test_below_every_band_is_earlier_and_an_estimate():
    [dated] = at(1100)

    assert dated.key == MID_SLOPE.key
    assert dated.is_estimate
    assert dated.start_on == date(2026, 6, 28)


@pytest.mark.parametrize(("altitude_m", "grows"), [(2200, True), (2201, False), (899, False)])
def test_more_than_300_m_outside_is_not_grown(altitude_m, grows):
    assert bool(at(altitude_m)) is grows


def test_no_window_means_not_grown():
    assert season_at([], year=2026, altitude_m=1000, per_100_m=7.0) == []


def test_unknown_altitude_answers_as_written_marked_estimate():
    found = at(None)

    assert [dated.start_on for dated in found] == [date(2026, 7, 5), date(2026, 7, 25)]
    assert all(dated.is_estimate for dated in found)


def test_leap_day_is_the_28th_in_other_years():
    assert month_day("02-29", 2028) == date(2028, 2, 29)
    assert month_day("02-29", 2026) == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["02-30", "13-01", "7-05", "07/05", "", "aa-bb", "00-10"])
def test_month_day_refuses_what_is_no_day(text):
    with pytest.raises(ValueError, match=r"."):
        month_day(text, 2026)


@pytest.mark.parametrize(
    "band",
    [
        Band(1, "07-20", "07-05", "08-10"),
        Band(1, "07-05", "07-20", "07-10"),
        Band(1, "11-01", "12-20", "02-10"),
        Band(1, "05-01", "05-20", "06-10", crosses_year=True),
    ],
)
def test_days_out_of_order_are_refused(band):
    with pytest.raises(ValueError, match="out of order"):
        as_written(band, year=2026)


def _month_days():
    return st.dates(date(2024, 1, 1), date(2024, 12, 31))


@st.composite
def bands(draw):
    start, peak, end = sorted(draw(st.lists(_month_days(), min_size=3, max_size=3)))
    low = draw(st.integers(500, 2500))
    high = low + draw(st.integers(0, 1500))
    text = [f"{day:%m-%d}" for day in (start, peak, end)]
    return Band(draw(st.integers(1, 9)), *text, low_m=low, high_m=high)


RATES = st.floats(0, 10)
YEARS = st.integers(2020, 2040)


@given(st.lists(bands(), min_size=1, max_size=4), YEARS, st.integers(300, 4500), RATES)
def test_days_are_always_ordered(found, year, altitude_m, per_100_m):
    for dated in season_at(found, year=year, altitude_m=altitude_m, per_100_m=per_100_m):
        assert dated.start_on <= dated.peak_on <= dated.end_on


@given(bands(), YEARS, st.integers(500, 4000), st.integers(0, 300), RATES)
def test_a_higher_place_is_never_earlier(band, year, altitude_m, higher, per_100_m):
    low = season_at([band], year=year, altitude_m=altitude_m, per_100_m=per_100_m)
    high = season_at([band], year=year, altitude_m=altitude_m + higher, per_100_m=per_100_m)

    if low and high:
        assert all(a <= b for a, b in zip(days(low[0]), days(high[0]), strict=True))


@given(bands(), YEARS, RATES, st.data())
def test_inside_its_band_a_place_keeps_to_the_window(band, year, per_100_m, data):
    altitude_m = data.draw(st.integers(band.low_m, band.high_m))

    [dated] = season_at([band], year=year, altitude_m=altitude_m, per_100_m=per_100_m)

    written = as_written(band, year=year)
    assert written.start_on <= dated.start_on
    assert dated.end_on <= written.end_on


@given(bands(), YEARS, st.integers(300, 4500), RATES)
def test_too_far_outside_and_only_there_is_not_grown(band, year, altitude_m, per_100_m):
    outside = max(band.low_m - altitude_m, altitude_m - band.high_m, 0)

    found = season_at([band], year=year, altitude_m=altitude_m, per_100_m=per_100_m)

    assert bool(found) is (outside <= TOO_FAR_M)
    assert all(dated.is_estimate is (outside > 0) for dated in found)
