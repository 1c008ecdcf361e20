import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import harvest_calendar
from forecasting.engine.almanac import AWAY, Festival, days_from, festival_on, solar_term_on

DATA = Path(harvest_calendar.__file__).parent / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_solar_term_of_the_calendar_falls_on_its_day():
    terms = rows("solar_terms.csv")

    for place, term in enumerate(terms):
        day = date.fromisoformat(term["date"])
        longitude = (285 + 15 * (place % 24)) % 360
        assert solar_term_on(day.year, longitude, day.timetuple().tm_yday + 4) == day


def test_every_festival_of_the_calendar_falls_on_its_day():
    known = [row for row in rows("festival_dates.csv") if row["key"] in set(Festival)]

    assert len(known) == 36
    for row in known:
        assert festival_on(Festival(row["key"]), int(row["year"])).isoformat() == row["date"]


@pytest.mark.parametrize(("year", "day"), [(2034, date(2034, 2, 19)), (2053, date(2053, 2, 19))])
def test_a_month_that_holds_two_terms_does_not_bring_the_spring_festival_early(year, day):
    assert festival_on(Festival.SPRING, year) == day


@given(st.dates(date(2000, 1, 1), date(2032, 12, 31)), st.sampled_from(list(Festival)))
def test_days_from_a_festival_count_to_the_nearest_one(day, festival):
    away = days_from(festival, np.array([day], dtype="datetime64[D]"))[0]

    assert abs(away) <= AWAY
    if abs(away) < AWAY:
        on = day - timedelta(days=int(away))
        assert on == festival_on(festival, on.year)
