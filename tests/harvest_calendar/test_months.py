"""A month of the calendar, and the year as a range of mountains."""

from datetime import UTC, date, datetime

import pytest

from core import clock
from core.charts import RangeRow, YearWindow, year_range
from harvest_calendar.models import Festival, SolarTerm
from harvest_calendar.selectors.months import month_asked
from tests.factories.growers import make_county
from tests.factories.harvest_calendar import CropFactory, SeasonDateFactory

NOW = datetime(2026, 8, 28, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _end_of_august(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def season(name, start, peak, end, **more):
    return SeasonDateFactory(
        window__crop__name_zh=name, start_on=start, peak_on=peak, end_on=end, **more
    )


def month(client, **query):
    return client.get("/calendar/", query).context["month"]


@pytest.mark.parametrize("typed", ["", "0", "13", "x", "-1", "１", "100", "8.0"])
def test_month_that_is_none_is_the_present_one(typed):
    assert month_asked(typed, on=date(2026, 8, 28)) == 8


@pytest.mark.django_db
def test_month_tells_what_begins_runs_and_ends_in_it(client):
    season("梨", date(2026, 8, 20), date(2026, 9, 1), date(2026, 9, 20))
    season("椒", date(2026, 7, 1), date(2026, 8, 10), date(2026, 9, 5))
    season("桃", date(2026, 6, 10), date(2026, 7, 10), date(2026, 8, 12))
    season("蛋", date(2026, 1, 1), date(2026, 4, 15), date(2026, 12, 31))
    season("茶", date(2026, 3, 18), date(2026, 4, 5), date(2026, 5, 20))

    found = month(client)

    def names(rows):
        return [row.name for row in rows]

    assert names(found.begins) == ["梨"]
    assert names(found.runs) == ["椒"]
    assert names(found.ends) == ["桃"]
    assert names(found.always) == ["蛋"]
    assert found.picked == 3


@pytest.mark.django_db
def test_month_shows_its_terms_and_festivals_in_order_and_a_double_one_once(client):
    SolarTerm.objects.create(name_zh="清明", on=date(2026, 4, 5))
    SolarTerm.objects.create(name_zh="谷雨", on=date(2026, 4, 20))
    Festival.objects.create(key="qingming", name_zh="清明", on=date(2026, 4, 5))
    Festival.objects.create(key="qixi", name_zh="七夕", on=date(2026, 8, 19))
    SeasonDateFactory()

    assert [day.name for day in month(client, month="4").days] == ["清明", "谷雨"]
    assert [(day.name, day.is_festival) for day in month(client).days] == [("七夕", True)]


@pytest.mark.django_db
def test_month_links_keep_the_county_and_the_category(client):
    SeasonDateFactory(window__county=make_county("康县"), window__crop__category="tea")

    page = client.get("/calendar/", {"county": "621224", "category": "tea"})

    links = {link["number"]: link for link in page.context["month_links"]}
    assert links[9]["url"] == "?county=621224&category=tea&month=9"
    assert [number for number, link in links.items() if link["current"]] == [8]


@pytest.mark.django_db
def test_row_leads_to_the_crop_and_its_hills_to_the_shelf_of_the_county(client):
    crop = CropFactory()
    SeasonDateFactory(window__crop=crop, window__county=make_county("康县"))

    page = client.get("/calendar/", {"county": "621224"}).content.decode()

    assert f'href="/calendar/{crop.key}/"' in page
    assert f'href="/shop/?county=621224&amp;crop={crop.key}"' in page


@pytest.mark.django_db
def test_table_says_the_same_days_as_the_hills(client):
    season("椒", date(2026, 7, 1), date(2026, 8, 10), date(2026, 9, 5))

    page = client.get("/calendar/").content.decode()

    table = page[page.index("<details") : page.index("</details>")]
    assert "7月1日—9月5日" in table
    assert "8月10日" in table


def test_range_puts_what_ripens_first_the_farthest():
    early = RangeRow("tea", "茶", [YearWindow(20, 25, 40)])
    late = RangeRow("nut", "坚果", [YearWindow(60, 65, 75)])

    layers = year_range([late, early])

    assert [(layer.key, layer.shade) for layer in layers] == [("tea", 1), ("nut", 10)]
    assert layers[0].y < layers[1].y


def test_range_is_highest_where_most_is_picked():
    one = RangeRow("a", "一", [YearWindow(20, 30, 40)])
    three = RangeRow("b", "三", [YearWindow(60, 70, 80)] * 3)

    low, high = year_range([one, three])

    def rise(layer, foot):
        return foot - layer.y

    assert rise(high, 93) > 1.5 * rise(low, 42)


def test_range_leaves_out_what_lasts_all_year_or_has_no_day():
    rows = [RangeRow("egg", "蛋", [YearWindow(0, 28, 99.9)]), RangeRow("none", "无", [])]

    assert year_range(rows) == ()


def test_names_on_the_range_keep_clear_of_each_other():
    rows = [RangeRow(str(i), f"{i}", [YearWindow(50 + i, 55 + i, 60 + i)]) for i in range(9)]

    named = [layer for layer in year_range(rows) if layer.named]

    pairs = [(a, b) for a in named for b in named if a.key < b.key]
    assert 1 <= len(named) < 9
    assert all(abs(a.x - b.x) >= 8 or abs(a.y - b.y) >= 6 for a, b in pairs)
