"""Pages are found beside the goods, in the reader's language."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from content.models import FirstPage
from content.selectors.pages import find_pages
from tests.factories.content import fresh, make_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("花椒", "花椒"),
        ("退货", "退货和赔付"),
        ("七日", None),
        ("隐私", "隐私说明"),
        ("椒口是张开的", "花椒"),
        ("椒花", None),
        ("", None),
        ("%", None),
        ("😀", None),
    ],
)
def test_words_find_pages(typed: str, title: str | None) -> None:
    found = find_pages(typed, limit=5)

    assert (found[0].title if found else None) == title


def test_every_word_must_be_there() -> None:
    assert find_pages("花椒 密封", limit=5)
    assert not find_pages("花椒 橄榄园里的猫", limit=5)


def test_english_finds_english() -> None:
    with override("en"):
        found = find_pages("Walnut", limit=5)

    assert found[0].title == "Walnut"
    assert found[0].url.startswith("/en/")


def test_a_search_is_one_or_two_questions() -> None:
    find_pages("花椒", limit=5)

    with CaptureQueriesContext(connection) as queries:
        find_pages("花椒", limit=5)

    assert len(queries) <= 2


def test_publishing_and_taking_down_is_followed() -> None:
    notice = make_notice()
    assert not find_pages("绕道走", limit=5)

    notice.save_revision().publish()
    found = find_pages("绕道走", limit=5)
    fresh(notice).unpublish()

    assert [page.url for page in found] == [notice.url]
    assert not find_pages("绕道走", limit=5)


def test_rules_of_blocks_are_not_words() -> None:
    assert not find_pages("自己挑的", limit=5)


def test_the_search_page_shows_guides() -> None:
    guide = FirstPage.objects.get(key="crop-huajiao_dahongpao", language_code="zh-hans").page

    body = Client().get("/shop/search/", {"q": "花椒"}).content.decode()

    assert guide is not None
    assert guide.url in body
