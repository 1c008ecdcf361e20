"""Every role has a first page and links that exist."""

import pytest
from django.conf import settings
from django.urls import reverse

from growers.models import Role
from growers.navigation import home_address
from tests.factories.growers import (
    CooperativeFactory,
    HouseholdFactory,
    UserFactory,
    VillageShopFactory,
    make_county,
    person_with,
)


@pytest.mark.parametrize("role", Role.values)
def test_first_page_of_every_role_exists(role):
    assert reverse(settings.ROLE_HOME[role]).startswith("/")


@pytest.mark.parametrize(
    "name", sorted({name for pages in settings.ROLE_NAV.values() for name, _label in pages})
)
def test_workspace_link_exists(name):
    assert reverse(name).startswith("/")


@pytest.mark.django_db
def test_person_of_two_roles_starts_on_the_first_of_the_order(rf):
    person = person_with("shop_operator", VillageShopFactory())
    person_with("planner", CooperativeFactory(), user=person)
    request = rf.get("/")
    request.user = person

    assert home_address(request) == reverse(settings.ROLE_HOME["planner"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "thing"),
    [("household", HouseholdFactory), ("official", make_county), ("planner", CooperativeFactory)],
)
def test_home_redirects_to_the_page_of_the_role(client, role, thing):
    client.force_login(person_with(role, thing()))

    assert client.get("/home/").url == reverse(settings.ROLE_HOME[role])


@pytest.mark.django_db
def test_home_of_a_person_without_role_is_the_storefront(client):
    client.force_login(UserFactory())

    assert client.get("/home/").url == "/"
