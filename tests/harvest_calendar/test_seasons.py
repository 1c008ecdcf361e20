from datetime import UTC, date, datetime

import pytest

from core.errors import BadInput
from harvest_calendar.models import SeasonDate, SeasonRevision
from harvest_calendar.selectors import picking_span, season_dates, season_of, seasons_of
from harvest_calendar.services import date_seasons, revise_season
from harvest_calendar.signals import season_revised
from tests.factories.growers import (
    LandPlotFactory,
    UserFactory,
    make_county,
    make_township,
    make_village,
)
from tests.factories.harvest_calendar import (
    CropFactory,
    HarvestWindowFactory,
    PlantingFactory,
    ProductFormFactory,
    SeasonDateFactory,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def plant(crop, *, altitude_m=1400, township=None):
    village = make_village(township or make_township())
    plot = LandPlotFactory(household__village=village, altitude_m=altitude_m)
    return PlantingFactory(crop=crop, plot=plot)


def flush(crop, name, start, peak, end, **more):
    window = HarvestWindowFactory(crop=crop, name_zh=name, start_md=f"{start:%m-%d}", **more)
    return SeasonDateFactory(window=window, start_on=start, peak_on=peak, end_on=end)


def test_county_is_dated_as_written():
    window = HarvestWindowFactory()

    date_seasons(year=2026, at=AT)

    season = SeasonDate.objects.get()
    assert (season.window, season.region) == (window, window.county)
    assert (season.start_on, season.end_on) == (date(2026, 7, 5), date(2026, 8, 10))
    assert (season.ready_on, season.last_ready_on) == (date(2026, 7, 7), date(2026, 8, 16))
    assert not season.is_estimate


def test_low_confidence_window_is_an_estimate():
    HarvestWindowFactory(confidence="low")

    date_seasons(year=2026, at=AT)

    assert SeasonDate.objects.get().is_estimate


def test_township_with_plantings_is_dated_by_their_altitude():
    window = HarvestWindowFactory()
    planting = plant(window.crop, altitude_m=1500)

    date_seasons(year=2026, at=AT)

    season = SeasonDate.objects.get(region=planting.plot.village.parent)
    assert season.start_on == date(2026, 7, 9)


def test_crop_made_of_the_planted_one_is_dated_there_too():
    dried = CropFactory(form="dried")
    raw = CropFactory()
    ProductFormFactory(crop=dried, raw_crop=raw)
    HarvestWindowFactory(crop=dried)
    township = make_township()
    plant(raw, township=township)

    date_seasons(year=2026, at=AT)

    assert SeasonDate.objects.filter(crop=dried, region=township).exists()


def test_too_high_township_has_no_season():
    window = HarvestWindowFactory()
    planting = plant(window.crop, altitude_m=2000)

    date_seasons(year=2026, at=AT)

    assert not SeasonDate.objects.filter(region=planting.plot.village.parent).exists()


def test_dating_again_changes_nothing():
    plant(HarvestWindowFactory().crop)
    assert date_seasons(year=2026, at=AT) == 2

    assert date_seasons(year=2026, at=AT) == 0
    assert not SeasonRevision.objects.exists()


def test_edited_window_moves_the_season_and_keeps_the_revision():
    window = HarvestWindowFactory()
    date_seasons(year=2026, at=AT)
    window.start_md = "07-01"
    window.save()

    date_seasons(year=2026, at=AT)

    revision = SeasonRevision.objects.get()
    assert (revision.old_start_on, revision.new_start_on) == (date(2026, 7, 5), date(2026, 7, 1))
    assert revision.by is None


def test_plots_moved_to_another_band_leave_the_old_window():
    low = HarvestWindowFactory(name_zh="低川", altitude_min_m=900, altitude_max_m=1200)
    HarvestWindowFactory(crop=low.crop, name_zh="高坡", altitude_min_m=1500, altitude_max_m=1900)
    planting = plant(low.crop, altitude_m=1000)
    date_seasons(year=2026, at=AT)
    planting.plot.altitude_m = 1700
    planting.plot.save()

    date_seasons(year=2026, at=AT)
    date_seasons(year=2026, at=AT)

    township = planting.plot.village.parent
    assert [s.window.name for s in SeasonDate.objects.filter(region=township)] == ["高坡"]


def revise(season, **changes):
    days = {
        name: changes.get(name, getattr(season, name)) for name in ("start_on", "peak_on", "end_on")
    }
    return revise_season(
        season=season,
        reason=changes.get("reason", "雨多"),
        by=changes.get("by") or UserFactory(),
        at=AT,
        **days,
    )


def test_revision_says_who_moved_what_and_why():
    season = SeasonDateFactory()
    user = UserFactory()

    revise(season, end_on=date(2026, 8, 15), by=user, reason=" 雨多，往后挪 ")

    revision = SeasonRevision.objects.get()
    assert (revision.by, revision.reason, revision.at) == (user, "雨多，往后挪", AT)
    assert (revision.old_end_on, revision.new_end_on) == (date(2026, 8, 10), date(2026, 8, 15))
    assert season.end_on == date(2026, 8, 15)
    assert season.last_ready_on == date(2026, 8, 21)


def test_revision_is_told_to_the_apps_above():
    told = []

    def listen(sender, season, revision, **kwargs):
        told.append((season.end_on, revision.reason))

    season_revised.connect(listen)
    revise(SeasonDateFactory(), end_on=date(2026, 8, 15))
    season_revised.disconnect(listen)

    assert told == [(date(2026, 8, 15), "雨多")]


def test_county_carries_its_townships_along():
    window = HarvestWindowFactory()
    planting = plant(window.crop)
    date_seasons(year=2026, at=AT)

    revise(SeasonDate.objects.get(region=window.county), end_on=date(2026, 8, 15))

    township = SeasonDate.objects.get(region=planting.plot.village.parent)
    assert township.end_on == date(2026, 8, 15)
    assert township.revisions.count() == 1


def test_date_moved_by_a_person_stays_when_dated_again():
    HarvestWindowFactory()
    date_seasons(year=2026, at=AT)
    revise(SeasonDate.objects.get(), end_on=date(2026, 8, 15))

    date_seasons(year=2026, at=AT)

    assert SeasonDate.objects.get().end_on == date(2026, 8, 15)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"start_on": date(2026, 7, 21)}, "peak_on"),
        ({"end_on": date(2026, 7, 19)}, "end_on"),
        ({"end_on": date(2027, 8, 10)}, "end_on"),
    ],
)
def test_revision_refuses_what_cannot_be(changes, field):
    season = SeasonDateFactory()

    with pytest.raises(BadInput) as caught:
        revise(season, **changes)

    assert caught.value.field == field
    assert not SeasonRevision.objects.exists()


