"""One button at the desk: the page says what was done, or why not."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from shop.models import Campaign, CampaignState, Listing
from tests.factories.growers import person_with
from tests.factories.presale import NOON, drafted, make_ripening_listing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def listing() -> Listing:
    return make_ripening_listing()


def press(listing: Listing, one: Campaign, step: str) -> str:
    """The page after a button was pressed."""
    desk = Client()
    desk.force_login(person_with("shop_operator", listing.shop))
    answer = desk.post(f"/work/campaigns/{one.code}/{step}/", follow=True)
    assert answer.redirect_chain == [(f"/work/campaigns/{one.code}/", 302)]
    return answer.content.decode()


def test_what_was_done_is_said(listing: Listing) -> None:
    one = drafted(listing)

    assert "审批人批了就开约" in press(listing, one, "submit")
    assert "拿回来了，又是草稿" in press(listing, one, "take-back")


def test_what_stands_in_the_way_is_said_and_nothing_is_done(listing: Listing) -> None:
    one = drafted(listing)

    page = press(listing, one, "take-back")

    assert "拿回来了，又是草稿" not in page
    assert 'role="alert"' in page
    one.refresh_from_db()
    assert one.state == CampaignState.DRAFT
