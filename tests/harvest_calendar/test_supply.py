from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import ticks
from core.errors import BadInput
from harvest_calendar.models import SupplyEstimate, YieldReport
from harvest_calendar.selectors import supply_by_week
from harvest_calendar.services import date_seasons, estimate_supply, report_yield, revise_season
from tests.factories.growers import LandPlotFactory, UserFactory, make_township, make_village
from tests.factories.harvest_calendar import (
    CropFactory,
    HarvestWindowFactory,
    PlantingFactory,
    ProductFormFactory,
    SupplyEstimateFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def plant(crop, *, township=None, **facts):
    village = make_village(township or make_township())
    plot = LandPlotFactory(household__village=village, altitude_m=1400)
    return PlantingFactory(crop=crop, plot=plot, **facts)


@pytest.fixture
def window():
    """5 July to 10 August; 100 to 200 kg a mu, an annual."""
    return HarvestWindowFactory()


def estimate(**scope):
    date_seasons(year=2026, at=AT)
    return estimate_supply(year=2026, at=AT, **scope)


def total(name="p50_g"):
    return sum(SupplyEstimate.objects.values_list(name, flat=True))


def test_weeks_of_the_window_hold_the_season(window):
    plant(window.crop, area_mu=Decimal(2))

    assert estimate() == 7

    mondays = list(SupplyEstimate.objects.values_list("monday", flat=True))
    assert (mondays[0], mondays[-1]) == (date(2026, 6, 29), date(2026, 8, 10))
    assert total() == 283_170


def test_estimating_again_replaces(window):
    plant(window.crop)
    estimate()
    first = total()

    estimate()

    assert total() == first


def test_trees_count_instead_of_area(window):
    window.crop.trees_per_mu = 50
    window.crop.save()
    plant(window.crop, area_mu=Decimal(9), trees=100)

    estimate()

    assert total() == 283_170


def test_raw_crop_without_window_takes_the_days_of_what_is_dried_from_it():
    raw, dried = CropFactory(), CropFactory(form="dried")
    ProductFormFactory(crop=dried, raw_crop=raw)
    HarvestWindowFactory(crop=dried)
    plant(raw)

    estimate()

    assert set(SupplyEstimate.objects.values_list("crop_id", flat=True)) == {raw.pk}


def test_raw_crop_does_not_take_the_days_of_what_is_made_later():
    raw, kernels = CropFactory(), CropFactory(form="processed")
    ProductFormFactory(crop=kernels, raw_crop=raw)
    HarvestWindowFactory(crop=kernels)
    plant(raw)

    assert estimate() == 0


def test_ended_planting_and_crop_without_yield_count_nothing(window):
    plant(window.crop, valid_to=date(2025, 12, 31))
    plant(HarvestWindowFactory(crop__yield_min_kg_mu=None, crop__yield_max_kg_mu=None).crop)

    assert estimate() == 0


def test_report_of_this_year_narrows_the_estimate(window):
    planting = plant(window.crop)
    estimate()

    report_yield(planting=planting, year=2026, weight_g=240_000, by=UserFactory(), at=AT)

    assert 230_000 < total("p10_g") < total() < total("p90_g") < 250_000


def test_report_of_an_earlier_year_lifts_later_estimates(window):
    planting = plant(window.crop)
    estimate()
    before = total()

    report_yield(planting=planting, year=2025, weight_g=600_000, by=None, at=AT)
    estimate()

    assert total() == pytest.approx(before * 4 / 3, abs=2)


def test_report_is_kept_once_a_year(window):
    planting = plant(window.crop)

    report_yield(planting=planting, year=2026, weight_g=1, by=None, at=AT)
    report_yield(planting=planting, year=2026, weight_g=2, by=None, at=AT)

    assert YieldReport.objects.get().weight_g == 2


@pytest.mark.parametrize(("year", "weight_g"), [(2026, -1), (1999, 5), (2028, 5)])
def test_impossible_report_is_refused(window, year, weight_g):
    planting = plant(window.crop)

    with pytest.raises(BadInput):
        report_yield(planting=planting, year=year, weight_g=weight_g, by=None, at=AT)


def test_moved_season_moves_its_supply(window):
    plant(window.crop)
    estimate()
    season = window.seasons.get(region=window.county)

    revise_season(
        season=season,
        start_on=date(2026, 7, 26),
        peak_on=date(2026, 8, 10),
        end_on=date(2026, 8, 30),
        reason="倒春寒",
        by=UserFactory(),
        at=AT,
    )

    assert SupplyEstimate.objects.order_by("monday").first().monday == date(2026, 7, 20)


def test_scope_leaves_other_places_alone(window):
    here, there = make_township(), make_township()
    plant(window.crop, township=here)
    plant(window.crop, township=there)
    estimate()

    written = estimate_supply(year=2026, at=AT, region=here)

    assert written == 7
    assert SupplyEstimate.objects.filter(township=there).count() == 7


def test_supply_by_week_adds_up_townships(django_assert_num_queries):
    crop = CropFactory()
    for _ in range(2):
        SupplyEstimateFactory(crop=crop, township=make_township())
    county = make_township().parent

    with django_assert_num_queries(1):
        [week] = supply_by_week(
            crop_ids=[crop.pk], region=county, first=date(2026, 7, 22), last=date(2026, 7, 23)
        )

    assert (week.monday, week.p10_g, week.p90_g) == (date(2026, 7, 20), 160_000, 240_000)


def test_queries_do_not_grow_with_plantings(window, django_assert_max_num_queries):
    for _ in range(3):
        plant(window.crop)
    date_seasons(year=2026, at=AT)

    with django_assert_max_num_queries(10):
        estimate_supply(year=2026, at=AT)


def test_daily_job_dates_and_estimates_this_year_and_the_next(window):
    plant(window.crop)
    job = next(job for job in ticks.jobs() if job.name == "calendar.daily")

    job.run(AT)
    job.run(AT)

    assert set(window.seasons.values_list("year", flat=True)) == {2026, 2027}
    assert SupplyEstimate.objects.filter(year=2027).count() == 6