def test_running_season_is_before_the_next():
    crop = CropFactory()
    flush(crop, "春耳", date(2026, 4, 10), date(2026, 5, 5), date(2026, 6, 10))
    flush(crop, "伏耳", date(2026, 6, 20), date(2026, 7, 20), date(2026, 8, 20))

    def start(on):
        return season_of(crop=crop, region=make_county(), on=on).start_on

    assert start(date(2026, 5, 1)) == date(2026, 4, 10)
    assert start(date(2026, 6, 15)) == date(2026, 6, 20)
    assert start(date(2026, 7, 1)) == date(2026, 6, 20)
    assert start(date(2026, 12, 1)) == date(2026, 6, 20)
    assert start(date(2026, 1, 1)) == date(2026, 4, 10)


def test_bands_that_touch_are_one_season():
    crop = CropFactory()
    flush(crop, "低川", date(2026, 6, 25), date(2026, 7, 8), date(2026, 7, 20))
    flush(crop, "高坡", date(2026, 7, 5), date(2026, 8, 1), date(2026, 9, 5))

    season = season_of(crop=crop, region=make_county(), on=date(2026, 7, 1))

    assert (season.start_on, season.end_on) == (date(2026, 6, 25), date(2026, 9, 5))
    assert season.peak_on == date(2026, 8, 1)


def test_village_asks_its_township_then_its_county():
    county_season = SeasonDateFactory()
    village = make_village(make_township())

    season = season_of(crop=county_season.crop, region=village, on=date(2026, 7, 6))

    assert season.start_on == county_season.start_on


def test_no_dates_is_no_season():
    assert season_of(crop=CropFactory(), region=make_county(), on=date(2026, 7, 6)) is None


def test_many_pairs_take_one_query(django_assert_num_queries):
    seasons = [SeasonDateFactory() for _ in range(3)]
    pairs = [(season.crop_id, season.region_id) for season in seasons]

    with django_assert_num_queries(1):
        found = seasons_of(pairs, date(2026, 7, 6))

    assert set(found) == set(pairs)


def test_season_dates_of_a_year_include_one_that_ends_in_it():
    season = flush(CropFactory(), "粉条", date(2025, 11, 1), date(2025, 12, 20), date(2026, 2, 10))

    assert list(season_dates(on=date(2026, 7, 1))) == [season]
    assert list(season_dates(on=date(2027, 7, 1))) == []


def test_kernels_are_weighed_against_the_days_the_nuts_were_picked():
    raw = CropFactory()
    form = ProductFormFactory(crop=CropFactory(form="processed"), raw_crop=raw)
    flush(raw, "青皮", date(2026, 8, 20), date(2026, 9, 1), date(2026, 9, 15))
    made = flush(form.crop, "核桃仁", date(2026, 9, 20), date(2026, 10, 5), date(2026, 12, 31))
    season = season_of(crop=form.crop, region=make_county(), on=made.start_on)

    span = picking_span(form=form, region=make_county(), season=season)

    assert span == (date(2026, 8, 20), date(2026, 9, 15))


def test_crop_dried_where_it_is_picked_has_its_own_days():
    form = ProductFormFactory(crop=CropFactory(form="dried"), raw_crop=CropFactory())
    SeasonDateFactory(window__crop=form.crop)
    season = season_of(crop=form.crop, region=make_county(), on=date(2026, 7, 6))

    span = picking_span(form=form, region=make_county(), season=season)

    assert span == (date(2026, 7, 5), date(2026, 8, 10))
