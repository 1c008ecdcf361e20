"""The admin looks and searches; it neither changes facts nor shows who a household is."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from growers.models import HouseholdIdentity, HouseholdMember, HouseholdStatus, User
from tests.factories.growers import (
    AccessEventFactory,
    BindingFactory,
    HouseholdFactory,
    HouseholdStatusFactory,
    LandPlotFactory,
    PlanningAreaFactory,
    PovertyLineFactory,
    StationHubFactory,
    TierRuleFactory,
    UserFactory,
    make_county,
    person_with,
)

pytestmark = pytest.mark.django_db
OURS = [
    model
    for model in apps.get_app_config("growers").get_models()
    if admin.site.is_registered(model)
]


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def address(model, page="changelist", *args):
    return reverse(f"admin:growers_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", [HouseholdIdentity, HouseholdMember, HouseholdStatus])
def test_what_is_read_under_a_log_is_not_in_the_admin(model):
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_open_and_search(staff, model):
    for factory in (
        AccessEventFactory,
        BindingFactory,
        LandPlotFactory,
        PlanningAreaFactory,
        PovertyLineFactory,
        StationHubFactory,
        TierRuleFactory,
    ):
        factory()
    person_with("official", make_county())

    assert staff.get(address(model), {"q": "测试"}).status_code == 200


@pytest.mark.parametrize("model", [model for model in OURS if model is not User])
def test_nothing_is_added_or_deleted_there(staff, model):
    assert staff.get(address(model, "add")).status_code == 403


def test_household_is_read_only_and_shows_no_status_or_name(staff):
    household = HouseholdStatusFactory(household=HouseholdFactory(head_name="王建国")).household

    page = staff.get(address(type(household), "change", household.pk)).content.decode()

    assert household.code in page
    assert 'name="_save"' not in page
    assert "王建国" not in page
    assert "防止返贫致贫对象" not in page
    assert (
        household.code
        not in staff.get(address(type(household)), {"q": "王建国"})
        .content.decode()
        .split("result_list")[-1]
    )


def test_admin_is_closed_to_officials(client):
    client.force_login(person_with("official", make_county()))

    assert client.get(address(User)).status_code == 302
