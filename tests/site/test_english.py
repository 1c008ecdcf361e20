"""Everything a person reads under ``/en/`` is English, but for what is marked as Chinese.

English names cost no queries of their own: what a list reads of its rows is read at once.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.site.reading import chinese_left, read
from tests.site.table import OPEN, ROWS, Row
from tests.site.test_language import NOT_PAGES, UNFILLED
from tests.site.visits import ANONYMOUS, Visit, clients, url_of
from tests.site.world import Site

pytestmark = pytest.mark.django_db
NOT_READ_BY_VISITORS = {"core:styleguide"}  # its samples are Chinese
# A page that was answered from the store asks nothing; made anew it may ask this much.
MADE_ANEW = 12


def _reader(row: Row) -> str | None:
    """Somebody who finds the page; nobody for what only leads on or takes forms."""
    if row.expected(ANONYMOUS) == OPEN:
        return ANONYMOUS
    roles = [role for role, status in row.others.items() if status == OPEN]
    return roles[0] if roles else ("consumer" if row.stranger == OPEN else None)


SKIPPED = NOT_READ_BY_VISITORS | NOT_PAGES
READ = [row for row in ROWS if row.name not in SKIPPED and _reader(row)]


@pytest.mark.parametrize("row", READ, ids=lambda row: row.name)
def test_pages_are_english(row: Row, site: Site, visits: list[Visit]) -> None:
    role = _reader(row)
    chinese = next(v for v in visits if v.row is row and v.role == role)
    browser = clients(site)[role]

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(f"/en{url_of(row, site)}")

    body = page.content.decode()
    language, text = read(body)
    assert (page.status_code, language) == (OPEN, "en")
    assert chinese_left(body) == set()
    assert [mark for mark in UNFILLED if mark in text] == []
    # The session and the person of a new browser come on top.
    assert len(queries) <= max(chinese.queries, MADE_ANEW) + 2


@pytest.mark.parametrize("row", READ, ids=lambda row: row.name)
def test_every_page_leads_to_itself_in_the_other_language(row: Row, visits: list[Visit]) -> None:
    visit = next(v for v in visits if v.row is row and v.role == _reader(row))

    assert f'href="/en{visit.url}" lang="en" hreflang="en">English</a>' in visit.body
