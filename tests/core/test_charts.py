"""Shapes of charts: exact paths for small cases, rules for all."""

import doctest
import importlib
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import charts
from core.charts import YearWindow
from core.charts.shapes import num

DAY = date(2026, 8, 28)


@pytest.mark.parametrize("name", ["shapes", "hills", "lines", "bars"])
def test_examples_in_the_docs_run(name):
    result = doctest.testmod(importlib.import_module(f"core.charts.{name}"))

    assert result.failed == 0


def test_number_drops_trailing_zeros_and_negative_zero():
    assert [num(12.50), num(3.0), num(-0.001), num(0.126)] == ["12.5", "3", "0", "0.13"]


def test_year_fraction_knows_leap_years():
    assert charts.year_fraction(date(2026, 12, 31)) == 364 / 365
    assert charts.year_fraction(date(2028, 12, 31)) == 365 / 366


def test_hill_starts_and_ends_on_the_base_and_touches_its_peak():
    path = charts.hill_path(10, 20, 40, 30, 100)

    assert path.startswith("M10 100C")
    assert " 20 70C" in path
    assert path.endswith(" 40 100Z")


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 8, 16), "later"),
        (date(2026, 8, 17), "now"),
        (date(2026, 9, 18), "now"),
        (date(2026, 9, 19), "done"),
    ],
)
def test_window_is_now_from_its_first_to_its_last_day(on, state):
    window = charts.year_window(date(2026, 8, 17), date(2026, 8, 29), date(2026, 9, 18), on=on)

    assert window.state == state


def test_window_that_crosses_the_year_is_drawn_at_both_ends():
    window = charts.year_window(date(2026, 11, 20), date(2026, 12, 20), date(2027, 1, 25))

    path = charts.window_path(window, height=84, base=100)

    assert window.end > 100
    assert path.count("Z") == 2
    assert "M-" in path


def test_window_refuses_days_out_of_order():
    with pytest.raises(ValueError, match="in order"):
        charts.year_window(date(2026, 9, 1), date(2026, 8, 1), date(2026, 10, 1))


def test_zoom_spans_whole_months_and_places_today():
    window = charts.year_window(date(2026, 8, 17), date(2026, 8, 29), date(2026, 9, 18))

    seen = charts.zoom([window], on=DAY)

    assert [text for _, text in seen.months] == ["8月", "9月"]
    assert 0 <= seen.windows[0].start < seen.windows[0].peak < seen.windows[0].end <= 100
    assert seen.today == pytest.approx(43.0, abs=1)


def test_zoom_of_next_january_wraps_month_names_and_leaves_today_out():
    window = charts.year_window(date(2026, 12, 5), date(2026, 12, 20), date(2027, 1, 25))

    seen = charts.zoom([window], on=DAY)

    assert [text for _, text in seen.months] == ["12月", "1月"]
    assert seen.today is None


def test_zoom_needs_a_window():
    with pytest.raises(ValueError, match="no window"):
        charts.zoom([], on=DAY)


def test_ridge_shows_ten_earliest_to_latest_and_names_three_in_season():
    rows = [
        (f"第{i}种", "walnut_dry", YearWindow(i, i + 5, i + 12, state="now")) for i in range(12)
    ]

    picture = charts.ridge(rows, on=DAY)

    assert [crop.layer for crop in picture.crops] == list(range(1, 11))
    assert [crop.name for crop in picture.crops if crop.name] == ["第0种", "第1种", "第2种"]


def test_terrace_never_fills_past_the_cap():
    picture = charts.terrace(booked=3000, goal=2000, cap=2600, prices=[(0, "¥92"), (2300, "¥88")])

    assert picture.filled == 100.0
    assert picture.goal_x == 76.92
    assert picture.base == "M0 100H0V72H88.46V49H100V100Z"
    assert [step.text for step in picture.steps] == ["¥92", "¥88"]


@pytest.mark.parametrize(("goal", "cap"), [(0, 10), (11, 10), (-1, 10)])
def test_terrace_refuses_a_goal_outside_its_cap(goal, cap):
    with pytest.raises(ValueError, match="goal"):
        charts.terrace(booked=1, goal=goal, cap=cap)


@pytest.mark.parametrize(("at", "anchor"), [(10, "start"), (50, "middle"), (90, "end")])
def test_goal_label_stays_on_the_page(at, anchor):
    assert charts.terrace(booked=0, goal=at, cap=100).goal_anchor == anchor


