"""Whatever the month, something is ripe, something is in pre-sale and something has just closed."""

import hashlib
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from core.clock import SHANGHAI
from devtools.county import build as building
from devtools.county.walk_choice import choose_walk
from devtools.views import walk_code
from growers.models import HouseholdIdentity, HouseholdStatus, LandPlot
from harvest_calendar.models import Planting, SeasonDate
from harvest_calendar.services import date_seasons
from shop.models import Campaign, CampaignState, Listing, Pledge, Purchase, SeasonState
from tests.site.world import build_world

pytestmark = pytest.mark.django_db

MONTHS = [date(2026, month, 15) for month in range(1, 13)]
BUILT = [date(2026, 1, 15), date(2026, 5, 15), date(2026, 11, 15)]
RIPE = [SeasonState.IN_SEASON, SeasonState.LAST_WEEKS]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: object) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def _without_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forecasting is slow, has its own tests, and changes nothing that is looked at here."""
    monkeypatch.setattr(building, "run_forecast", lambda **_told: None)


def test_every_month_has_a_walk_and_something_ripe() -> None:
    call_command("load_growers_facts", stdout=StringIO())
    call_command("load_calendar_facts", stdout=StringIO())
    for year in (2025, 2026, 2027):
        date_seasons(year=year, at=datetime(2026, 1, 1, tzinfo=SHANGHAI))

    found = {day.month: _of(day) for day in MONTHS}

    assert {month for month, (_walk, ripe, _coming) in found.items() if not ripe} == set()
    assert {month for month, (_walk, _ripe, coming) in found.items() if not coming} == set()
    assert all(16 <= (walk - day).days <= 115 for day in MONTHS for walk in [found[day.month][0]])


def _of(day: date) -> tuple[date, bool, bool]:
    """The walk's harvest, whether something is ready, whether something soon will be picked."""
    soon = day + timedelta(days=60)
    ripe = SeasonDate.objects.filter(ready_on__lte=day, last_ready_on__gte=day)
    coming = SeasonDate.objects.filter(start_on__gt=day, start_on__lte=soon)
    return choose_walk(day).ready_on, ripe.exists(), coming.exists()


@pytest.mark.usefixtures("_without_forecasts")
@pytest.mark.parametrize("day", BUILT, ids=str)
def test_a_world_of_any_month_is_alive(day: date) -> None:
    at = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)

    build_world(at=at)

    walk = Campaign.objects.get(code=walk_code())
    gone = (at - walk.opens_at) / (walk.deadline_at - walk.opens_at)
    assert walk.state == CampaignState.LIVE
    assert 0.4 < gone < 0.7
    assert 0 < walk.pledged_packs < walk.cap_packs
    assert Listing.objects.filter(season_state__in=RIPE).exists()
    assert Campaign.objects.filter(closed_at__gte=at - timedelta(days=60)).exists()


@pytest.mark.usefixtures("_without_forecasts")
def test_the_same_seed_gives_the_same_county() -> None:
    at = datetime(2026, 8, 28, 10, tzinfo=SHANGHAI)
    marks = []
    for _again in range(2):
        with transaction.atomic():
            build_world(at=at, seed=11)
            marks.append(_mark())
            transaction.set_rollback(True)

    assert marks[0] == marks[1]


def _mark() -> dict[str, str]:
    """A fingerprint of the people, their land and who reserved what when."""
    parts = {
        "people": HouseholdIdentity.objects.order_by("household__code"),
        "status": HouseholdStatus.objects.order_by("household__code", "valid_from"),
        "plots": LandPlot.objects.order_by("code"),
        "plantings": Planting.objects.order_by("code"),
    }
    fields = {
        "people": ["head_name", "phone"],
        "status": ["household__code", "scheme", "category", "valid_from"],
        "plots": ["household__code", "area_mu", "altitude_m"],
        "plantings": ["crop__key", "area_mu", "planted_year"],
    }
    rows = {name: list(found.values_list(*fields[name])) for name, found in parts.items()}
    rows["people"] = [(one.head_name, one.phone) for one in parts["people"]]
    pledges = Pledge.objects.order_by("created_at", "mobile", "packs", "state")
    rows["pledges"] = list(pledges.values_list("created_at", "mobile", "packs", "state"))
    orders = Purchase.objects.order_by("placed_at", "mobile")
    rows["orders"] = list(orders.values_list("placed_at", "mobile", "order__total_incl_tax"))
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}
