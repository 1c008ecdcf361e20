"""What is said beside a search: when a crop comes, what is near, what is suggested."""

from datetime import date

import pytest
from django.urls import reverse

from shop.search import ports
from shop.search.ports import FoundPage, pages_about, register_pages
from tests.factories.growers import make_county
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory, SeasonDateFactory
from tests.factories.shop import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("core.clock.today", lambda: date(2026, 8, 28))


def crop_of(name, key="", **facts):
    return CropFactory(name_zh=name, key=key or f"crop-{len(name)}-{ord(name[0])}", **facts)


def on_sale(crop, **facts):
    return ListingFactory(form=ProductFormFactory(crop=crop), **facts)


def comes(crop, start, peak, end):
    SeasonDateFactory(
        crop=crop,
        window__crop=crop,
        region=make_county(),
        year=start.year,
        start_on=start,
        peak_on=peak,
        end_on=end,
        ready_on=start,
        last_ready_on=end,
    )


def search(client, query):
    return client.get(reverse("shop:search"), {"q": query}).content.decode()


def test_a_crop_that_is_not_there_says_when_it_comes(client):
    crop = crop_of("樱桃", key="cherry")
    comes(crop, date(2027, 5, 2), date(2027, 5, 20), date(2027, 6, 10))

    page = search(client, "樱桃")

    assert "这个月山上没有樱桃，明年五月见。" in page
    assert f'href="{reverse("shop:tell_me", args=["cherry"])}"' in page


def test_a_crop_that_rests_says_when_it_comes_and_is_shown(client):
    crop = crop_of("苹果", key="apple")
    comes(crop, date(2026, 10, 1), date(2026, 10, 20), date(2026, 11, 10))
    rest = on_sale(crop, season_state="dormant")

    page = search(client, "苹果")

    assert "这个月山上没有苹果，十月见。" in page
    assert rest.code in page


def test_a_crop_in_season_needs_no_word(client):
    crop = crop_of("花椒", key="pepper")
    comes(crop, date(2027, 7, 1), date(2027, 7, 20), date(2027, 8, 10))
    on_sale(crop)

    assert "山上没有" not in search(client, "花椒")


def test_medicine_is_said_to_be_sold_to_the_trade_only(client):
    crop_of("半夏", key="pinellia", sale_class="medicinal_only")

    page = search(client, "半夏")

    assert "半夏只作药材，按合同卖给药商，这里不零卖。" in page
    assert reverse("shop:tell_me", args=["pinellia"]) not in page


def test_a_shelf_of_one_crop_says_it_too(client):
    crop = crop_of("樱桃", key="cherry")
    comes(crop, date(2027, 5, 2), date(2027, 5, 20), date(2027, 6, 10))

    page = client.get(reverse("shop:list"), {"crop": "cherry"}).content.decode()

    assert "这个月山上没有樱桃，明年五月见。" in page


def test_nothing_found_shows_names_like_it_else_what_is_in_season(client):
    on_sale(crop_of("花椒", key="pepper"))
    on_sale(crop_of("核桃", key="walnut"), season_state="dormant")

    alike = search(client, "核桃酥饼干")
    other = search(client, "龙虾")

    assert "没有找到“龙虾”" in other
    assert "山上正采" in other
    assert "?crop=pepper" in other
    assert "?crop=walnut" not in other
    assert "核桃" in alike


def test_pages_of_other_apps_stand_under_the_listings(client, monkeypatch):
    monkeypatch.setattr(ports, "_finders", [])

    def find(query, *, limit):
        return [FoundPage(f"怎么挑{query}", "/guide/", "看颜色", "指南")]

    register_pages(find)
    register_pages(find)
    on_sale(crop_of("花椒"))

    page = search(client, "花椒")

    assert page.count("怎么挑花椒") == 1
    assert page.index("指南和故事") > page.index("怎么排")
    assert pages_about("  ") == []


def suggest(client, query):
    response = client.get(reverse("shop:suggest"), {"q": query})
    return response, response.content.decode()


def test_suggestions_name_crops_their_season_and_how_many(client):
    on_sale(crop_of("花椒", key="pepper", pinyin="hua jiao"))
    cherry = crop_of("樱桃", key="cherry", pinyin="ying tao")
    comes(cherry, date(2027, 5, 2), date(2027, 5, 20), date(2027, 6, 10))
    crop_of("半夏", key="pinellia", pinyin="ban xia", sale_class="medicinal_only")

    for typed, word, note in [
        ("huaj", "花椒", "1 样"),
        ("花焦", "花椒", "1 样"),
        ("yt", "樱桃", "明年五月见"),
        ("ban", "半夏", "只作药材，不零卖"),
    ]:
        html = suggest(client, typed)[1]
        assert f"<b>{word}</b>" in html, typed
        assert note in html, typed


def test_a_county_is_suggested_with_its_listings(client):
    on_sale(crop_of("花椒"))

    html = suggest(client, "武都")[1]

    assert "<b>武都区</b>" in html
    assert "?county=621202000000" in html


def test_the_last_suggestion_is_what_was_typed(client):
    html = suggest(client, "<b>龙虾")[1]

    assert html.count('role="option"') == 1
    assert "找“&lt;b&gt;龙虾”" in html
    assert "?q=%3Cb%3E%E9%BE%99%E8%99%BE" in html


def test_nothing_typed_suggests_nothing_and_browsers_keep_answers(client):
    response, html = suggest(client, " ")

    assert html.strip() == ""
    assert "max-age=300" in response["Cache-Control"]


def test_suggestions_take_three_queries(client, django_assert_max_num_queries):
    on_sale(crop_of("花椒", key="pepper"))
    crop_of("花椒酱", key="sauce")
    suggest(client, "花")

    with django_assert_max_num_queries(3):
        suggest(client, "花椒")
