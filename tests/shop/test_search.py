"""Finding what was typed: names, places, shops, pinyin, one wrong character."""

import pytest
from django.urls import reverse

from shop.search.pairs import MAX_QUERY, cut, parts, stored, words
from shop.search.reading import Reading, read
from shop.search.sounds import initials, spelled
from shop.search.vocabulary import vocabulary
from shop.selectors.shelf import ShelfQuery, found_by, listings_between
from tests.factories.growers import VillageShopFactory, make_county, make_township, make_village
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import ListingFactory

pytestmark = pytest.mark.django_db


def listing_of(name, pinyin="", name_en="x", category="spice", **facts):
    crop = CropFactory(
        name_zh=name, pinyin=pinyin or spelled(name), name_en=name_en, category=category
    )
    return ListingFactory(form=ProductFormFactory(crop=crop, name_zh=name), **facts)


def found(query, **asks):
    known = vocabulary()
    return found_by(read(query, known), ShelfQuery(**asks), known)


def find(query, **asks):
    rows = listings_between(found(query, **asks), 0, 24)
    return [listing.form.crop.name_zh for listing in rows]


@pytest.mark.parametrize(
    "query",
    [
        "花椒",
        "大红袍",
        "红袍",
        "武都大红袍",
        "武都花椒",
        "正宗花椒",
        "花椒 武都",
        "花椒 500g",
        "花椒５００",
        "hua jiao",
        "huajiao",
        "HuaJiao",
        "huaj",
        "hj",
        "wudu huajiao",
        "wuduhuajiao",
        "Sichuan pepper",
        "peppers",
        "花焦",
        "huajioa",
        "花毗",
        "sichuan peper",
    ],
)
def test_a_crop_is_found_however_it_is_typed(query):
    listing_of("花椒（武都大红袍，干）", "hua jiao", "Sichuan pepper, Dahongpao (dried)")
    listing_of("核桃", "he tao", "Walnut", category="nut", pack_weight_g=250)

    assert find(query) == ["花椒（武都大红袍，干）"]


@pytest.mark.parametrize("query", ["土豆", "洋芋", "tudou", "td", "山药蛋"])
def test_local_names_of_the_facts_file_are_known(query):
    crop = CropFactory(key="potato", name_zh="马铃薯（洋芋）", pinyin="ma ling shu")
    ListingFactory(form=ProductFormFactory(crop=crop))
    listing_of("核桃")

    assert find(query) == ["马铃薯（洋芋）"]


def test_a_word_inside_a_name_is_found_after_the_name_itself():
    listing_of("花椒油", season_state="in_season")
    listing_of("花椒", season_state="last_weeks")

    assert find("椒油") == ["花椒油"]
    assert find("花椒") == ["花椒", "花椒油"]


def test_crops_that_share_a_name_each_stand_in_the_first_row():
    first = listing_of("蛇果苹果")
    for _n in range(6):
        ListingFactory(form=first.form)
    listing_of("富士苹果", season_state="dormant")

    in_season, later = ["蛇果苹果"], ["富士苹果"]
    assert find("苹果") == in_season * 4 + later + in_season * 3


def test_no_listing_is_shown_twice_or_left_out_by_pages():
    for _n in range(4):
        listing_of("花椒")
        listing_of("花椒油", season_state="dormant")
    asked = found("花椒")

    pages = [listings_between(asked, start, start + 2) for start in (0, 2, 4, 6, 8)]

    codes = [listing.code for page in pages for listing in page]
    assert len(codes) == len(set(codes)) == 8


def test_two_names_of_one_crop_are_one_wish_and_of_two_crops_two():
    listing_of("花椒（武都大红袍，干）")
    listing_of("核桃")

    assert find("大红袍 花椒") == ["花椒（武都大红袍，干）"]
    assert set(find("花椒 核桃")) == {"花椒（武都大红袍，干）", "核桃"}


def test_the_category_is_a_word_too():
    listing_of("核桃", category="nut")
    listing_of("花椒")

    assert find("坚果") == ["核桃"]


def test_order_of_characters_matters():
    listing_of("花椒", description="椒花")

    assert found("椒花").reading.words == ("椒花",)
    assert find("椒花") == ["花椒"]
    assert found("花生椒").total == 0


