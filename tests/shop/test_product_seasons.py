"""One listing's page in every season: what one can do there."""

from datetime import date

import pytest
from django.urls import reverse

from shop.services.listings import withdraw_listing
from tests.factories.presale import CampaignFactory
from tests.factories.shop import NOON, ListingFactory
from tests.shop.test_product_page import form_of, noon, page_of, picture  # noqa: F401

pytestmark = pytest.mark.django_db


def test_in_season_one_buys(client):
    page = page_of(client, ListingFactory())

    assert page.count("放进篮子") == 2  # beside the picture, and in the dock of a phone
    assert page.count('form="put"') == 2
    assert "到时候告诉我" not in page


def test_presale_leads_to_its_campaign(client):
    campaign = CampaignFactory(listing=ListingFactory(season_state="presale"))

    page = page_of(client, campaign.listing)

    assert f'href="{reverse("shop:campaign", args=[campaign.code])}"' in page
    assert "9月6日 20:00 截止" in page
    assert "9月20日—10月10日发货" in page
    assert "<small>¥</small>92<small>.00</small>" in page
    assert "放进篮子" not in page


def test_an_ended_campaign_is_not_offered(client):
    listing = ListingFactory(season_state="dormant")
    CampaignFactory(listing=listing, state="failed", closed_at=NOON)

    assert "去预约" not in page_of(client, listing)


@pytest.mark.parametrize("state", ["teaser", "dormant"])
def test_out_of_season_one_may_be_told(client, state):
    listing = ListingFactory(
        season_state=state,
        season_start_on=date(2026, 10, 1),
        season_peak_on=date(2026, 10, 9),
        season_end_on=date(2026, 10, 20),
    )

    page = page_of(client, listing)

    address = reverse("shop:tell_me", args=[listing.form.crop.key])
    assert f'href="{address}?county={listing.origin.county_code}"' in page
    assert "放进篮子" not in page


def test_sold_out_one_may_be_told_and_sees_what_else_there_is(client):
    listing = ListingFactory(packs=0, form=form_of("花椒"))
    other = ListingFactory(form=form_of("核桃"))

    page = page_of(client, listing)

    assert "卖完了，等下一批上山货。" in page
    assert "到时候告诉我" in page
    assert 'href="#now"' in page
    assert reverse("shop:listing", args=[other.code]) in page


def test_a_listing_taken_down_keeps_a_page_that_sells_nothing(client):
    listing = ListingFactory()
    withdraw_listing(code=listing.code, by=None, at=NOON)

    page = page_of(client, listing)

    assert "这件山货已经下架。" in page
    assert "放进篮子" not in page
    assert '<meta name="robots" content="noindex">' in page
