"""The shelf and a listing's page: what is shown, what is not, and how many queries it takes."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from shop.services.listings import change_listing
from tests.factories.growers import VillageShopFactory, make_county, make_township, make_village
from tests.factories.harvest_calendar import CropFactory, GradeFactory, ProductFormFactory
from tests.factories.shop import NOON, ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def form_of(name, **crop):
    return ProductFormFactory(crop=CropFactory(name_zh=name, **crop))


def get(client, name, *args, **query):
    return client.get(reverse(f"shop:{name}", args=args), query).content.decode()


def test_shelf_shows_published_and_hides_drafts(client):
    shown = ListingFactory(form=form_of("花椒"))
    hidden = ListingFactory(form=form_of("核桃"), state="draft")

    page = get(client, "list")

    assert shown.product.title in page
    assert hidden.product.title not in page


def test_draft_has_no_page(client):
    hidden = ListingFactory(state="draft")

    response = client.get(reverse("shop:listing", args=[hidden.code]))

    assert response.status_code == 404


def test_in_season_comes_first_then_the_newest(client):
    old = ListingFactory(form=form_of("花椒"))
    new = ListingFactory(form=form_of("核桃"))
    rest = ListingFactory(form=form_of("樱桃"), season_state="dormant")

    page = get(client, "list")

    places = [page.index(one.product.title) for one in (new, old, rest)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "fruit"}, "苹果"),
        ({"county": "621226000000"}, "苹果"),
        ({"season": "teaser"}, "苹果"),
        ({"crop": "apple_test"}, "苹果"),
    ],
)
def test_shelf_filters(client, query, expected):
    village = make_village(make_township(make_county("礼县")))
    ListingFactory(
        form=form_of("苹果", category="fruit", key="apple_test"),
        shop=VillageShopFactory(village=village),
        season_state="teaser",
    )
    other = ListingFactory(form=form_of("花椒"))

    page = get(client, "list", **query)

    assert expected in page
    assert other.product.title not in page


def test_empty_shelf_helps(client):
    page = get(client, "list", season="presale")

    assert "点上面的条件去掉一个再看" in page


def test_off_season_says_when_it_comes(client):
    listing = ListingFactory(
        season_state="teaser",
        season_start_on=date(2026, 9, 25),
        season_peak_on=date(2026, 10, 1),
        season_end_on=date(2026, 10, 20),
    )

    page = get(client, "listing", listing.code)

    assert "还没到采收期，9月25日前后开。" in page
    assert "放进篮子" not in page
    assert "9月25日前后开采" in page


def test_listing_page_computes_the_unit_price(client):
    listing = ListingFactory(price=Decimal("58.00"), pack_weight_g=250)

    page = get(client, "listing", listing.code)

    assert "¥116.00</b>/500 g" in page


def test_price_follows_the_listing(client):
    listing = ListingFactory(price=Decimal("58.00"))

    change_listing(code=listing.code, price=Decimal("60.5"), description="", by=None, at=NOON)

    assert listing.product.stockrecords.get().price == Decimal("60.50")
    listing.refresh_from_db()
    assert listing.price == Decimal("60.50")


@pytest.mark.parametrize(
    ("perishable", "said"),
    [(False, "支持七日无理由退货（未拆封）"), (True, "鲜活易腐，不支持无理由退货")],
)
def test_return_rule_follows_the_class(client, perishable, said):
    listing = ListingFactory(form=form_of("山货", perishable=perishable))

    assert said in get(client, "listing", listing.code)


def test_listing_page_names_origin_grade_shop_and_proof(client):
    form = form_of("花椒")
    listing = ListingFactory(form=form, grade=GradeFactory(crop=form.crop, name_zh="特级"))

    page = get(client, "listing", listing.code)

    proof = listing.proofs.get()
    for text in ("武都区", listing.origin.name_zh, "特级", listing.shop.name, proof.number):
        assert text in page


def test_sold_out_says_so(client):
    listing = ListingFactory(packs=0)

    page = get(client, "listing", listing.code)

    assert "卖完了，等下一批上山货。" in page


def test_shelf_queries_do_not_grow_with_rows(client, django_assert_max_num_queries):
    ListingFactory()
    with django_assert_max_num_queries(12) as one:
        get(client, "list")
    ListingFactory()
    ListingFactory()

    with django_assert_max_num_queries(12) as three:
        get(client, "list")

    assert len(three) == len(one)


def test_listing_page_queries(client, django_assert_max_num_queries):
    listing = ListingFactory()

    with django_assert_max_num_queries(12):
        get(client, "listing", listing.code)


def test_reading_pages_writes_nothing(client):
    listing = ListingFactory()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as seen:
        get(client, "list")
        get(client, "listing", listing.code)
        get(client, "basket")

    assert [q["sql"] for q in seen if not q["sql"].startswith("SELECT")] == []


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/shop/catalogue/", "/shop/"),
        ("/shop/catalogue/category/spice_1/", "/shop/"),
        ("/shop/basket/vouchers/add/", "/shop/basket/"),
        ("/shop/checkout/shipping-address/", "/shop/checkout/"),
        ("/shop/accounts/login/", "/sign-in/"),
        ("/shop/accounts/register/", "/sign-in/"),
        ("/shop/accounts/profile/", "/account/"),
        ("/shop/password-reset/", "/sign-in/"),
        ("/shop/offers/", "/shop/"),
        ("/shop/wishlists/", "/shop/"),
        ("/shop/dashboard/login/", "/sign-in/"),
    ],
)
def test_oscars_own_pages_lead_to_ours(client, address, to):
    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, to)


def test_oscars_product_address_leads_to_the_listing(client):
    listing = ListingFactory()

    response = client.get(f"/shop/catalogue/{listing.product.slug}_{listing.product.pk}/")

    assert response["Location"] == reverse("shop:listing", args=[listing.code])


def test_no_page_asks_for_a_foreign_script(client, admin_client):
    listing = ListingFactory()

    pages = [get(client, "list"), get(client, "listing", listing.code)]
    pages.append(admin_client.get("/shop/dashboard/").content.decode())

    assert not any("googleapis" in page or "https://cdn" in page for page in pages)


def test_next_years_season_says_next_year(client):
    listing = ListingFactory(
        season_state="dormant",
        season_start_on=date(2027, 4, 28),
        season_peak_on=date(2027, 5, 15),
        season_end_on=date(2027, 6, 10),
    )

    assert "明年4月28日前后开" in get(client, "list")
    assert "明年4月28日前后开采" in get(client, "listing", listing.code)


@pytest.mark.parametrize(
    "query", ["?q=花%00椒", "?category=%00", "?county=x'--", "?page=abc", "?season=%F0%9F%8C%B6"]
)
def test_strange_addresses_still_answer(client, query):
    ListingFactory()

    answers = [client.get(f"{address}{query}") for address in ("/shop/", "/shop/search/")]

    assert [answer.status_code for answer in answers] == [200, 200]