def test_pairs_in_the_right_order_but_apart_are_not_the_phrase():
    listing_of("核桃", description="油菜和菜籽，籽油")

    assert find("油菜和") == ["核桃"]
    assert found("油菜籽油").total == 0


def test_place_shop_and_description_are_found():
    village = make_village(make_township(make_county("礼县"), name="白关镇"), name="松坪村")
    shop = VillageShopFactory(village=village, name_zh="松坪好物店")
    listing = listing_of("花椒", shop=shop, description="当天早上摘的")
    listing_of("核桃")

    for query in (
        "礼县",
        "白关",
        "baiguan",
        "松坪村",
        "松坪 花椒",
        "好物店",
        "早上摘",
        listing.code,
    ):
        assert find(query) == ["花椒"], query


def test_one_character_is_found():
    listing_of("八盘梨", description="脆")
    listing_of("核桃")

    assert find("梨") == ["八盘梨"]
    assert find("脆") == ["八盘梨"]


def test_a_word_that_no_listing_holds_is_left_out_and_said(client):
    listing_of("花椒")

    page = client.get(reverse("shop:search"), {"q": "花椒 免费送"}).content.decode()

    assert "找到 1 样" in page
    assert "没有和“免费送”对得上的" in page


def test_what_sounds_the_same_is_meant_rather_than_what_looks_alike():
    listing_of("花椒")
    listing_of("鲜花椒")
    listing_of("花菇")

    assert find("花焦") == ["花椒", "鲜花椒"]
    assert set(find("花毗")) == {"花椒", "花菇"}


def test_a_wrong_word_is_guessed_beside_words_that_listings_hold():
    here = listing_of("花椒", description="当天早上摘的")
    listing_of("花椒")

    question = found("早上摘 花焦")

    assert question.reading.guess == "花椒"
    assert [row.pk for row in listings_between(question, 0, 9)] == [here.pk]


def test_words_that_fit_no_listing_together_are_left_out():
    listing_of("核桃", description="当天早上摘的")
    listing_of("花椒")

    question = found("早上摘 花椒")

    assert question.left_out == ("早上摘",)
    assert question.total == 1


def test_what_was_guessed_is_said(client):
    listing_of("花椒")

    page = client.get(reverse("shop:search"), {"q": "花焦"}).content.decode()

    assert "没有“花焦”，按“花椒”找的。" in page


@pytest.mark.parametrize("query", ["", "  ", "，。！", "%", "_", "\u202e", "🌶"])
def test_signs_alone_ask_for_nothing(query):
    listing_of("花椒")

    assert read(query, vocabulary()) == Reading(typed=query)


@pytest.mark.parametrize("state", ["draft"])
def test_what_is_not_published_is_not_found(state):
    shown, hidden = listing_of("花椒"), listing_of("花椒", state=state)

    rows = listings_between(found("花椒"), 0, 24)

    assert [row.code for row in rows] == [shown.code]
    assert hidden.code not in {row.code for row in listings_between(found(hidden.code), 0, 24)}


def test_words_are_cut_into_pairs_letters_and_figures():
    assert words("武都花椒 500g") == ["武都花椒", "500", "g"]
    assert parts("武都花椒") == ["武都", "都花", "花椒"]
    assert cut("花椒") == (("花椒",), ("花椒",))
    assert stored(["武都花椒", "500 g"]) == ("|武都花椒|500|g|", "武都 都花 花椒 500 g")


def test_a_word_is_never_longer_than_a_query():
    assert [len(word) for word in words("a" * 5000)] == [MAX_QUERY] * (5000 // MAX_QUERY)


def test_sounds():
    assert spelled("绿茶") == "lvcha"
    assert initials("花椒") == "hj"


def test_a_mark_that_turns_the_line_does_not_reach_the_page(client):
    page = client.get(reverse("shop:search"), {"q": "\u202e花椒\n花\u2066"}).content.decode()
    page = page.split("<main")[1]

    assert "\u202e" not in page
    assert "\u2066" not in page
    assert "“花椒 花”" in page
