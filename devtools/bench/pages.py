"""Queries and processor time of pages, by the test client on the built world."""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from growers.models import User
from harvest_calendar.models import Crop
from shop.models import Campaign, CampaignState, Listing, ListingState

ROUNDS = 15
# Role (key of devtools.guide.PEOPLE, empty for a guest) and page.
LISTS = [
    ("", "/"),
    ("", "/shop/"),
    ("", "/shop/search/?q=花椒"),
    ("", "/presale/"),
    ("", "/calendar/"),
    ("consumer", "/account/"),
    ("shop_operator", "/work/"),
    ("shop_operator", "/work/drafts/"),
    ("shop_operator", "/work/listings/"),
    ("shop_operator", "/work/campaigns/"),
    ("shop_operator", "/work/orders/"),
    ("shop_operator", "/work/pack/"),
    ("planner", "/coop/demand/"),
    ("planner", "/coop/plans/"),
    ("planner", "/coop/contracts/"),
    ("planner", "/coop/stock/"),
    ("planner", "/coop/payments/"),
    ("station_keeper", "/station/"),
    ("household", "/household/"),
    ("official", "/official/households/"),
]


def query_lines() -> Iterator[str]:
    """Queries of every list page; the second visit, so that what is cached is cached."""
    for role, path in LISTS:
        client = _client(role)
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        broken = "" if answer.status_code == 200 else f" (status {answer.status_code})"
        yield f"{path} {role or 'guest'}: {len(seen)} queries{broken}"


def time_lines() -> Iterator[str]:
    """Milliseconds of processor time a visit takes, median of some rounds after the first."""
    for name, path in _timed_pages():
        client = _client("")
        client.get(path)
        spent = [_processor_ms(client, path) for _round in range(ROUNDS)]
        yield f"{name}: {statistics.median(spent):.0f} ms (most {max(spent):.0f})"


def _timed_pages() -> list[tuple[str, str]]:
    listing = Listing.objects.filter(state=ListingState.PUBLISHED, season_state="in_season")
    campaign = Campaign.objects.filter(state=CampaignState.LIVE)
    crop = Crop.objects.get(key="walnut_dry")
    return [
        ("home", "/"),
        ("shop list", "/shop/"),
        ("listing", f"/shop/listings/{listing.order_by('pk')[0].code}/"),
        ("campaign", f"/presale/{campaign.order_by('pk')[0].code}/"),
        ("calendar", "/calendar/"),
        ("crop", f"/calendar/{crop.key}/"),
    ]


def _processor_ms(client: Client, path: str) -> float:
    started = time.process_time()
    client.get(path)
    return 1000 * (time.process_time() - started)


def _client(role: str) -> Client:
    client = Client()
    if role:
        who = User.objects.get(username="HH-000001" if role == "household" else role)
        client.force_login(who, backend="growers.sign_in.MobileOrCardBackend")
    return client
