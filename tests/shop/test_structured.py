"""What search engines read of a listing's page."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from shop import structured
from shop.models import ListingPicture
from shop.services.listings import withdraw_listing
from shop.structured import Card, Rating
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.presale import CampaignFactory
from tests.factories.shop import NOON, ListingFactory
from tests.shop.schema_org import problems

pytestmark = pytest.mark.django_db
CARD = Card(url="https://x/a/", title="花椒", description="好", image="https://x/a.svg")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def html_of(client, listing, **extra):
    return client.get(reverse("shop:listing", args=[listing.code]), **extra).content.decode()


def facts_of(page):
    [raw] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(raw)


def offer_of(client, listing):
    document = facts_of(html_of(client, listing))
    assert problems(document) == []
    return document["@graph"][0]["offers"]


def test_in_season_is_in_stock_with_both_prices_and_the_weight(client):
    listing = ListingFactory(price=Decimal("58.00"), pack_weight_g=250)

    document = facts_of(html_of(client, listing))

    assert problems(document) == []
    product, trail = document["@graph"]
    assert product["weight"] == {"@type": "QuantitativeValue", "value": "0.25", "unitCode": "KGM"}
    offer = product["offers"]
    assert offer["price"] == "58.00"
    assert offer["priceSpecification"]["price"] == "116.00"
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["seller"]["name"] == listing.shop.name
    assert "availabilityStarts" not in offer
    assert [step["position"] for step in trail["itemListElement"]] == [1, 2, 3]
    assert trail["itemListElement"][-1]["item"] == product["url"]


@pytest.mark.parametrize(
    ("facts", "word", "starts"),
    [
        ({"packs": 0}, "OutOfStock", None),
        (
            {"season_state": "teaser", "season_start_on": date(2026, 9, 5)},
            "OutOfStock",
            "2026-09-05",
        ),
        ({"season_state": "dormant"}, "OutOfStock", None),
    ],
)
def test_what_cannot_be_bought_is_out_of_stock(client, facts, word, starts):
    dates = {"season_peak_on": date(2026, 9, 8), "season_end_on": date(2026, 9, 10)}

    offer = offer_of(client, ListingFactory(**dates | facts))

    assert offer["availability"] == f"https://schema.org/{word}"
    assert offer.get("availabilityStarts") == starts


def test_presale_is_a_preorder_at_the_campaigns_price_and_address(client):
    campaign = CampaignFactory(listing=ListingFactory(season_state="presale"))

    offer = offer_of(client, campaign.listing)

    assert offer["availability"] == "https://schema.org/PreOrder"
    assert offer["price"] == "92.00"
    assert offer["availabilityStarts"] == "2026-09-20"
    assert offer["priceValidUntil"] == "2026-09-06"
    assert offer["url"].endswith(reverse("shop:campaign", args=[campaign.code]))


def test_a_listing_taken_down_is_discontinued(client):
    listing = ListingFactory()
    withdraw_listing(code=listing.code, by=None, at=NOON)

    assert offer_of(client, listing)["availability"] == "https://schema.org/Discontinued"


def test_no_rating_without_reviews(client):
    assert "aggregateRating" not in facts_of(html_of(client, ListingFactory()))["@graph"][0]


def test_a_rating_is_told_when_there_are_reviews():
    listing = ListingFactory()
    offer = structured.offer(listing, url=CARD.url, price=listing.price, availability="InStock")

    rated = structured.product(listing, card=CARD, offer=offer, rating=Rating(Decimal("4.7"), 12))
    bare = structured.product(listing, card=CARD, offer=offer, rating=Rating(Decimal(0), 0))

    assert problems({"@context": structured.SCHEMA, "@graph": [rated]}) == []
    assert rated["aggregateRating"]["ratingValue"] == "4.7"
    assert rated["aggregateRating"]["reviewCount"] == 12
    assert "aggregateRating" not in bare


@pytest.mark.parametrize(
    "nasty", ["</script><b>", "<!--<script>", "a & b", "line\u2028end\u2029", '"quoted"', "\\u003c"]
)
def test_no_text_breaks_out_of_its_element(client, nasty):
    listing = ListingFactory(description=f"花椒 {nasty}")

    page = html_of(client, listing)

    raw = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(raw)
    assert json.loads(raw)["@graph"][0]["description"] == f"花椒 {nasty}"


def test_addresses_are_of_the_host_that_was_asked_and_no_other_host_is_answered(client):
    listing = ListingFactory()
    path = reverse("shop:listing", args=[listing.code])

    page = html_of(client, listing, HTTP_HOST="localhost")
    other = client.get(path, HTTP_HOST="evil.example")

    assert f'<link rel="canonical" href="http://localhost{path}">' in page
    assert f'<meta property="og:url" content="http://localhost{path}">' in page
    assert facts_of(page)["@graph"][0]["url"] == f"http://localhost{path}"
    assert other.status_code == 400


def test_the_canonical_address_has_no_query(client):
    listing = ListingFactory()
    path = reverse("shop:listing", args=[listing.code])

    page = client.get(path, {"from": "a"}).content.decode()

    assert f'<link rel="canonical" href="http://testserver{path}">' in page


def test_a_link_elsewhere_shows_the_photograph_else_the_drawing(client):
    drawn = ListingFactory(form=ProductFormFactory(crop=CropFactory(key="walnut_dry")))
    shot = ListingFactory()
    ListingPicture.objects.create(
        listing=shot,
        image="pictures/a.jpg",
        small="pictures/b.jpg",
        width=9,
        height=9,
        place=0,
        added_at=NOON,
    )

    assert re.search(
        r'og:image" content="http://testserver/static/[^"]*hetao', html_of(client, drawn)
    )
    assert 'og:image" content="http://testserver/media/pictures/a.jpg"' in html_of(client, shot)


def test_the_checker_finds_what_is_wrong():
    listing = ListingFactory()
    offer = structured.offer(listing, url=CARD.url, price=listing.price, availability="InStock")
    good = structured.product(listing, card=CARD, offer=offer)
    spoilt = [
        {**good, "offers": {**offer, "price": "free"}},
        {**good, "offers": {**offer, "availability": "InStock"}},
        {**good, "offers": {key: offer[key] for key in offer if key != "priceCurrency"}},
        {**good, "weight": {**good["weight"], "unitCode": "GRM"}},
        structured.product(listing, card=replace(CARD, url="/a/"), offer=offer),
        {**good, "@type": "Thing"},
        {**good, "review": []},
        {"@type": "BreadcrumbList", "itemListElement": []},
    ]

    assert problems({"@context": structured.SCHEMA, "@graph": [good]}) == []
    for bad in spoilt:
        assert problems({"@context": structured.SCHEMA, "@graph": [bad]}), bad
