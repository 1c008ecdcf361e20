"""Chinese search: two characters are enough, order matters, pinyin works."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from shop.models import ListingSearch
from shop.search.find import found_by
from shop.search.pairs import MAX_QUERY, pairs_of, parts, words
from shop.selectors.storefront import published_listings
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import ListingFactory

pytestmark = pytest.mark.django_db


def listing_of(name, pinyin="", **facts):
    form = ProductFormFactory(crop=CropFactory(name_zh=name, pinyin=pinyin or "x"))
    return ListingFactory(form=form, **facts)


def find(query):
    return {listing.form.crop.name_zh for listing in found_by(published_listings(), query)}


@pytest.mark.parametrize(
    "query",
    [
        "花椒",
        "武都花椒",
        "椒(武",
        "大红袍",
        "hua jiao",
        "huajiao",
        "HuaJiao",
        "５００",
        "花椒 武都",
    ],
)
def test_finds_what_is_inside(query):
    listing_of("花椒(武都大红袍,干)", "hua jiao")
    listing_of("核桃", "he tao", description="个大皮薄", pack_weight_g=250)

    assert find(query) == {"花椒(武都大红袍,干)"}


def test_a_word_inside_a_word_is_found():
    listing_of("花椒油")

    assert find("椒油") == {"花椒油"}
    assert find("花椒") == {"花椒油"}


def test_order_of_characters_matters():
    listing_of("花椒")

    assert find("椒花") == set()


def test_pairs_in_the_right_order_but_apart_are_not_the_phrase():
    listing_of("花椒", description="花生和辣椒")

    assert find("花生椒") == set()


def test_one_character_is_found():
    listing_of("八盘梨")

    assert find("梨") == {"八盘梨"}


def test_place_and_shop_are_found():
    listing = listing_of("花椒")

    assert find(listing.shop.name) == {"花椒"}
    assert find("武都区") == {"花椒"}


@pytest.mark.parametrize("query", ["", "  ", "，。！", "%", "_", "'; drop table"])
def test_signs_alone_find_nothing_and_break_nothing(query):
    listing_of("花椒")

    assert find(query) == set()


def test_title_comes_before_description():
    listing_of("核桃", description="和花椒一个村")
    listing_of("花椒", season_state="dormant")

    found = [one.form.crop.name_zh for one in found_by(published_listings(), "花椒")]

    assert found == ["花椒", "核桃"]


def test_drafts_are_not_found():
    listing_of("花椒", state="draft")

    assert find("花椒") == set()


def test_pairs():
    assert words("武都花椒 500g") == ["武都花椒", "500g"]
    assert parts("武都花椒") == ["武都", "都花", "花椒"]
    assert pairs_of("武都花椒") == "|武都花椒| 武都 都花 花椒 "


def test_rebuild_writes_the_same_rows():
    listing_of("花椒")
    before = list(ListingSearch.objects.values_list("listing_id", "pairs"))
    ListingSearch.objects.all().delete()

    call_command("rebuild_search", verbosity=0)

    assert list(ListingSearch.objects.values_list("listing_id", "pairs")) == before


def test_search_page_says_how_many_and_helps_when_none(client):
    listing_of("花椒")

    found = client.get(reverse("shop:search"), {"q": "花椒"}).content.decode()
    none = client.get(reverse("shop:search"), {"q": "龙虾"}).content.decode()

    assert "找到 1 样" in found
    assert "没有找到“龙虾”" in none
    assert "看全部山货" in none


def test_long_query_is_cut(client):
    response = client.get(reverse("shop:search"), {"q": "花" * 5000})

    assert response.status_code == 200
    assert f"找“{'花' * MAX_QUERY}”" in response.content.decode()


def test_search_queries_do_not_grow(client, django_assert_max_num_queries):
    listing_of("花椒")
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("shop:search"), {"q": "花椒"})
    listing_of("花椒酱")
    listing_of("鲜花椒")

    with django_assert_max_num_queries(12) as three:
        client.get(reverse("shop:search"), {"q": "花椒"})

    assert len(one) == len(three)
