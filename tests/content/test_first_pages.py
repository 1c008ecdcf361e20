"""Loading writes what is missing and never over an editor's words."""

import time
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Site

from content.models import FirstPage, HomePage, PageWords
from content.services.first_pages import load_first_pages
from content.writing import FirstWords, body, html, read_all
from tests.factories.content import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def _words(key: str = "contact") -> FirstWords:
    return next(w for w in read_all() if (w.language, w.key) == ("zh-hans", key))


def _newer(words: FirstWords) -> FirstWords:
    return replace(words, facts={**words.facts, "title": "新题目"}, fingerprint="newer")


def _page(key: str = "contact") -> Page:
    return FirstPage.objects.get(key=key, language_code="zh-hans").page


def test_loading_again_writes_nothing() -> None:
    before = list(Page.objects.order_by("pk").values_list("pk", "title", "path"))

    assert load_first_pages(read_all()) == 0

    assert list(Page.objects.order_by("pk").values_list("pk", "title", "path")) == before


def test_a_changed_file_renews_a_page_nobody_touched() -> None:
    assert load_first_pages([_newer(_words())]) == 1

    assert fresh(_page()).title == "新题目"
    assert PageWords.objects.get(page=_page()).title == "新题目"


def test_a_page_an_editor_saved_is_left_alone() -> None:
    page = fresh(_page())
    page.title = "编辑写的"
    page.save_revision().publish()

    assert load_first_pages([_newer(_words())]) == 0

    assert fresh(page).title == "编辑写的"


def test_a_draft_of_an_editor_counts_too() -> None:
    page = fresh(_page())
    page.save_revision()

    assert load_first_pages([_newer(_words())]) == 0


def test_a_page_an_editor_deleted_stays_deleted() -> None:
    fresh(_page()).delete()

    assert load_first_pages(read_all()) == 0

    assert not Page.objects.filter(slug="contact", locale__language_code="zh-hans").exists()


def test_pages_from_before_files_were_counted_are_taken_over() -> None:
    FirstPage.objects.all().delete()
    count = Page.objects.count()

    load_first_pages(read_all())

    assert Page.objects.count() == count
    assert FirstPage.objects.filter(page__isnull=False).count() == len(read_all())


def test_the_tree_is_sound_and_the_site_begins_at_home() -> None:
    assert Page.find_problems() == ([], [], [], [], [])
    home = HomePage.objects.get(locale__language_code="zh-hans")
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert Group.objects.filter(name="编辑").exists()


def test_loading_is_quick() -> None:
    FirstPage.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    started = time.process_time()

    load_first_pages(read_all())

    assert time.process_time() - started < 6  # about two seconds on an idle machine


def test_links_lead_to_pages_and_addresses() -> None:
    chinese = html("看[退货](returns)和[订单](shop:find_order)。", prefix="")
    english = html("See [returns](returns).", prefix="/en")

    assert 'href="/words/returns/"' in chinese
    assert 'href="/shop/find-order/"' in chinese
    assert 'href="/en/words/returns/"' in english


def test_what_is_written_is_escaped() -> None:
    assert html("<script>1</script> **粗**", prefix="") == (
        "<p>&lt;script&gt;1&lt;/script&gt; <b>粗</b></p>"
    )


def test_every_link_in_the_files_leads_somewhere() -> None:
    keys = {words.key for words in read_all()}
    ids = dict.fromkeys(keys, 1)
    for words in read_all():
        for block in body(words, page_ids=ids):
            if block["type"] == "links":
                written = words.text.split("::: links", 1)[1].split("\n:::\n", 1)[0]
                wanted = [line for line in written.splitlines() if line.startswith("- ")]
                assert len(block["value"]["links"]) == len(wanted)
        for target in __import__("re").findall(r"\]\(([^):]+)\)", words.text):
            assert target in keys
