"""What a page costs on a slow line: bytes, requests, when its largest part stands, what moves.

Measured in Chromium on the built world: 1.6 Mbit/s, 150 ms, the processor four times slower.
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from devtools.serving import QUIET, find_chromium, served
from shop.models import Campaign, CampaignState, Listing, ListingState

BYTES_A_SECOND = 1_600_000 / 8
LATENCY_MS = 150
SLOWER = 4
ROUNDS = 3
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
WEIGHED = ("document", "stylesheet", "script")
# Chromium tells of both while the page loads; asked for once it stands.
OBSERVE = """
window.largest = 0; window.moved = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => { window.largest = e.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (!e.hadRecentInput) window.moved += e.value; }))
  .observe({type: "layout-shift", buffered: true});
"""


@dataclass
class Visit:
    """One visit with an empty cache."""

    site: str
    bytes: int = 0  # HTML, CSS and JS as they travelled
    requests: int = 0
    strangers: list[str] = field(default_factory=list)
    largest_ms: float = 0
    moved: float = 0

    def note(self, response: Response) -> None:
        """Count a response; called by the browser."""
        if response.url.startswith(("data:", "blob:")):
            return
        self.requests += 1
        if not response.url.startswith(self.site):
            self.strangers.append(response.url)


def lines() -> Iterator[str]:
    """A line for every page, width and language."""
    measured = pages()  # before the browser: its loop forbids Django's queries
    with served(Path(settings.VAR_DIR)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        for name, path in measured:
            for prefix in ("", "/en"):
                for width in SIZES:
                    visits = [visit(browser, site, prefix + path, width) for _n in range(ROUNDS)]
                    yield _told(f"{name} {prefix.strip('/') or 'zh'} {width}", visits)
        browser.close()


def pages() -> list[tuple[str, str]]:
    """The five pages of the bar: a name and an address in the built world."""
    listing = Listing.objects.filter(state=ListingState.PUBLISHED, season_state="in_season")
    campaign = Campaign.objects.filter(state=CampaignState.LIVE)
    return [
        ("home", "/"),
        ("category", "/shop/?category=spice"),
        ("product", f"/shop/listings/{listing.order_by('pk')[0].code}/"),
        ("campaign", f"/presale/{campaign.order_by('pk')[0].code}/"),
        ("calendar", "/calendar/"),
    ]


def visit(browser: Browser, site: str, path: str, width: str, *, slow: bool = True) -> Visit:
    """Open a page with an empty cache and note what it cost."""
    wide, high = SIZES[width]
    context = browser.new_context(viewport={"width": wide, "height": high})
    page = context.new_page()
    seen = Visit(site)
    page.on("response", seen.note)
    page.add_init_script(OBSERVE)
    if slow:
        _slow_down(context, page)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # no built-ins
    page.goto(site + path, wait_until="load")
    page.wait_for_timeout(500)  # the observers are told a little after the load
    seen.largest_ms = page.evaluate("window.largest")
    seen.moved = page.evaluate("window.moved")
    seen.bytes = sum(
        one.request.sizes()["responseBodySize"]
        for one in answers
        if one.request.resource_type in WEIGHED
    )
    context.close()
    return seen


def _slow_down(context: BrowserContext, page: Page) -> None:
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _told(name: str, visits: list[Visit]) -> str:
    largest = [seen.largest_ms for seen in visits]
    strangers = f", strangers {visits[0].strangers}" if visits[0].strangers else ""
    return (
        f"{name}: {visits[0].bytes / 1000:.1f} kB HTML+CSS+JS, {visits[0].requests} requests, "
        f"largest paint {statistics.median(largest):.0f} ms (most {max(largest):.0f}), "
        f"shift {max(seen.moved for seen in visits):.3f}{strangers}"
    )
