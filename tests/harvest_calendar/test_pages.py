from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from core import clock
from harvest_calendar.models import SeasonDate, SeasonRevision, SolarTerm
from harvest_calendar.services import date_seasons
from harvest_calendar.services.facts import load_facts
from tests.factories.growers import (
    COUNTY_CODES,
    CooperativeFactory,
    UserFactory,
    make_city,
    make_county,
    make_township,
    person_with,
)
from tests.factories.harvest_calendar import (
    CropFactory,
    HarvestWindowFactory,
    ProductFormFactory,
    SeasonDateFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sixth_of_july(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def calendar(client, **query):
    return client.get(reverse("harvest_calendar:calendar"), query)


def crop_page(client, crop):
    return client.get(reverse("harvest_calendar:crop", args=[crop.key]))


def names(response):
    return [row.name for group in response.context["groups"] for row in group.rows]


def rows(response):
    return {row.name: row for group in response.context["groups"] for row in group.rows}


def test_calendar_without_rows_says_so(client):
    response = calendar(client)

    assert response.status_code == 200
    assert "日历还是空的。" in response.content.decode()


def test_calendar_links_ripe_crops_to_their_page_and_the_shop(client):
    crop = SeasonDateFactory(window__crop__name_zh="花椒（干）").crop

    page = calendar(client).content.decode()

    assert f'href="/calendar/{crop.key}/"' in page
    assert f'href="/shop/?crop={crop.key}"' in page


def test_medicinal_crop_is_never_linked_to_the_shop(client):
    season = SeasonDateFactory(window__crop__sale_class="medicinal_only")

    for page in (calendar(client), crop_page(client, season.crop)):
        assert "仅作药材" in page.content.decode()
        assert "/shop/?crop=" not in page.content.decode()


def test_calendar_says_what_runs_comes_and_is_over(client):
    def season(name, start, peak, end):
        SeasonDateFactory(window__crop__name_zh=name, start_on=start, peak_on=peak, end_on=end)

    season("桃", date(2026, 7, 1), date(2026, 7, 20), date(2026, 8, 20))
    season("杏", date(2026, 6, 1), date(2026, 6, 20), date(2026, 7, 10))
    season("梨", date(2026, 9, 8), date(2026, 9, 20), date(2026, 10, 8))
    season("樱桃", date(2026, 5, 1), date(2026, 5, 12), date(2026, 5, 28))
    season("鸡蛋", date(2026, 1, 1), date(2026, 4, 15), date(2026, 12, 31))
    CropFactory(name_zh="蓝莓")

    found = {name: (row.state, row.note) for name, row in rows(calendar(client)).items()}

    assert found == {
        "桃": ("now", "在采"),
        "杏": ("now", "到7月10日"),
        "梨": ("later", "9月8日起"),
        "樱桃": ("past", "已采完"),
        "鸡蛋": ("now", "全年有"),
        "蓝莓": ("none", "还没有往年记录"),
    }


def test_winter_making_runs_on_after_new_year(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 20, 2, 0, tzinfo=UTC))
    SeasonDateFactory(
        window__crop__name_zh="粉条",
        window__crop__form="processed",
        start_on=date(2026, 11, 1),
        peak_on=date(2026, 12, 20),
        end_on=date(2027, 2, 10),
    )

    row = rows(calendar(client))["粉条"]

    assert (row.state, row.note) == ("now", "到2月10日")


def test_estimated_windows_are_dashed_and_named(client):
    SeasonDateFactory(is_estimate=True)

    page = calendar(client).content.decode()

    assert " guess" in page
    assert '<i class="guess-word">估计</i>' in page


def test_near_peaks_are_one_hill_and_far_ones_stay_apart(client):
    crop = CropFactory(name_zh="木耳")
    for county in ("武都区", "康县"):
        SeasonDateFactory(window__crop=crop, window__county=make_county(county))
    SeasonDateFactory(
        window__crop=crop,
        window__start_md="09-05",
        start_on=date(2026, 9, 5),
        peak_on=date(2026, 9, 25),
        end_on=date(2026, 10, 25),
    )

    hills = rows(calendar(client))["木耳"].hills

    assert [hill.window.height for hill in hills] == [1.0, 0.8]


def test_month_names_only_the_counties_that_pick_in_it(client):
    crop = CropFactory(name_zh="花椒")
    SeasonDateFactory(window__crop=crop)
    later = {
        "start_on": date(2026, 8, 5),
        "peak_on": date(2026, 8, 15),
        "end_on": date(2026, 8, 30),
    }
    SeasonDateFactory(window__crop=crop, window__county=make_county("康县"), **later)

    def places(**query):
        return [row.places for row in calendar(client, **query).context["month"].rows]

    assert places() == ["武都区"]
    assert places(month="8") == ["武都区、康县"]
    assert places(month="12") == []


def test_filters_by_county_and_category(client):
    SeasonDateFactory(window__crop__name_zh="桃", window__crop__category="fruit")
    SeasonDateFactory(window__crop__name_zh="茶", window__crop__category="tea")
    kang = make_county("康县")
    SeasonDateFactory(window__crop__name_zh="栗", window__county=kang)

    assert names(calendar(client, category="fruit")) == ["桃"]
    assert names(calendar(client, county="621224")) == ["栗"]
    assert names(calendar(client, county="621224", category="tea")) == []
    assert len(names(calendar(client, county="nowhere", category="toys"))) == 3


def test_almanac_names_the_solar_term(client):
    SolarTerm.objects.create(name_zh="夏至", on=date(2026, 6, 21))

    assert "第16天" in calendar(client).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_queries_do_not_grow(client, django_assert_max_num_queries, count):
    for _ in range(count):
        SeasonDateFactory()

    with django_assert_max_num_queries(8):
        calendar(client)


@pytest.mark.parametrize("count", [1, 3])
def test_crop_page_queries_do_not_grow(client, django_assert_max_num_queries, count):
    crop = CropFactory()
    for number in range(count):
        county = make_county(list(COUNTY_CODES)[number])
        SeasonDateFactory(window__crop=crop, window__county=county)
    with django_assert_max_num_queries(9):
        crop_page(client, crop)

    client.force_login(person_with("planner", CooperativeFactory(region=make_city())))
    with django_assert_max_num_queries(14):
        crop_page(client, crop)


def test_every_crop_of_the_files_has_a_page_without_english(client):
    for name in COUNTY_CODES:
        make_county(name)
    load_facts()
    date_seasons(year=2026, at=NOW)

    calendar_page = calendar(client)
    pepper = client.get("/calendar/huajiao_dahongpao/")

    assert len(names(calendar_page)) == 58
    assert "4 公斤鲜花椒" in pepper.content.decode()
    assert all(
        client.get(f"/calendar/{row.key}/").status_code == 200
        for row in rows(calendar_page).values()
    )


def test_crop_page_says_days_band_and_confidence(client):
    season = SeasonDateFactory(window__name_zh="半山", window__lag_zh="晒一天")
    ProductFormFactory(crop=season.crop)

    page = crop_page(client, season.crop).content.decode()

    for words in ("7月5日—8月10日", "半山", "1200—1600 米", "2—6 天", "晒一天", "大致可靠"):
        assert words in page


def test_unknown_crop_is_not_found(client):
    assert client.get("/calendar/durian/").status_code == 404


@pytest.fixture
def season():
    """武都区's season of 5 July to 10 August, dated from its window."""
    HarvestWindowFactory()
    date_seasons(year=2026, at=NOW)
    return SeasonDate.objects.get()


def revise_url(season):
    return reverse("harvest_calendar:revise", args=[season.code])


def typed(**changes):
    days = {"start_on": "2026-07-05", "peak_on": "2026-07-20", "end_on": "2026-08-15"}
    return days | {"reason": "连阴雨"} | changes


@pytest.mark.parametrize("role", ["planner", "approver"])
def test_cooperative_of_the_county_moves_a_date(client, season, role):
    cooperative = CooperativeFactory(region=make_township())
    person = person_with(role, cooperative)
    client.force_login(person)

    response = client.post(revise_url(season), typed())

    assert response.url == f"/calendar/{season.crop.key}/"
    revision = SeasonRevision.objects.get()
    assert (revision.by, revision.new_end_on) == (person, date(2026, 8, 15))
    assert "连阴雨" in crop_page(client, season.crop).content.decode()


def test_official_of_the_city_moves_a_date(client, season):
    client.force_login(person_with("official", make_city()))

    assert client.get(revise_url(season)).status_code == 200


def test_crop_page_links_the_form_for_those_who_may(client, season):
    assert "改日子" not in crop_page(client, season.crop).content.decode()
    client.force_login(person_with("official", make_county()))

    assert revise_url(season) in crop_page(client, season.crop).content.decode()


def test_others_do_not_find_the_form(client, season):
    elsewhere = CooperativeFactory(region=make_county("康县"))
    for stranger in (
        UserFactory(),
        person_with("planner", elsewhere),
        person_with("official", make_county("康县")),
        person_with("auditor", make_county()),
        person_with("editor", make_county()),
    ):
        client.force_login(stranger)
        assert client.get(revise_url(season)).status_code == 404
        assert client.post(revise_url(season), typed()).status_code == 404
    assert not SeasonRevision.objects.exists()


def test_nobody_signed_in_is_sent_to_sign_in(client, season):
    response = client.post(revise_url(season), typed())

    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "id_reason_error"),
        ({"end_on": "2026-07-01"}, "采完不能早于盛期。"),
        ({"end_on": "31.2.2026"}, "id_end_on_error"),
        ({"end_on": "2027-08-15"}, "一次最多挪 120 天"),
    ],
)
def test_fault_is_said_beside_its_field(client, season, changes, words):
    client.force_login(person_with("official", make_county()))

    response = client.post(revise_url(season), typed(**changes))

    assert words in response.content.decode()
    assert not SeasonRevision.objects.exists()