def test_gap_rows_mark_only_the_shortest_week():
    rows = charts.gap_rows([("a", 1.0, 1.2), ("b", 1.6, 0.8), ("c", 0.9, 0.5)])

    assert [row.worst for row in rows] == [False, True, False]
    assert [row.short for row in rows] == [False, True, True]
    assert (rows[1].left, rows[1].width) == (0.0, 50.0)


def test_gap_rows_without_shortage_mark_nothing():
    assert [row.worst for row in charts.gap_rows([("a", 1, 1), ("b", 1, 2)])] == [False, False]
    assert charts.gap_rows([]) == []


def test_split_of_a_price_fills_the_bar():
    shares = [("农户", "52.00"), ("分拣包装", "5.60"), ("运输", "9.20"), ("村店", "8.00")]
    parts = charts.split_parts([(n, Decimal(a)) for n, a in [*shares, ("平台", "3.20")]])

    assert sum(part.amount for part in parts) == Decimal("78.00")
    assert sum(part.percent for part in parts) == pytest.approx(100, abs=0.05)
    assert [part.rank for part in parts] == [1, 2, 3, 4, 5]


def test_split_refuses_a_negative_share():
    with pytest.raises(ValueError, match="negative"):
        charts.split_parts([("农户", Decimal(5)), ("运输", Decimal(-1))])


def test_water_level_counts_all_but_draws_at_most_120():
    picture = charts.water_level([(0.5, 0.5)] * 200 + [(1.5, 0.86)] * 112, level=0.86)

    drawn = (picture.wet + picture.all_taken).count("M")
    assert (picture.all_count, picture.count) == (200, 312)
    assert drawn <= 120


def test_lorenz_of_one_holder_leaves_nothing_to_the_least():
    picture = charts.lorenz([0, 0, 0, 10])

    assert picture.low_share == 0.0
    assert picture.line == "M0 100L25 100L50 100L75 100L100 0"


def _days(*values):
    return [(DAY + timedelta(days=7 * i), value) for i, value in enumerate(values)]


def test_fan_ends_with_the_gap_between_median_and_supply():
    picture = charts.fan_chart(
        past=[(DAY - timedelta(days=7), 1.0), (DAY, 3.0)],
        median=_days(3.0, 5.6),
        outer=[(DAY, 3.0, 3.0), (DAY + timedelta(days=7), 4.6, 7.0)],
        supply=_days(0.0, 4.4),
        on=DAY,
    )

    assert picture.gap == (30.0, 45.0)
    assert picture.gap_text == "1.2"
    assert [label.text for label in picture.labels] == ["7", "约 5.6", "供 4.4"]
    assert picture.today == 50.0
    assert [tick.text for tick in picture.ticks] == ["0", "2", "4", "6", "8"]


def test_fan_without_supply_has_no_gap_and_draws_only_what_it_has():
    picture = charts.fan_chart(past=[(DAY - timedelta(days=7), 1.0), (DAY, 3.0)], median=[], on=DAY)

    assert picture.gap is None
    assert (picture.median, picture.outer, picture.supply) == ("", "", "")
    assert picture.past.startswith("M0 ")


def test_fan_refuses_nothing_and_a_single_day():
    with pytest.raises(ValueError, match="at least one point"):
        charts.fan_chart(past=[], median=[], on=DAY)
    with pytest.raises(ValueError, match="two days"):
        charts.fan_chart(past=[(DAY, 1.0)], median=[], on=DAY)


def test_pledge_curve_keeps_the_cap_inside_the_box():
    picture = charts.pledge_curve(
        _days(100, 300), goal=500, cap=800, closes_on=DAY + timedelta(days=14)
    )

    assert 0 < picture.cap < picture.goal < 100
    assert picture.now[0] == 50.0


def test_pledge_curve_of_one_day_is_drawn():
    picture = charts.pledge_curve([(DAY, 10)], goal=5, cap=20, closes_on=DAY)

    assert picture.now[0] == 100.0


def test_spread_keeps_labels_apart_in_order_and_in_the_box():
    placed = charts.spread([1, 2, 98, 99], gap=6)

    assert placed[1] - placed[0] >= 6
    assert placed[3] - placed[2] >= 6
    assert min(placed) >= 0
    assert max(placed) <= 100
