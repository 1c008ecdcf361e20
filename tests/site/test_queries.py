"""No page asks the database more when there is more to list."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import Listing
from tests.site.growing import grow
from tests.site.table import ROWS, Row
from tests.site.visits import Visit, clients, url_of
from tests.site.world import Site

pytestmark = pytest.mark.django_db

LISTS = [
    ("anonymous", "harvest_calendar:calendar"),
    ("anonymous", "harvest_calendar:crop"),
    ("anonymous", "shop:list"),
    ("anonymous", "shop:search"),
    ("anonymous", "shop:listing"),
    ("anonymous", "shop:shop"),
    ("anonymous", "shop:listing_reviews"),
    ("anonymous", "shop:campaigns"),
    ("anonymous", "shop:campaign"),
    ("anonymous", "page:home"),
    ("anonymous", "page:crop_guide"),
    ("anonymous", "page:guides"),
    ("consumer", "shop:account"),
    ("consumer", "shop:orders_csv"),
    ("consumer", "shop:reservations"),
    ("consumer", "shop:addresses"),
    ("shop_operator", "shop:workspace"),
    ("shop_operator", "shop:work_drafts"),
    ("shop_operator", "shop:work_listings"),
    ("shop_operator", "shop:work_campaigns"),
    ("shop_operator", "shop:work_orders"),
    ("shop_operator", "shop:work_voices"),
    ("editor", "shop:moderation"),
    ("shop_operator", "logistics:pack"),
    ("shop_operator", "logistics:payments_due"),
    ("station_keeper", "logistics:station_home"),
    ("planner", "forecasting:demand"),
    ("planner", "forecasting:lines_csv"),
    ("planner", "contracts:plans"),
    ("planner", "contracts:plan"),
    ("planner", "contracts:contracts"),
    ("approver", "contracts:waiting"),
    ("planner", "logistics:stock"),
    ("planner", "logistics:process"),
    ("planner", "logistics:lot"),
    ("planner", "logistics:payments_due"),
    ("household", "logistics:household_home"),
    ("official", "growers:households"),
    ("official", "growers:household"),
]
# The others show one thing, a page that is full already, or the few most urgent.
GROWING = {
    "shop:listing_reviews",
    "shop:campaign",
    "shop:list",
    "shop:search",
    "shop:shop",
    "shop:campaigns",
    "shop:orders_csv",
    "shop:work_listings",
    "shop:work_campaigns",
    "logistics:pack",
    "logistics:station_home",
    "logistics:stock",
    "logistics:process",
    "logistics:household_home",
    "contracts:plans",
    "contracts:contracts",
    "contracts:waiting",
}
# Desks gather several lists; nothing asks more than this, whatever it lists.
MOST, MOST_PUBLIC = 22, 12


@pytest.fixture
def browsers(site: Site) -> dict[str, Client]:
    return clients(site)


def _cost(browser: Client, url: str) -> tuple[int, str]:
    """Queries of the second look: the first writes the session and the log of who looked."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(url)
    assert answer.status_code == 200
    return len(queries), answer.getvalue().decode()


def test_lists_ask_no_more_when_they_are_longer(site: Site, browsers: dict[str, Client]) -> None:
    rows = {row.name: row for row in ROWS}
    crop = Listing.objects.get(code=site.samples["listing"]).form.crop.short_name
    asked = {"shop:search": f"?q={crop}"}  # without a question it lists nothing
    urls = [(role, name, url_of(rows[name], site) + asked.get(name, "")) for role, name in LISTS]
    grow(site, range(1))
    few = {(role, name): _cost(browsers[role], url) for role, name, url in urls}
    grow(site, range(1, 4))

    many = {(role, name): _cost(browsers[role], url) for role, name, url in urls}

    assert {key: (few[key][0], many[key][0]) for key in few if few[key][0] != many[key][0]} == {}
    grown = {name for role, name in few if len(few[role, name][1]) < len(many[role, name][1])}
    assert grown >= GROWING


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_pages_ask_little(row: Row, visits: list[Visit]) -> None:
    pages = [v for v in visits if v.row is row and v.status == 200]

    costly = [
        (str(v), v.queries)
        for v in pages
        if v.queries > (MOST_PUBLIC if v.role == "anonymous" else MOST)
    ]

    assert costly == []
