"""What a household is, and what its people are called, stays with those who may know."""

import re

import pytest

from growers.models import (
    HouseholdIdentity,
    HouseholdMember,
    StatusCategory,
    StatusScheme,
    User,
)
from shop.models import Pledge, Purchase
from tests.site.reading import read
from tests.site.visits import Visit
from tests.site.world import Site

pytestmark = pytest.mark.django_db

HOUSEHOLD_CODE = re.compile(r"HH-\d{6}")
# Words that would tell what a household counts as, beside the names of the categories.
TELLING = ("贫困", "建档立卡", "脱贫", "返贫", "低收入", "帮扶户", "人均收入", "优先批次", "所需的")
# These show it on purpose, each to the people the table of addresses names.
REGISTER = {"growers:households", "growers:household"}
PLANS = {"contracts:plan"}
OWN_PAGES = {
    "logistics:household_home",
    "contracts:household_contract",
    "contracts:own_rows",
    "contracts:proof",
}
GOODS = ("shop:", "page:", "harvest_calendar:")
DESKS = {"logistics:pack", "logistics:hand_over"}


@pytest.fixture(scope="module")
def pages(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.status == 200]


@pytest.fixture(scope="module")
def names(site: Site) -> set[str]:
    """Names of heads and members, less those a buyer or a worker happens to have too."""
    heads = {row.head_name for row in HouseholdIdentity.objects.all()}
    members = set(HouseholdMember.objects.values_list("name", flat=True))
    known = " ".join(
        name
        for model, field in ((User, "display_name"), (Purchase, "name"), (Pledge, "name"))
        for name in model.objects.values_list(field, flat=True)
    )
    return {name for name in heads | members if name not in known}


def test_status_is_for_the_register_and_plans_only(pages: list[Visit]) -> None:
    words = {*map(str, StatusCategory.labels), *map(str, StatusScheme.labels), *TELLING}
    keys = {*StatusCategory.values, *StatusScheme.values} - {"general"}
    kept = REGISTER | PLANS | OWN_PAGES | {"core:styleguide"}
    others = [page for page in pages if page.row.name not in kept]

    found = [(str(page), word) for page in others for word in words if word in read(page.body)[1]]
    hidden = [(str(page), key) for page in others for key in keys if key in page.body]

    seen_by_official = [
        p for p in pages if p.row.name == "growers:household" and p.role == "official"
    ]
    assert any(str(StatusCategory.PREVENTION.label) in page.body for page in seen_by_official)
    assert found + hidden == []


def test_no_page_shows_a_name_before_somebody_says_why(pages: list[Visit], names: set[str]) -> None:
    told = {"contracts:print"}  # a contract names its seller to its parties; see below

    any_name = re.compile("|".join(sorted(names, key=len, reverse=True)))
    found = [
        (str(page), any_name.findall(page.body))
        for page in pages
        if page.row.name not in told and any_name.search(page.body)
    ]

    assert len(names) > 100
    assert found == []


def test_a_printed_contract_names_the_seller_to_few(pages: list[Visit], site: Site) -> None:
    seller = HouseholdIdentity.objects.get(household__code=site.samples["household"]).head_name
    prints = [page for page in pages if page.row.name == "contracts:print"]

    told = {page.role for page in prints if seller in page.body}

    assert told == {"household", "helper", "official", "planner", "approver"}
    assert {page.role for page in prints} - told == {"auditor", "shop_operator", "station_keeper"}


def test_pages_of_goods_and_orders_show_no_household_code(pages: list[Visit]) -> None:
    found = [
        (str(page), HOUSEHOLD_CODE.findall(page.body))
        for page in pages
        if page.row.name.startswith(GOODS) or page.row.name in DESKS
        if HOUSEHOLD_CODE.search(page.body)
    ]

    assert found == []
