"""Whatever is typed: never an error, never anything but what is published."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.models import Listing, ListingState
from shop.search.reading import read
from shop.search.vocabulary import vocabulary
from shop.selectors.shelf import ShelfQuery, found_by, listings_between
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import ListingFactory

pytestmark = pytest.mark.django_db(transaction=False)
calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SHARP = [
    "'; drop table shop_listing; --",
    '" OR 1=1',
    "花椒 AND NOT 核桃",
    "花椒*",
    "NEAR(花 椒)",
    "pairs:花椒",
    "^花椒",
    "花 & 椒 | !核",
    "'花椒':*",
    "<-> 花椒",
    "\\",
    "\\x00",
    "\x00花椒\x00",
    "%",
    "_",
    "%25%00",
    "\u202e椒花",
    "\u200b花\u200b椒\ufeff",
    "🌶️花椒🌶️",
    "花" * 5000,
    "a" * 5000,
    "花椒 " * 1250,
    "9" * 400,
    "ﬀ İ ß ǆ",
    "𠀀𪚥",
    "\ud7ff\ue000",
    "é\u0301\u0301\u0301",
    "<script>alert(1)</script>",
    "{{ 7 }}{% now %}",
    "{0}%(n)d%s",
]
WORDS = st.sampled_from(["花椒", "核桃", "武都", "huajiao", "hj", "pepper", "500", "g", "村"])
SIGNS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TYPED = st.lists(st.one_of(WORDS, SIGNS), max_size=6).map(" ".join)


@pytest.fixture
def shelf():
    pepper = ProductFormFactory(crop=CropFactory(name_zh="花椒", pinyin="hua jiao"))
    walnut = ProductFormFactory(crop=CropFactory(name_zh="核桃", pinyin="he tao"))
    for form in (pepper, walnut):
        ListingFactory(form=form)
        ListingFactory(form=form, state="draft")


def answer(typed):
    known = vocabulary()
    found = found_by(read(typed, known), ShelfQuery(), known)
    return found, listings_between(found, 0, 24)


def is_right(typed):
    published = set(
        Listing.objects.filter(state=ListingState.PUBLISHED).values_list("pk", flat=True)
    )
    found, rows = answer(typed)
    assert {row.pk for row in rows} <= published
    assert len(rows) == found.total


@pytest.mark.parametrize("typed", SHARP)
def test_sharp_words_cut_nobody(client, shelf, typed):
    is_right(typed)
    for name in ("search", "suggest"):
        response = client.get(reverse(f"shop:{name}"), {"q": typed})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


@calm
@given(typed=TYPED)
def test_any_words_find_published_listings_only(shelf, typed):
    is_right(typed)


@calm
@given(typed=SIGNS)
def test_any_text_has_a_page(client, shelf, typed):
    assert client.get(reverse("shop:search"), {"q": typed}).status_code == 200
    assert client.get(reverse("shop:suggest"), {"q": typed}).status_code == 200


@calm
@given(
    asks=st.dictionaries(
        st.sampled_from(["category", "county", "season", "proof", "price", "crop", "sort", "page"]),
        st.one_of(SIGNS, st.sampled_from(["fruit", "in_season", "gi", "1", "621202000000"])),
    )
)
def test_any_address_has_a_shelf(client, shelf, asks):
    assert client.get(reverse("shop:list"), asks).status_code == 200
