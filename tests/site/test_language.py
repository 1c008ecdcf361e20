"""Everything a person reads is Chinese."""

import pytest

from tests.site.reading import foreign_words, read
from tests.site.table import ROWS, Row
from tests.site.visits import Visit

pytestmark = pytest.mark.django_db

UNITS = frozenset({"g", "kg"})
# Kinds of files, and the pinyin that the search box gives as an example.
NAMED = frozenset({"JPG", "PNG", "WebP", "MB", "hetao"})
# Farmers read and hear 斤 and 公斤.
SPOKEN_UNITS = (
    "logistics:household_home",
    "logistics:household_slip",
    "contracts:household_contract",
    "contracts:print",
)
# For whoever builds a page: it lists the names of style classes.
NOT_READ_BY_VISITORS = {"core:styleguide"}
# Not pages: lists for scripts, tables, a phone's calendar, a style sheet, a proof to compute.
NOT_PAGES = {
    "shop:places",
    "shop:suggest",
    "shop:orders_csv",
    "shop:return_photo",
    "shop:work_invoices_csv",
    "forecasting:lines_csv",
    "forecasting:lines_xlsx",
    "forecasting:lines_json",
    "harvest_calendar:feed",
    "core:themes",
    "contracts:proof",
}
PAGES = [row for row in ROWS if row.name not in NOT_PAGES]
READ = [row for row in PAGES if row.name not in NOT_READ_BY_VISITORS]
UNFILLED = ("{{", "{%", "%(", "&amp;", "&lt;")


def _pages(visits: list[Visit], row: Row) -> list[Visit]:
    return [v for v in visits if v.row is row and v.status == 200]


@pytest.mark.parametrize("row", READ, ids=lambda row: row.name)
def test_pages_are_chinese(row: Row, visits: list[Visit]) -> None:
    allowed = NAMED if row.name in SPOKEN_UNITS else NAMED | UNITS

    found = {str(v): foreign_words(v.body, allowed=allowed) for v in _pages(visits, row)}

    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_pages_say_they_are_chinese(row: Row, visits: list[Visit]) -> None:
    found = {str(v): read(v.body)[0] for v in _pages(visits, row)}

    assert {page: language for page, language in found.items() if language != "zh-hans"} == {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_pages_have_nothing_unfilled(row: Row, visits: list[Visit]) -> None:
    texts = {str(v): read(v.body)[1] for v in _pages(visits, row)}

    assert [(page, mark) for page, text in texts.items() for mark in UNFILLED if mark in text] == []
