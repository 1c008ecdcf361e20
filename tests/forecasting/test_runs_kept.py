"""Old runs stay, say what moved since, and can be taken away as tables."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client

from forecasting.models import ForecastRun
from growers.models import User
from tests.factories.forecasting import (
    MONDAY,
    CampaignForecastFactory,
    ForecastRunFactory,
    make_lines,
    walnuts,
)
from tests.factories.growers import PlanningAreaFactory, UserFactory, make_county, person_with
from tests.factories.presale import NOON

pytestmark = pytest.mark.django_db
PAGE = "/coop/demand/"
YESTERDAY = NOON - timedelta(days=1)


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


def elsewhere(**facts) -> ForecastRun:
    return ForecastRunFactory(area=PlanningAreaFactory(region=make_county("成县")), **facts)


def get(user: User, path: str = PAGE, **query: str):
    client = Client()
    client.force_login(user)
    return client.get(path, query)


def moved(user: User, **query: str):
    return get(user, **query).context["page"].moved


@pytest.fixture
def two_runs(area) -> tuple[ForecastRun, ForecastRun]:
    """2 kg more in a campaign that grew, 5 kg of a new one, and 3 kg less of all the rest."""
    form = walnuts()
    before = ForecastRunFactory(area=area, as_of=YESTERDAY)
    now = ForecastRunFactory(area=area)
    make_lines(before, form, weeks=[60_000, 40_000])
    make_lines(now, form, weeks=[64_000, 40_000])
    for run, packs in ((before, 46), (now, 50)):
        CampaignForecastFactory(run=run, form=form, campaign_code="PS-GREW", p50_packs=packs)
    packs = {"p50_packs": 10, "p10_packs": 1, "p20_packs": 2, "goal_packs": 5}
    CampaignForecastFactory(run=now, form=form, campaign_code="PS-NEW", **packs)
    return before, now


def test_what_moved_is_named_and_the_rest_is_told(planner, two_runs):
    said = moved(planner)

    assert (said.before_g, said.now_g) == (100_000, 104_000)
    assert [(one.campaign_code, one.by_g, one.is_new) for one in said.changes] == [
        ("PS-NEW", 5_000, True),
        ("PS-GREW", 2_000, False),
    ]
    assert said.rest_g == -3_000


def test_only_the_same_weeks_are_compared(planner, two_runs):
    before, _now = two_runs
    before.totals.filter(monday=MONDAY).update(monday=MONDAY - timedelta(weeks=1))

    assert moved(planner).before_g == 40_000


def test_the_first_run_has_nothing_to_be_compared_with(area, planner):
    make_lines(ForecastRunFactory(area=area), walnuts(), weeks=[60_000])

    response = get(planner)

    assert response.context["page"].moved is None
    assert "和上一次比" not in response.content.decode()


def test_another_areas_run_is_no_run_before(area, planner):
    make_lines(elsewhere(as_of=YESTERDAY), walnuts(), weeks=[1])
    make_lines(ForecastRunFactory(area=area), walnuts(), weeks=[60_000])

    assert moved(planner) is None


def test_a_campaign_that_is_not_expected_to_reach_its_goal_counts_nothing(planner, two_runs):
    _before, now = two_runs
    now.campaigns.filter(campaign_code="PS-NEW").update(goal_packs=50)

    assert [one.campaign_code for one in moved(planner).changes] == ["PS-GREW"]


def test_an_old_run_shows_what_was_believed_and_says_that_it_is_old(planner, two_runs):
    before, now = two_runs

    old, new = get(planner, run=before.code), get(planner)

    assert old.context["page"].weeks[0].demand[2] == 60_000
    assert "算的旧预测" in old.content.decode()
    assert f"run={before.code}" in old.content.decode()
    assert "算的旧预测" not in new.content.decode()
    assert get(planner, run=now.code).context["is_newest"]


def test_a_run_of_another_area_is_not_found(planner, two_runs):
    other = elsewhere()

    assert get(planner, run=other.code).status_code == 404
    assert get(planner, f"{PAGE}lines.csv", run=other.code).status_code == 404


def test_a_run_is_taken_away_in_three_ways_with_the_same_lines(planner, two_runs):
    from openpyxl import load_workbook

    as_text = b"".join(get(planner, f"{PAGE}lines.csv")).decode("utf-8-sig").splitlines()
    sheet = load_workbook(BytesIO(b"".join(get(planner, f"{PAGE}lines.xlsx")))).active
    data = json.loads(get(planner, f"{PAGE}lines.json").content)

    assert len(as_text) == sheet.max_row == len(data["lines"]) + 1 == 9
    where = {"form": "walnut_dry", "grade": "*", "hub": "*", "monday": "2026-09-21"}
    weights = {"booked_g": 32_000, "p10_g": 51_200, "p20_g": 57_600, "p50_g": 64_000}
    assert {**where, **weights, "p80_g": 70_400, "p90_g": 76_800} in data["lines"]
    assert as_text[0].startswith("品种,等级,仓,交货周（周一）,已约，公斤,")
    assert "核桃,全部,全部,2026-09-21,32.0,51.2,57.6,64.0,70.4,76.8" in as_text
    assert data["run"] == two_runs[1].code


def test_who_may_not_read_the_demand_may_not_take_it_away(area, two_runs):
    assert get(UserFactory(), f"{PAGE}lines.xlsx").status_code == 404
    assert Client().get(f"{PAGE}lines.json").status_code == 302


def test_there_is_nothing_to_take_away_before_the_first_run(planner):
    assert get(planner, f"{PAGE}lines.csv").status_code == 404
