"""Making, queueing and refreshing forecasts from the shop's rows."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from core.services import run_tick
from forecasting.errors import NothingToForecast
from forecasting.models import ForecastPoint, ForecastRun, ForecastTotal, RunState
from forecasting.selectors import latest_run, points_of
from forecasting.services import make_forecast, queue_forecast, refresh_forecasts, run_forecast
from growers.models import Hub, PlanningArea
from shop.models import Campaign, CampaignState
from shop.services.campaigns import close_campaign
from tests.factories.forecasting import (
    ForecastPointFactory,
    ForecastRunFactory,
    finish_campaigns,
    make_open_campaign,
)
from tests.factories.growers import PlanningAreaFactory, UserFactory, make_county
from tests.factories.presale import DEADLINE, NOON, pledged

pytestmark = pytest.mark.django_db


def area_of(campaign):
    return PlanningArea.objects.get(region_id=campaign.listing.origin.county_code)


def test_a_running_campaign_is_forecast_half_way():
    campaign = make_open_campaign(packs=30)
    finish_campaigns(campaign, [40, 44, 50, 36, 40, 60, 48, 52, 40])
    planner = UserFactory()

    run = run_forecast(area=area_of(campaign), at=NOON, by=planner)

    said = run.campaigns.get()
    assert (run.state, run.made_by, run.finished_campaigns) == (RunState.DONE, planner, 9)
    assert (said.campaign_code, said.pledged_packs) == (campaign.code, 30)
    assert said.curve[:3] == [0, 0, 30]
    assert len(said.curve) == 28
    assert 25 <= said.p10_packs <= said.p50_packs <= 60
    assert not said.cold
    assert said.chance > 0.8
    assert {row["cut"] for row in run.scores} == {0.25, 0.5, 0.75}


def test_demand_stands_at_the_hub_and_in_the_weeks_promised():
    campaign = make_open_campaign(packs=30)

    run = run_forecast(area=area_of(campaign), at=NOON, by=None)

    hub = Hub.objects.get(kind="metropolitan")
    points = points_of(run).order_by("monday")
    assert {(point.form, point.grade, point.hub) for point in points} == {
        (campaign.listing.form, "", hub)
    }
    assert [point.monday for point in points] == [
        date(2026, 9, 14),
        date(2026, 9, 21),
        date(2026, 9, 28),
        date(2026, 10, 5),
    ]
    assert sum(point.booked_g for point in points) == pytest.approx(30 * 500, abs=2)


def test_totals_sum_over_grades_and_hubs():
    campaign = make_open_campaign(packs=30)

    run = run_forecast(area=area_of(campaign), at=NOON, by=None)

    last = ForecastTotal.objects.filter(run=run, grade="*", hub=None).order_by("monday").last()
    assert last.to_booked_g == 15_000
    assert last.to_p10_g <= last.to_p50_g <= last.to_p90_g


def test_a_closed_campaign_counts_by_its_open_orders_only():
    campaign = make_open_campaign(packs=30)
    campaign.state = CampaignState.SUCCEEDED
    campaign.closed_at = NOON
    campaign.save()

    run = run_forecast(area=area_of(campaign), at=NOON, by=None)

    assert run.campaigns.count() == 0
    assert run.finished_campaigns == 1
    assert run.points.count() == 0


def test_a_campaign_called_off_is_not_demand():
    campaign = make_open_campaign(packs=30)
    campaign.state = CampaignState.CANCELLED
    campaign.closed_at = NOON
    campaign.save()

    with pytest.raises(NothingToForecast):
        run_forecast(area=area_of(campaign), at=NOON, by=None)


def test_orders_of_a_closed_campaign_are_exact_demand():
    campaign = make_open_campaign(packs=30)
    close_campaign(code=campaign.code, at=DEADLINE)

    run = run_forecast(area=area_of(campaign), at=DEADLINE, by=None)

    points = run.points.all()
    assert Campaign.objects.get().state == CampaignState.SUCCEEDED
    assert run.campaigns.count() == 0
    assert sum(point.p10_g for point in points) == pytest.approx(15_000, abs=2)
    assert sum(point.p90_g for point in points) == pytest.approx(15_000, abs=2)
    assert sum(point.booked_g for point in points) == pytest.approx(15_000, abs=2)


def test_a_campaign_past_its_deadline_and_not_closed_is_as_good_as_its_pledges():
    campaign = make_open_campaign(packs=30)

    run = run_forecast(area=area_of(campaign), at=NOON + timedelta(days=12), by=None)

    points = run.points.all()
    assert run.campaigns.count() == 0
    assert sum(point.p10_g for point in points) == pytest.approx(15_000, abs=2)
    assert sum(point.p90_g for point in points) == pytest.approx(15_000, abs=2)


def test_pledges_after_the_moment_change_nothing():
    campaign = make_open_campaign(packs=30)
    before = run_forecast(area=area_of(campaign), at=NOON, by=None)

    pledged(campaign, 40, at=NOON + timedelta(days=1))
    after = run_forecast(area=area_of(campaign), at=NOON, by=None)

    assert after.inputs_hash == before.inputs_hash
    assert list(points_of(after).values_list("monday", "p10_g", "p90_g")) == list(
        points_of(before).values_list("monday", "p10_g", "p90_g")
    )


def test_old_runs_stay_and_the_newest_counts():
    campaign = make_open_campaign()
    first = run_forecast(area=area_of(campaign), at=NOON, by=None)
    lines = first.points.count()

    second = run_forecast(area=area_of(campaign), at=NOON + timedelta(days=1), by=None)

    assert latest_run(area_of(campaign)) == second
    assert first.points.count() == lines > 0


def test_an_area_with_nothing_is_refused_and_the_run_says_why():
    area = PlanningAreaFactory()

    with pytest.raises(NothingToForecast, match="还没有预售"):
        run_forecast(area=area, at=NOON, by=None)

    run = ForecastRun.objects.get()
    assert run.state == RunState.FAILED
    assert "还没有预售" in run.error


def test_an_area_has_one_forecast_in_the_queue():
    area = PlanningAreaFactory()

    first = queue_forecast(area=area, at=NOON, by=None)
    again = queue_forecast(area=area, at=NOON, by=None)

    assert again == first
    with pytest.raises(IntegrityError, match="area"), transaction.atomic():
        ForecastRunFactory(area=area, state=RunState.QUEUED)


def test_a_killed_forecast_makes_room_after_half_an_hour():
    area = PlanningAreaFactory()
    killed = queue_forecast(area=area, at=NOON, by=None)

    fresh = queue_forecast(area=area, at=NOON + timedelta(minutes=31), by=None)

    killed.refresh_from_db()
    assert killed.state == RunState.FAILED
    assert fresh.state == RunState.QUEUED


def test_a_forecast_is_computed_once():
    campaign = make_open_campaign()
    run = queue_forecast(area=area_of(campaign), at=NOON, by=None)
    make_forecast(code=run.code)
    lines = ForecastPoint.objects.count()

    make_forecast(code=run.code)

    assert ForecastPoint.objects.count() == lines > 0


def test_refreshing_runs_only_areas_where_something_changed():
    campaign = make_open_campaign()
    PlanningAreaFactory(region=make_county("成县"))

    first = refresh_forecasts(at=NOON)
    unchanged = refresh_forecasts(at=NOON + timedelta(days=1))
    pledged(campaign, 2, at=NOON + timedelta(days=1))
    changed = refresh_forecasts(at=NOON + timedelta(days=2))

    assert [run.area for run in first] == [area_of(campaign)]
    assert unchanged == []
    assert len(changed) == 1


def test_refreshing_runs_anew_after_a_week():
    campaign = make_open_campaign()
    refresh_forecasts(at=NOON)

    made = refresh_forecasts(at=NOON + timedelta(days=7))

    assert [run.area for run in made] == [area_of(campaign)]


def test_the_night_forecasts_by_itself():
    campaign = make_open_campaign()

    with time_machine.travel(NOON, tick=False):
        done = run_tick(at=NOON)

    assert "forecasting.nightly" in done
    assert latest_run(area_of(campaign)).as_of == NOON


def test_quantiles_out_of_order_cannot_be_stored():
    with pytest.raises(IntegrityError, match="forecast_quantiles_are_ordered"):
        ForecastPointFactory(p10_g=2_000_000)


def test_a_total_of_all_hubs_stands_once():
    campaign = make_open_campaign()
    run = run_forecast(area=area_of(campaign), at=NOON, by=None)
    total = run.totals.filter(hub=None).first()

    total.pk = None
    with pytest.raises(IntegrityError):
        total.save(force_insert=True)
