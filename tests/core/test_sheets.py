"""One sheet for every page: joined from its modules, made anew when one of them moves."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from core.sheets import JOINED, SiteSheetFinder, joined_sheet, sources, stripped


@pytest.fixture
def finder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return SiteSheetFinder()


def test_every_frame_asks_for_one_sheet():
    links = re.findall(r'rel="stylesheet"', render_to_string("components/styles.html"))

    assert len(links) == 1


def test_joined_sheet_has_the_tokens_first_and_no_comment():
    sheet = joined_sheet()

    assert sheet.startswith(":root{color-scheme:light dark;")
    assert "/*" not in sheet
    assert all(path.exists() for path in sources())


def test_stripping_keeps_what_space_means():
    css = """a :is(b, c) > d { margin: calc(1px + 2px) 0; } /* no */
    @media (min-width: 62rem) { .x { color: var(--ink); } }"""

    assert stripped(css) == (
        "a :is(b,c) > d{margin:calc(1px + 2px) 0}@media (min-width:62rem){.x{color:var(--ink)}}"
    )


def test_braces_of_every_module_close():
    for path in sources():
        css = stripped(path.read_text(encoding="utf-8"))
        assert css.count("{") == css.count("}"), path.name


def test_finder_writes_the_sheet_once_and_again_when_a_module_is_newer(finder):
    first = finder.find(JOINED)
    os.utime(first, (1, 1))

    again = finder.find(JOINED)

    assert again == first
    assert Path(again).stat().st_mtime > 1


def test_finder_leaves_other_files_alone_and_lists_its_own(finder):
    assert finder.find("css/tokens.css") == []
    assert [path for path, _storage in finder.list(None)] == [JOINED]


def test_the_site_finds_its_sheet():
    assert "core.sheets.SiteSheetFinder" in settings.STATICFILES_FINDERS
    assert finders.find(JOINED)
