"""The five pages most people open: light, still, and made of this site's own files alone."""

import pytest
from playwright.sync_api import Browser

from devtools.bench.browser import SIZES, visit
from tests.e2e.visitor import Visitor

MOST_BYTES = 100_000  # HTML, CSS and JS as they travel
MOST_SHIFT = 0.05


def _first(visitor: Visitor, path: str, link: str) -> str:
    visitor.page.goto(visitor.site + path)
    found = visitor.page.locator(link).first.get_attribute("href")
    assert found is not None
    return found


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_pages_are_light_and_hold_still(phone: Visitor, browser: Browser, prefix: str) -> None:
    listing = _first(phone, f"{prefix}/shop/?season=in_season", "main a[href*='/listings/LS-']")
    campaign = _first(phone, f"{prefix}/presale/", "main a[href*='/presale/PS-']")
    pages = [f"{prefix}/", f"{prefix}/shop/?category=spice", f"{prefix}/calendar/"]
    for path in [*pages, listing, campaign]:
        for size in SIZES:
            seen = visit(browser, phone.site, path, size, slow=False)
            assert seen.bytes <= MOST_BYTES, path
            assert seen.moved <= MOST_SHIFT, path
            assert seen.strangers == [], path
            assert seen.bytes > 1000, path  # something was weighed at all
