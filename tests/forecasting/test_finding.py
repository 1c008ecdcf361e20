"""The sentence that stands first on the demand page."""

from datetime import date, timedelta

import pytest

from forecasting.engine.gap import chance_short
from forecasting.selectors.finding import amount, find, part_of_month, tenths
from forecasting.selectors.weeks import Week

MONDAY = date(2026, 9, 28)
TONNE = 1_000_000


def quantiles(middle):
    return (middle * 8 // 10, middle * 9 // 10, middle, middle * 11 // 10, middle * 12 // 10)


def week(place, *, demand, to_demand, supply=None, to_supply=None):
    return Week(
        monday=MONDAY + timedelta(weeks=place),
        booked=0,
        demand=quantiles(demand),
        supply=supply and (supply * 9 // 10, supply, supply * 11 // 10),
        to_booked=0,
        to_demand=quantiles(to_demand),
        to_supply=to_supply and (to_supply * 9 // 10, to_supply, to_supply * 11 // 10),
    )


def test_the_week_that_is_furthest_behind_is_said_with_its_chance():
    weeks = [
        week(0, demand=TONNE, to_demand=TONNE, supply=2 * TONNE, to_supply=2 * TONNE),
        week(1, demand=3 * TONNE, to_demand=4 * TONNE, supply=800_000, to_supply=2_800_000),
    ]

    finding = find(weeks, name="一级核桃")

    assert finding.before + finding.mark + finding.after == "到10月中旬，一级核桃大约缺 1.2 吨。"
    assert finding.note == "缺货的可能：九成以上；最紧的是10月5日那一周。"


def test_enough_is_said_with_what_is_left():
    weeks = [week(0, demand=TONNE, to_demand=TONNE, supply=2 * TONNE, to_supply=2 * TONNE)]

    finding = find(weeks, name="核桃")

    assert finding.text == "到10月上旬，核桃够了，大约余 1.0 吨。缺货的可能：不到一成。"


def test_without_a_harvest_to_compare_the_demand_is_said():
    finding = find([week(0, demand=300_000, to_demand=300_000)], name="核桃")

    assert finding.text == "到10月上旬，核桃大约要 300 kg。八成把握在 240 kg到 360 kg之间。"


def test_no_weeks_say_nothing():
    assert find([], name="核桃") is None


@pytest.mark.parametrize(
    ("grams", "said"),
    [(0, "0 kg"), (499_600, "500 kg"), (500_000, "0.5 吨"), (1_250_000, "1.2 吨")],
)
def test_amounts_are_said_in_kilograms_or_tonnes(grams, said):
    assert amount(grams) == said


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0, "不到一成"), (0.11, "一成"), (0.7, "七成"), (0.94, "九成"), (0.96, "九成以上")],
)
def test_chances_are_said_in_tenths(chance, said):
    assert tenths(chance) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [(1, "上旬"), (10, "上旬"), (11, "中旬"), (20, "中旬"), (21, "下旬"), (31, "下旬")],
)
def test_a_day_is_said_as_a_third_of_its_month(day, said):
    assert part_of_month(date(2026, 10, day)) == f"10月{said}"


def test_equal_demand_and_supply_are_short_about_half_the_time():
    levels = [0.1, 0.5, 0.9]

    assert chance_short([1, 2, 3], levels, [1, 2, 3], levels) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("quantiles", [[2, 1, 3], [1, 2]])
def test_quantiles_that_do_not_fit_their_levels_are_refused(quantiles):
    with pytest.raises(ValueError, match=r"ascend|quantile"):
        chance_short(quantiles, [0.1, 0.5, 0.9], [1], [0.5])
