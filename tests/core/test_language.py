"""The address says the language; nothing else does."""

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

from core.language import path_in, versions

pytestmark = pytest.mark.django_db
ENGLISH_BROWSER = {"HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9"}
CHINESE_BROWSER = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9"}


@pytest.mark.parametrize("path", ["/calendar/", "/shop/", "/presale/", "/sign-in/"])
def test_an_address_without_prefix_is_chinese_whatever_the_browser_wishes(client, path):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get(path, **ENGLISH_BROWSER)

    assert page.headers["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-hans">' in page.content.decode()


@pytest.mark.parametrize("path", ["/en/calendar/", "/en/shop/", "/en/presale/", "/en/sign-in/"])
def test_an_address_under_en_is_english_whatever_the_browser_wishes(client, path):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"

    page = client.get(path, **CHINESE_BROWSER)

    assert page.headers["Content-Language"] == "en"
    assert '<html lang="en">' in page.content.decode()


def test_caches_may_keep_one_copy_of_an_address(client):
    page = client.get("/calendar/")

    assert "Accept-Language" not in page.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/entry/", "/english/", "/zh-hans/calendar/", "/en-gb/calendar/"])
def test_no_other_word_is_a_language(client, path):
    page = client.get(path)

    assert (page.status_code, page.headers["Content-Language"]) == (404, "zh-Hans")


def test_what_is_not_there_is_missing_in_english_too(client):
    page = client.get("/en/nowhere/at-all/")

    assert page.status_code == 404
    assert '<html lang="en">' in page.content.decode()


@pytest.mark.parametrize(
    ("language", "path", "expected"),
    [
        ("en", "/", "/en/"),
        ("en", "/calendar/", "/en/calendar/"),
        ("en", "/en/calendar/", "/en/calendar/"),
        ("zh-hans", "/en/calendar/", "/calendar/"),
        ("zh-hans", "/en/", "/"),
        ("zh-hans", "/en", "/"),
        ("zh-hans", "/enough/", "/enough/"),
    ],
)
def test_the_same_page_in_a_language(language, path, expected):
    assert path_in(language, path) == expected


def test_the_switch_keeps_the_question():
    request = RequestFactory().get("/shop/?category=fruit&page=2")

    chinese, english = versions(request)

    assert (chinese.is_current, chinese.url) == (True, "/shop/?category=fruit&page=2")
    assert (english.is_current, english.url) == (False, "/en/shop/?category=fruit&page=2")


def test_the_front_page_leads_to_both_languages(client):
    page = client.get("/en/calendar/?category=fruit").content.decode()

    assert '<link rel="alternate" hreflang="zh-Hans" href="http://testserver/calendar/">' in page
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/calendar/">' in page
    assert '<link rel="alternate" hreflang="x-default" href="http://testserver/calendar/">' in page
    assert 'href="/calendar/?category=fruit" lang="zh-Hans" hreflang="zh-Hans">中文</a>' in page


def test_a_request_leaves_no_language_behind(client):
    client.get("/en/calendar/")

    assert translation.get_language() == "zh-hans"


def test_signing_in_stays_in_english(client):
    from tests.factories.growers import PASSWORD, UserFactory

    user = UserFactory()
    answer = client.post("/en/sign-in/", {"username": user.mobile, "password": PASSWORD})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/en/")


def test_a_page_for_members_asks_to_sign_in_in_its_language(client):
    assert client.get("/en/account/").headers["Location"].startswith("/en/sign-in/?next=/en/")


def test_signing_out_leads_to_the_front_page_of_the_language(client):
    assert client.post("/en/sign-out/").headers["Location"] == "/en/"
    assert client.post("/sign-out/").headers["Location"] == "/"
