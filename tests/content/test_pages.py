"""Every page of both trees: it answers, in its language, with few questions to the database."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import CropGuidePage, FirstPage, HelpPage
from content.writing import read_all
from core.words import has_chinese
from growers.models import Role
from tests.content.conftest import signed_in
from tests.factories.content import make_consent, make_notice, make_story, parent
from tests.factories.growers import HouseholdFactory, VillageShopFactory, person_with
from tests.site.reading import foreign_words, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]

FILES = read_all()
KEYS = sorted({words.key for words in FILES})
MOST = 12
UNITS = frozenset({"g", "kg"})
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


def _page(key: str, language: str) -> FirstPage:
    return FirstPage.objects.select_related("page").get(key=key, language_code=language)


def _main(body: str) -> str:
    found = MAIN.search(body)
    assert found
    return unescape(re.sub(r"<[^>]+>", " ", found[0]))


def test_every_file_has_a_counterpart() -> None:
    pairs = {(words.language, words.key) for words in FILES}

    assert pairs == {(code, key) for code in ("zh-hans", "en") for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_a_page_is_one_page_in_two_languages(key: str) -> None:
    chinese, english = (_page(key, code).page for code in ("zh-hans", "en"))

    assert chinese
    assert english
    assert chinese.translation_key == english.translation_key
    assert english.url == f"/en{chinese.url}"
    assert has_chinese(chinese.title)
    assert not has_chinese(english.title)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_answers_in_its_language_and_asks_little(key: str, language: str) -> None:
    url = _page(key, language).page.url
    browser = Client()
    browser.get(url)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(url)

    body = answer.content.decode()
    assert answer.status_code == 200
    assert len(queries) <= MOST
    assert body.count("<h1") == 1
    assert "style=" not in body
    assert "http://" not in _main(body)
    if language == "en":
        assert not has_chinese(_main(body))
    else:
        assert read(body)[0].lower() == "zh-hans"
        assert foreign_words(body, allowed=UNITS) == set()


@pytest.mark.parametrize(("url", "other"), [("/returns/", "/en/returns/"), ("/", "/en/")])
def test_a_page_names_its_counterpart(url: str, other: str) -> None:
    body = Client().get(url).content.decode()

    assert f'hreflang="zh-Hans" href="http://testserver{url}"' in body
    assert f'hreflang="en" href="http://testserver{other}"' in body
    assert body.count("x-default") == 1


def test_a_page_without_a_counterpart_leads_to_the_front_page() -> None:
    notice = make_notice()

    body = Client().get(notice.url).content.decode()

    assert 'hreflang="en"' not in body.split("<body")[0]
    assert re.search(r'<a[^>]+href="/en/"[^>]*>English', body)


def test_every_role_has_help_in_both_languages() -> None:
    wanted = {"consumer", *Role.values}

    for code in ("zh-hans", "en"):
        pages = HelpPage.objects.live().filter(locale__language_code=code)
        assert set(pages.values_list("role", flat=True)) == wanted


@pytest.mark.parametrize(
    ("role", "slug"),
    [("shop_operator", "shop-operator"), ("editor", "editor"), ("auditor", "auditor")],
)
def test_help_leads_to_the_page_of_ones_role(role: str, slug: str) -> None:
    shop = VillageShopFactory()
    thing = shop if role == "shop_operator" else shop.village.parent.parent
    browser = signed_in(person_with(role, thing))

    assert browser.get("/help/me/").headers["Location"] == f"/help/{slug}/"
    assert browser.get("/en/help/me/").headers["Location"] == f"/en/help/{slug}/"


def test_visitors_come_to_all_help() -> None:
    assert Client().get("/help/me/").headers["Location"] == "/help/"


def test_a_household_reads_help_in_its_own_frame() -> None:
    browser = signed_in(person_with("household", HouseholdFactory()))

    answer = browser.get("/help/me/", follow=True)

    assert answer.redirect_chain[-1][0] == "/help/household/"
    assert "home-h" in answer.content.decode()


@pytest.mark.parametrize("frame", ["/", "/help/household/", "/shop/"])
def test_every_frame_leads_to_help(frame: str) -> None:
    assert reverse("content:help") in Client().get(frame).content.decode()


def test_the_workspace_leads_to_help() -> None:
    browser = signed_in(person_with("shop_operator", VillageShopFactory()))

    assert reverse("content:help") in browser.get("/work/").content.decode()


@pytest.mark.parametrize("key", ["privacy", "terms", "contact", "returns"])
def test_what_must_be_there_has_a_fixed_address(key: str) -> None:
    page = _page(key, "zh-hans").page
    assert page

    assert Client().get(f"/words/{key}/").headers["Location"] == page.url
    page.slug = f"moved-{key}"
    page.save()
    assert Client().get(f"/words/{key}/").headers["Location"] == f"/moved-{key}/"
    page.unpublish()
    assert Client().get(f"/words/{key}/").status_code == 404


def test_an_unknown_fixed_address_is_not_found() -> None:
    assert Client().get("/words/nothing-of-the-kind/").status_code == 404


def test_lists_ask_no_more_when_they_are_longer() -> None:
    index = parent("stories")
    consent = make_consent()
    make_story(consent, slug="one")
    browser = Client()
    browser.get(index.url)
    with CaptureQueriesContext(connection) as few:
        browser.get(index.url)
    for n in range(3):
        make_story(consent, slug=f"more-{n}", title=f"又一篇 {n}")

    with CaptureQueriesContext(connection) as many:
        body = browser.get(index.url).content.decode()

    assert body.count("又一篇") == 3
    assert len(many) == len(few)


def test_a_crop_has_one_guide_in_a_language() -> None:
    guide = CropGuidePage.objects.filter(locale__language_code="zh-hans")[0]
    second = CropGuidePage(
        locale=guide.locale, title="又一篇", slug="again", crop=guide.crop, lead=""
    )

    with pytest.raises(Exception, match="已经有一篇指南"):
        parent("guides").add_child(instance=second)


def test_crop_guides_picked_now_come_first() -> None:
    body = Client().get("/guides/").content.decode()

    assert "在采" in body or "到9月" in body
    assert body.index("花椒") < body.index("羊肚菌")
