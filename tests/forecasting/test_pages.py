"""The cooperative's demand page: who sees it, what it says, what it costs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forecasting.models import ForecastRun, RunState
from forecasting.selectors import demand_areas_for, planned_areas_for
from tests.factories.forecasting import (
    MONDAY,
    CampaignForecastFactory,
    ForecastRunFactory,
    make_lines,
    make_open_campaign,
    walnuts,
)
from tests.factories.growers import (
    CooperativeFactory,
    PlanningAreaFactory,
    UserFactory,
    VillageShopFactory,
    make_county,
    person_with,
)
from tests.factories.harvest_calendar import SupplyEstimateFactory, make_township
from tests.factories.presale import NOON

pytestmark = pytest.mark.django_db
PAGE = "/coop/demand/"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def area():
    return PlanningAreaFactory()


@pytest.fixture
def planner(area):
    return person_with("planner", area.lead)


def get(user, **query):
    client = Client()
    client.force_login(user)
    return client.get(PAGE, query)


def words(response):
    return re.sub(r"<[^>]+>", " ", response.content.decode())


@pytest.mark.parametrize("role", ["planner", "approver", "official", "auditor"])
def test_readers_of_an_area_see_its_demand(area, role):
    ForecastRunFactory(area=area)
    scope = area.lead if role in ("planner", "approver") else area.region
    reader = person_with(role, scope)

    response = get(reader)

    assert response.status_code == 200
    assert f"{area.name}的需求" in words(response)


@pytest.mark.parametrize("role", ["helper", "editor", "shop_operator"])
def test_other_roles_in_the_area_get_404(area, role):
    shop = VillageShopFactory(cooperative=area.lead)
    other = person_with(role, shop if role == "shop_operator" else area.region)

    assert get(other).status_code == 404


def test_a_stranger_gets_404_and_the_street_must_sign_in(area):
    ForecastRunFactory(area=area)

    assert get(UserFactory()).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_a_planner_elsewhere_gets_404_for_this_area(area):
    elsewhere = PlanningAreaFactory(region=make_county("成县"))
    planner = person_with("planner", elsewhere.lead)

    assert get(planner, area=elsewhere.code).status_code == 200
    assert get(planner, area=area.code).status_code == 404


def test_a_role_that_ended_opens_nothing(area, planner):
    planner.memberships.update(valid_to=NOON.date() - timedelta(days=1))

    assert get(planner).status_code == 404


def test_a_member_cooperative_sees_the_area_around_it(area):
    member = CooperativeFactory(region=area.region)

    reader = person_with("planner", member)

    assert list(demand_areas_for(reader, NOON.date())) == [area]


def test_without_a_run_the_page_says_so(planner):
    response = get(planner)

    assert "这里还没有做过预测。" in words(response)


def test_the_finding_stands_first(area, planner):
    run = ForecastRunFactory(area=area)
    form = walnuts()
    make_lines(run, form, weeks=[1_000_000, 3_000_000])
    SupplyEstimateFactory(
        crop=form.raw_crop,
        township=make_township(area.region),
        monday=MONDAY - timedelta(weeks=1),
        p10_g=2_500_000,
        p50_g=2_800_000,
        p90_g=3_000_000,
    )

    response = get(planner)

    said = words(response)
    assert "到10月上旬，核桃大约 缺 1.2 吨 。" in said
    assert "缺货的可能：九成以上" in said
    assert said.index("缺 1.2 吨") < said.index("一周一周看")


def test_harvest_too_old_to_keep_is_not_counted(area, planner):
    run = ForecastRunFactory(area=area)
    form = walnuts()
    make_lines(run, form, weeks=[1_000_000])
    SupplyEstimateFactory(
        crop=form.raw_crop, township=make_township(area.region), monday=MONDAY - timedelta(weeks=20)
    )

    response = get(planner)

    assert "采收日历还没有这种货的收成估计，先不比供应。" in words(response)


def test_filters_choose_grade_hub_and_week(area, planner):
    run = ForecastRunFactory(area=area)
    lines = make_lines(run, walnuts(), weeks=[600_000, 900_000])
    hub = lines[0].hub

    page = get(planner, grade="一级", hub=hub.code, week=MONDAY.isoformat()).context["page"]

    assert (page.choice.grade, page.choice.hub, page.choice.week) == ("一级", hub, MONDAY)
    assert [week.demand[2] for week in page.shown] == [600_000]
    assert page.finding.before.startswith(f"到10月上旬，{hub.name}的一级核桃大约要")
    assert page.gaps == []


def test_a_filter_that_does_not_exist_shows_the_whole(area, planner):
    run = ForecastRunFactory(area=area)
    make_lines(run, walnuts(), weeks=[600_000])

    page = get(planner, form="nothing", grade="九级", hub="HB-X", week="soon").context["page"]

    assert page.choice.is_whole
    assert page.choice.week is None


def test_too_little_history_is_said_plainly(area, planner):
    run = ForecastRunFactory(
        area=area,
        sales_notes=[{"form": "walnut_dry", "grade": "", "hub": "H", "method": "", "why": "short"}],
    )
    form = walnuts()
    make_lines(run, form, weeks=[600_000])
    CampaignForecastFactory(run=run, form=form, cold=True, too_early=True)

    said = words(get(planner))

    assert "历史太少，先用往年均值" in said
    assert "有的销售历史太少，先用最近四周的均值。" in said
    assert "看还太早" in said


def test_last_seasons_error_stands_beside_the_forecast(area, planner):
    scores = [
        {
            "cut": 0.5,
            "campaigns": 12.0,
            "coverage": 0.83,
            "wis": 0.1,
            "wape": 0.14,
            "ratio_wape": 0.12,
            "additive_wape": 0.31,
        }
    ]
    run = ForecastRunFactory(area=area, scores=scores, finished_campaigns=12)
    make_lines(run, walnuts(), weeks=[600_000])

    said = words(get(planner))

    assert "14%" in said
    assert "83%" in said
    assert "过半时本页还不如简单算法准" in said


def test_no_english_word_is_left_on_the_page(area, planner):
    run = ForecastRunFactory(area=area)
    form = walnuts()
    make_lines(run, form, weeks=[600_000, 900_000])
    CampaignForecastFactory(run=run, form=form)
    response = get(planner)

    main = (
        response.content.decode().split("<main id=", 1)[1].split(">", 1)[1].split("</main>", 1)[0]
    )
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", main, flags=re.S)
    left = set(re.findall(r"[A-Za-z]{2,}", text)) - {"kg", "FC", "PS"}

    assert left == set()


def test_queries_do_not_grow_with_rows(area, planner, django_assert_num_queries):
    form = walnuts()
    for at in (NOON - timedelta(hours=1), NOON):
        run = ForecastRunFactory(area=area, as_of=at)
        make_lines(run, form, weeks=[600_000])
        CampaignForecastFactory(run=run, form=form)
    client = Client()
    client.force_login(planner)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one_row:
        client.get(PAGE)

    other = ForecastRunFactory(area=area, as_of=NOON + timedelta(hours=1))
    make_lines(other, form, weeks=[600_000, 700_000, 800_000])
    CampaignForecastFactory.create_batch(3, run=other, form=form)
    with django_assert_num_queries(len(one_row)):
        response = client.get(PAGE)

    assert len(response.context["page"].weeks) == 3
    assert len(response.context["page"].campaigns) == 3


def test_a_planner_asks_for_a_new_forecast(django_capture_on_commit_callbacks):
    campaign = make_open_campaign()
    area = PlanningAreaFactory(region=make_county())
    client = Client()
    client.force_login(person_with("planner", area.lead))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/coop/demand/run/", {"area": area.code}, follow=True)

    assert response.redirect_chain == [(f"/coop/demand/?area={area.code}", 302)]
    assert ForecastRun.objects.get().state == RunState.DONE
    assert campaign.code in words(response)


def test_asking_where_nothing_is_says_why(area, planner):
    client = Client()
    client.force_login(planner)

    response = client.post("/coop/demand/run/", {"area": area.code}, follow=True)

    assert f"{area.name}还没有预售、订单或销售" in words(response)


@pytest.mark.parametrize("role", ["approver", "official"])
def test_who_only_reads_cannot_ask_for_one(area, role):
    reader = person_with(role, area.lead if role == "approver" else area.region)
    client = Client()
    client.force_login(reader)

    response = client.post("/coop/demand/run/", {"area": area.code})

    assert response.status_code == 404
    assert not planned_areas_for(reader, NOON.date())
    assert "按现在的数再算一次" not in words(client.get(PAGE))
