"""Every page of ours that somebody can reach by following links: a few samples of each kind."""

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error, Page

# Pages by others: Wagtail's, Oscar's and Django's own, and what is no page.
OTHERS = ("/admin/", "/cms/", "/documents/", "/media/", "/static/", "/shop/dashboard/", "/i18n/")
SAMPLES = 3  # of one kind of page: a listing in season, one that sleeps, one sold out
FILTERED = 2  # more of the same page, with something chosen


def reachable(
    page: Page, site: str, *starts: str, seen: Counter[str] | None = None
) -> Iterator[str]:
    """Open pages from ``starts`` on, breadth first; yields the address of each as it stands open.

    It stays in the language of ``starts``. ``seen`` counts what was opened before by somebody else,
    so that it is not opened again, but where one starts, whose links may now be others; a page that
    leads on to another was not opened.
    """
    counted = Counter[str]() if seen is None else seen
    before = set(counted)
    tried = Counter[str]()
    waiting = deque(starts)
    known, first = set(starts), set(starts)
    english = _is_english(starts[0])
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        old = kind in before
        if kind is None or (old and address not in first) or tried[kind] >= _most(kind):
            continue
        if not _opens(page, site + address):
            continue
        tried[kind] += 1
        stands = page.url.removeprefix(site)
        if kind_of(stands) != kind:  # led on to another page, which has its own turn
            waiting.append(stands)
            first.update({stands} if address in first else ())
            continue
        if not old:
            counted[kind] += 1
            yield address
        for link in _links(page, site):
            if link not in known and _is_english(link) == english:
                known.add(link)
                waiting.append(link)


def _opens(page: Page, url: str) -> bool:
    """Whether there is a page behind an address, and not a file."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in str(error):
            return False
        raise
    return answer is not None and "text/html" in answer.headers.get("content-type", "")


def _most(kind: str) -> int:
    return FILTERED if kind.endswith("?") else SAMPLES


def kind_of(address: str) -> str | None:
    """The name of the page behind an address, with ``?`` when something is chosen on it."""
    parts = urlsplit(address)
    path = parts.path
    plain = path.removeprefix("/en") if _is_english(path) else path
    if plain.startswith(OTHERS):
        return None
    try:
        # Which prefix is known depends on the language in force; without one it is the default's.
        with translation.override(settings.LANGUAGE_CODE):
            found = resolve(plain)
    except Resolver404:
        return None
    name = found.view_name or found.route
    if name == "wagtail_serve":
        name = f"wagtail:{plain}"
    return f"{name}?" if parse_qsl(parts.query) else name


def _is_english(address: str) -> bool:
    return address.startswith("/en/")


def _links(page: Page, site: str) -> list[str]:
    """Addresses of this site that the open page leads to, without what comes after ``#``."""
    found = page.locator("a[href]:not([download])").evaluate_all(
        "links => links.map(link => new URL(link.getAttribute('href'), location).href)"
    )
    mine = [link.split("#")[0] for link in found if link.startswith(f"{site}/")]
    return [link.removeprefix(site) for link in mine]
