"""The shelf: filters with true figures, three orders, a place in line that follows stock."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest_calendar.models import GeoMark
from shop.models import Listing, ListingSearch, ShelfCell
from shop.models.search import COUNTY_DIGITS
from shop.search.reading import Reading, read
from shop.search.vocabulary import vocabulary
from shop.selectors.facets import facets
from shop.selectors.shelf import FILTERS, ShelfQuery, found_by, listings_between, region_code
from shop.services.listings import change_listing, record_proof, withdraw_listing
from shop.services.search_rows import refresh_all, refresh_search
from shop.services.seasons import refresh_season_states
from shop.services.stock import set_stock
from shop.shelf_rules import SOLD_OUT
from tests.factories.growers import VillageShopFactory, make_county, make_township, make_village
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory, VarietyFactory
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 8, 28)
ROW = [field.attname for field in ListingSearch._meta.concrete_fields]


def form_of(name, **facts):
    return ProductFormFactory(crop=CropFactory(name_zh=name, **facts))


def shop_in(county):
    return VillageShopFactory(village=make_village(make_township(make_county(county))))


@pytest.fixture
def stocked():
    """Listings that differ in everything one can filter by."""
    forms = [form_of("花椒", category="spice"), form_of("苹果", category="fruit")]
    GeoMark.objects.create(
        crop=forms[0].crop, county=make_county("礼县"), name_zh="礼县花椒", kind="product"
    )
    prices = [Decimal("4.00"), Decimal("15.50"), Decimal("80.00"), Decimal("300.00")]
    seasons = ["in_season", "last_weeks", "dormant"]
    shops = [shop_in("武都区"), shop_in("礼县")]
    rows = zip(product(forms, shops, seasons), prices * 3, strict=True)
    made = [
        ListingFactory(form=form, shop=shop, season_state=season, price=price)
        for (form, shop, season), price in rows
    ]
    record_proof(listing=made[0], kind="licence", number="SC1", issued_on=TODAY, at=NOON)
    return made


def found(reading=None, **asks):
    return found_by(reading or Reading(), ShelfQuery(**asks), vocabulary())


def listed(question):
    return listings_between(question, 0, 500)


def counties():
    return {place.region.code: place.region for place in vocabulary().places}


@pytest.mark.parametrize(
    "asks",
    [
        {},
        {"category": "fruit"},
        {"county": "621226000000", "season": "in_season"},
        {"price": "1", "proof": "self_grown"},
        {"proof": "gi"},
    ],
)
def test_every_figure_is_the_length_of_the_list_it_leads_to(stocked, asks):
    question = found(**asks)

    for facet in facets(question, counties=counties()):
        assert facet.choices, facet.name
        for choice in facet.choices:
            there = found(**{**asks, facet.name: choice.value})
            assert choice.listings == there.total == len(listed(there)), (facet.name, choice.value)


def test_choices_that_lead_nowhere_are_left_out_unless_chosen(stocked):
    names = {facet.name: facet for facet in facets(found(season="presale"), counties=counties())}

    assert [one.value for one in names["category"].choices] == []
    assert ("presale", 0, True) in [
        (one.value, one.listings, one.is_chosen) for one in names["season"].choices
    ]


def test_figures_beside_a_search_are_true_too(stocked):
    reading = read("礼县", vocabulary())
    by_text = read("的一袋", vocabulary())
    change_listing(code=stocked[1].code, price=Decimal(9), description="新的一袋", by=None, at=NOON)

    for question in (found(reading), found(by_text)):
        assert question.total == len(listed(question)) > 0
        for facet in facets(question, counties=counties()):
            for choice in facet.choices:
                there = found(question.reading, **{facet.name: choice.value})
                assert choice.listings == len(listed(there))


def test_protected_origin_counts_only_where_its_name_holds(stocked):
    shown = listed(found(proof="gi"))

    assert {row.form.crop.name_zh for row in shown} == {"花椒"}
    assert {row.origin.county_code for row in shown} == {"621226000000"}


def test_a_proof_that_ran_out_does_not_count():
    listing = ListingFactory()
    record_proof(
        listing=listing,
        kind="quarantine",
        number="Q1",
        issued_on=TODAY - timedelta(days=9),
        valid_to=TODAY,
        at=NOON,
    )
    assert found(proof="quarantine").total == 1

    refresh_all(on=TODAY + timedelta(days=1))

    assert found(proof="quarantine").total == 0


def test_cheapest_first_and_newest_first(stocked):
    cheap = [row.unit_price for row in listed(found(sort="price"))]
    new = [row.code for row in listed(found(sort="new"))]

    assert cheap == sorted(cheap)
    assert new == list(
        Listing.objects.order_by("-published_at", "-pk").values_list("code", flat=True)
    )


def test_sold_out_stands_last_and_comes_back():
    first, second = ListingFactory(), ListingFactory(season_state="dormant")
    assert [row.pk for row in listed(found())] == [first.pk, second.pk]

    set_stock(listing=first, packs=0, at=NOON)
    assert [row.pk for row in listed(found())] == [second.pk, first.pk]

    set_stock(listing=first, packs=1, at=NOON)
    assert [row.pk for row in listed(found())] == [first.pk, second.pk]


def test_out_of_season_is_never_called_sold_out():
    listing = ListingFactory(season_state="teaser", packs=0)

    set_stock(listing=listing, packs=0, at=NOON)

    assert ListingSearch.objects.get(pk=listing.pk).rank < SOLD_OUT


def test_withdrawn_leaves_the_shelf_and_its_figures():
    listing = ListingFactory()

    withdraw_listing(code=listing.code, by=None, at=NOON)

    assert found().total == 0
    assert not ListingSearch.objects.exists()


def test_rows_and_figures_follow_the_season():
    ListingFactory()

    refresh_season_states(on=TODAY, at=NOON)

    row = ListingSearch.objects.get()
    assert row.season == Listing.objects.get().season_state
    assert found(season=row.season).total == 1


def cells():
    return Counter(
        {
            (c.crop_id, c.county, c.season, c.proofs, c.is_gi, c.band): c.listings
            for c in ShelfCell.objects.all()
        }
    )


def rows():
    return list(ListingSearch.objects.order_by("pk").values_list(*ROW))


def test_kept_row_by_row_or_made_anew_the_shelf_is_the_same(stocked):
    change_listing(code=stocked[0].code, price=Decimal("99"), description="新", by=None, at=NOON)
    withdraw_listing(code=stocked[1].code, by=None, at=NOON)
    set_stock(listing=stocked[2], packs=0, at=NOON)
    kept = (rows(), +cells())

    call_command("rebuild_search", verbosity=0)

    assert (rows(), cells()) == kept


def test_refreshing_what_did_not_change_writes_nothing(stocked, django_assert_num_queries):
    ids = [listing.pk for listing in stocked]

    with django_assert_num_queries(9):  # savepoints, locks and reads; no write
        refresh_search(listing_ids=ids, on=TODAY)


def test_names_of_filters_are_those_the_address_knows():
    assert set(FILTERS) == set(ShelfQuery.__dataclass_fields__) - {"crop", "sort"}
    assert region_code("621202") == "621202000000"
    assert len("621202") == COUNTY_DIGITS


# Pages --------------------------------------------------------------------------------------
def page(client, name="list", **query):
    response = client.get(reverse(f"shop:{name}"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_one_press_takes_a_filter_off(client, stocked):
    html = page(client, category="fruit", season="in_season", sort="price")

    assert 'href="?season=in_season&amp;sort=price" aria-label="去掉“水果”"' in html
    assert 'href="?category=fruit&amp;sort=price" aria-label="去掉“当季”"' in html


def test_filters_are_links_that_robots_leave_alone(client, stocked):
    html = page(client)

    assert 'rel="nofollow" href="?category=fruit"' in html
    assert "noindex" not in html
    assert "noindex" in page(client, category="fruit")


def test_the_order_is_said_not_to_look_at_the_person(client, stocked):
    assert "排序只看季节、价格和上架时间，不看您是谁。" in page(client)


def test_the_same_shelf_for_everybody(client, django_user_model, stocked):
    as_guest = [row.code for row in listed(found())]
    client.force_login(
        django_user_model.objects.create(username="x"),
        backend="growers.sign_in.MobileOrCardBackend",
    )

    html = page(client)

    places = [html.index(code) for code in as_guest]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "query",
    [
        {"category": "nonsense"},
        {"county": "x'--"},
        {"county": "9" * 50},
        {"price": "99"},
        {"season": "'"},
        {"proof": "gi'"},
        {"sort": "-price"},
        {"page": "99999999999999999999"},
    ],
)
def test_what_an_address_cannot_mean_is_ignored(client, stocked, query):
    html = page(client, **query)

    assert "12 样，当季的排在前面。" in html


ADDRESSES = ("/shop/", "/en/shop/", "/shop/search/?q=花椒", "/en/shop/search/?q=hj")


def queries_of(client):
    """How many queries each address takes, once the catalogue's words are in memory."""
    counts = {}
    for address in ADDRESSES:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts[address] = len(asked)
    return counts


def test_pages_do_not_ask_more_when_more_is_there(client):
    forms = [form_of("花椒"), form_of("花椒酱")]
    for form in forms * 2:
        ListingFactory(form=form)
    before = queries_of(client)
    for form in forms * 3:
        ListingFactory(form=form, variety=VarietyFactory(crop=form.crop))

    after = queries_of(client)

    assert after == before
    assert max(after.values()) <= 12
