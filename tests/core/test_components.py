"""The style guide renders every component, and components keep to themselves."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from core.sheets import theme_sheet
from core.styleguide import groups

COMPONENTS = sorted((settings.BASE_DIR / "templates/components").glob("*.html"))


def _render(source, **context):
    template = Template(CottonCompiler().process(source))
    return template.render(Context({**context, "request": RequestFactory().get("/")}))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_says_what_it_takes_and_has_no_inline_style_or_script(path):
    source = path.read_text(encoding="utf-8")

    assert source.startswith("{# ")
    assert "style=" not in source
    assert "<script" not in source


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_gives_every_word_a_default_so_that_none_leaks_in(path):
    declared = re.search(r"<c-vars (.*?)/>", path.read_text(encoding="utf-8"))
    bare = re.sub(r'[:\w-]+="[^"]*"', "", declared.group(1)).split() if declared else []

    assert bare == []


@pytest.fixture(scope="module")
def guide(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Client().get("/styleguide/").content.decode()


def test_style_guide_renders_without_a_tag_left_over(guide):
    assert "&lt;c-" in guide  # the tags as words
    assert "<c-" not in guide
    assert "{%" not in guide
    assert guide.count("<h1") == 1
    assert " style=" not in guide


def test_every_component_has_its_place_in_the_style_guide():
    shown = {one.name for group in groups() for one in group.components}

    assert {path.stem for path in COMPONENTS} - shown == set()
    assert shown - {path.stem for path in COMPONENTS} == {"long"}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_style_guide_shows_a_component_in_both_themes_with_its_usage(guide, path):
    article = re.search(rf'<article class="specimen" id="{path.stem}">(.*?)</article>', guide, re.S)
    usage = re.match(r"{# (.*?)[ .,:]", path.read_text(encoding="utf-8")).group(1)

    light, dark = re.split(r'<div class="theme theme-dark">', article.group(1))

    assert usage in light
    shown = light.split('<div class="theme theme-light">')[1]
    assert len(re.sub(r"\s|</?div>", "", shown)) > 10
    assert len(re.sub(r"\s|</?div>", "", dark)) > 10


def test_style_guide_repeats_no_id(guide):
    ids = re.findall(r'\sid="([^"]+)"', guide)

    assert [name for name in set(ids) if ids.count(name) > 1] == []


def test_both_themes_of_the_guide_have_every_colour():
    light, dark = re.findall(r"\.theme-\w+{(.*?)}", theme_sheet())

    names = [set(re.findall(r"(--[\w-]+):", block)) for block in (light, dark)]

    assert names[0] == names[1]
    assert "color-scheme:light" in light
    assert "--page:#0d1b1e" in dark


def test_price_does_not_pick_up_a_word_from_the_page_around_it():
    page = _render('<c-price amount="58" pack="5 kg" />', note="外面的话")

    assert "外面的话" not in page
    assert "5 kg" in page


@pytest.mark.parametrize(
    ("state", "word"),
    [("teaser", "将熟"), ("presale", "预售"), ("in_season", "当季"), ("dormant", "休季")],
)
def test_seal_says_its_state_in_words(state, word):
    assert word in _render(f'<c-seal state="{state}" />')


def test_progress_is_drawn_to_the_edge_but_read_as_it_is():
    page = _render('<c-progress percent="104" tone="formed" />')

    assert 'width="100"' in page
    assert "完成 104%" in page


def test_disabled_button_gives_its_reason_and_cannot_be_pressed():
    page = _render('<c-button disabled="1" why="缺合格证">上架</c-button>')

    assert "<button" not in page
    assert "缺合格证" in page
