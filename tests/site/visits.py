"""Every address of our apps, asked for once by every role; what came back is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.tables import SHEET_TYPE
from tests.site.table import CHANGES, PATHS, ROWS, Row
from tests.site.world import Site

OUR_APPS = {
    "growers",
    "payments",
    "harvest_calendar",
    "shop",
    "forecasting",
    "contracts",
    "logistics",
    "content",
    "core",
    "devtools",
}
ANONYMOUS = "anonymous"
OF_EACH_KIND = (ANONYMOUS, "consumer", "household", "shop_operator", "planner", "official")


@dataclass(frozen=True)
class Visit:
    """One answer to one role."""

    row: Row
    role: str
    url: str
    status: int
    location: str
    body: str
    queries: int

    def __str__(self) -> str:
        return f"{self.row.name} as {self.role} ({self.url})"


def our_addresses() -> set[str]:
    """``app:name`` of every URL pattern of ours; the route stands in for a missing name."""
    return set(_addresses(get_resolver().url_patterns, ""))


def _addresses(patterns: list[URLPattern | URLResolver], app: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, pattern.app_name or app)
        elif app in OUR_APPS:
            yield f"{app}:{pattern.name or pattern.pattern}"


def url_of(row: Row, site: Site) -> str:
    """The address of a row with the world's samples filled in."""
    if row.name in PATHS:
        return PATHS[row.name]
    return reverse(row.name, args=[site.samples[name] for name in row.samples])


def clients(site: Site) -> dict[str, Client]:
    """A browser for nobody and for each person, signed in."""
    found = {ANONYMOUS: Client(raise_request_exception=False)}
    for name, person in site.people.items():
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(person, backend="growers.sign_in.MobileOrCardBackend")
    return found


def visit_everything(site: Site) -> list[Visit]:
    """Ask for every row as every role."""
    browsers = clients(site)
    return [
        _visit(row, role, browsers[role], site) for row in ROWS for role in _roles(row, browsers)
    ]


def _roles(row: Row, browsers: dict[str, Client]) -> Iterable[str]:
    """Everybody; what is the same for all is seen by one person of each kind."""
    return OF_EACH_KIND if row.is_public else browsers


def post_everything(site: Site) -> dict[str, dict[str, int]]:
    """Send an empty form to every row of ``CHANGES`` as every role; nothing of it is kept."""
    browsers = clients(site)
    return {
        row.name: {role: _post(row, browsers[role], site) for role in browsers} for row in CHANGES
    }


def _post(row: Row, browser: Client, site: Site) -> int:
    with transaction.atomic():
        status = browser.post(url_of(row, site), {"sent": "1"}).status_code
        transaction.set_rollback(True)
    return status


def _text(answer: HttpResponse) -> str:
    """What an answer says, a workbook's cells included; a photograph says nothing."""
    if answer.headers.get("Content-Type", "").startswith("image/"):
        return ""
    content = answer.getvalue()
    if answer.headers.get("Content-Type") != SHEET_TYPE:
        return content.decode()
    with ZipFile(BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def _visit(row: Row, role: str, browser: Client, site: Site) -> Visit:
    url = url_of(row, site)
    connection.queries_log.clear()  # it holds 9000; a full one would count nothing
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(url)
    return Visit(
        row=row,
        role=role,
        url=url,
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        body=_text(answer),
        queries=len(queries),
    )
