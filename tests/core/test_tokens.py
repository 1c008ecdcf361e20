"""Colours: words can be read on every ground they stand on, in both themes."""

import gzip
import re

import pytest
from django.conf import settings

from core.sheets import joined_sheet, sources, stripped

SHEETS = settings.BASE_DIR / "static/css"
SOURCE = (SHEETS / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = SOURCE.split("@media (prefers-color-scheme: dark)")
COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
THEMES = {
    "light": dict(COLOUR.findall(LIGHT)),
    "dark": dict(COLOUR.findall(LIGHT)) | dict(COLOUR.findall(DARK.split("@media")[0])),
}
TEXT = [
    *[(word, ground) for word in ("ink", "ink-2") for ground in ("page", "mist", "mist-2")],
    *[("ink", f"{wash}-wash") for wash in ("mi", "jiao", "tai")],
    *[
        (word, ground)
        for word in ("dai", "jiao", "mi-ink", "tai-ink")
        for ground in ("page", "mist")
    ],
    ("jiao", "jiao-wash"),
    ("jiao", "mi-wash"),
    ("mi-ink", "mi-wash"),
    ("tai-ink", "tai-wash"),
    ("ink-2", "mi-wash"),
    ("on-dai", "dai"),
    ("on-jiao", "jiao"),
    ("on-jiao", "jiao-deep"),
    ("page", "ink"),
    ("foot-ink", "foot"),
    ("sky-ink", "sky-halo"),
    ("c-demand", "page"),
    ("c-gap", "page"),
    *[
        (word, f"lit-{ground}")
        for word in ("lit-ink", "lit-ink-2")
        for ground in ("red", "nut", "oil", "gold", "leaf", "root")
    ],
    *[(word, "lit-page") for word in ("lit-jiao", "lit-mi-ink", "lit-dai", "lit-ink-2")],
    ("lit-on-jiao", "lit-jiao"),
]
LINES = [("edge", "page"), ("c-supply", "page"), ("c-other", "page"), ("jiao", "mist")]


def _brightness(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    low, high = sorted((_brightness(one), _brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("word", "ground"), TEXT)
def test_words_can_be_read(theme, word, ground):
    colours = THEMES[theme]

    assert _contrast(colours[word], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_lines_and_edges_can_be_seen(theme, line, ground):
    colours = THEMES[theme]

    assert _contrast(colours[line], colours[ground]) >= 3


def test_no_sheet_but_the_tokens_names_a_colour():
    own = [p for p in SHEETS.rglob("*.css") if p.name not in {"tokens.css", "contract.css"}]

    named = {p.name: re.findall(r"#[0-9a-f]{3,8}\b", p.read_text(encoding="utf-8")) for p in own}

    assert {name: found for name, found in named.items() if found} == {}


def _weight(text):
    return len(gzip.compress(text.encode(), 9))


def test_sheets_of_a_public_page_stay_light():
    every_page = _weight(joined_sheet())
    others = [p for p in SHEETS.rglob("*.css") if p not in sources()]

    heaviest = max(_weight(stripped(p.read_text(encoding="utf-8"))) for p in others)

    assert every_page + heaviest <= 14_000
