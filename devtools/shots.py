"""Photographs of every page a person can reach: ``make shots``.

All pages at two widths in two languages, and a guest's also in the dark, go to ``shots/`` (not
kept). The README's pictures are made anew beside the text. The world is built once on a fixed day
in ``.cache/shots-world`` and copied for every run, so that pictures of two runs differ by the
pages alone. ``manage.py shots --readme`` makes those alone.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from devtools.crawl import kind_of, reachable
from devtools.guide import PEOPLE
from devtools.serving import QUIET, ROOT, build_world, find_chromium, served

WORLD = ROOT / ".cache" / "shots-world"
RUN = ROOT / ".cache" / "shots-run"
SHOTS = ROOT / "shots"
KEPT = ROOT / "docs" / "screenshots"
KEPT_MAX_BYTES = 200_000
START = date(2026, 8, 28)
WIDTHS = (360, 1280)
HEIGHT = 800
LANGUAGES = {"zh": "", "en": "/en"}
PUBLIC = ["/", "/shop/", "/presale/", "/calendar/", "/shop/search/?q=菠萝", "/styleguide/"]
FIRST = {"editor": "/account/"}  # the editor's first page is Wagtail's own
LISTING = "main a[href*='/shop/listings/LS-']"
CAMPAIGN = "main a[href*='/presale/PS-']"


@dataclass(frozen=True)
class Kept:
    """A picture of the README: open ``path``, then follow the first link that matches."""

    name: str
    path: str
    width: int = 1280
    follow: str = ""
    role: str = ""


README = [
    Kept("home", "/"),
    Kept("product", "/shop/?season=in_season", follow=LISTING),
    Kept("calendar", "/calendar/"),
    Kept("campaign-phone", "/presale/", width=360, follow=CAMPAIGN),
    Kept("home-english-phone", "/en/", width=360),
    Kept("demand", "/coop/demand/", role="planner"),
]


def photograph(*, everything: bool) -> Iterator[str]:
    """Build or reuse the world, serve it, photograph it, and keep the README's pictures."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's loop runs beside our queries
    build_world(WORLD, start=START.isoformat())
    _copy_world()
    program = find_chromium()
    if program is None:
        raise CommandError("Chromium is not installed (Debian: apt-get install chromium).")
    with served(RUN, whole=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        if everything:
            shutil.rmtree(SHOTS / "pages", ignore_errors=True)
            made = sum(_photograph_all(browser, site, width) for width in WIDTHS)
            yield f"{made} photographs in {SHOTS / 'pages'}"
        for kept in README:
            _keep(browser, site, kept)
        browser.close()
    yield f"{len(README)} photographs in {KEPT}"


def _copy_world() -> None:
    shutil.rmtree(RUN, ignore_errors=True)
    shutil.copytree(WORLD, RUN)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    (RUN / "demo-days").write_text(str((START - today).days))


def _photograph_all(browser: Browser, site: str, width: int) -> int:
    """All pages of everybody at one width; the guest's once more in the dark."""
    made = 0
    for language, prefix in LANGUAGES.items():
        folder = SHOTS / "pages" / language / str(width)
        page = _page(browser, width)
        _fill_basket(page, site)
        public = Counter[str]()
        made += _walk(page, site, folder / "guest", [prefix + path for path in PUBLIC], public)
        page.context.close()
        for person in PEOPLE:
            page = _page(browser, width)
            _sign_in(page, site, person.key)
            first = prefix + FIRST.get(person.key, "/home/")
            made += _walk(page, site, folder / person.key, [first], public.copy())
            page.context.close()
    page = _page(browser, width, dark=True)
    return made + _walk(page, site, SHOTS / "pages" / "dark" / str(width), PUBLIC, Counter())


def _walk(page: Page, site: str, folder: Path, starts: list[str], seen: Counter[str]) -> int:
    """Photograph what can be reached and was not seen; what scrolls sideways is said."""
    folder.mkdir(parents=True, exist_ok=True)
    count: Counter[str] = Counter()
    for address in reachable(page, site, *starts, seen=seen):
        kind = (kind_of(address) or "page").replace(":", "-").replace("/", "-").strip("-")
        count[kind] += 1
        page.screenshot(path=folder / f"{kind}-{count[kind]}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            print(f"{address} scrolls sideways by {wide} px in {folder}")
    return count.total()


def _page(browser: Browser, width: int, *, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    return context.new_page()


def _fill_basket(page: Page, site: str) -> None:
    page.goto(f"{site}/shop/?season=in_season")
    page.locator(LISTING).first.click()
    page.locator("form.put button, button[form=put]").locator("visible=true").first.click()
    page.wait_for_load_state("load")


def _sign_in(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}/demo/")
    page.locator(f"form[action='/demo/sign-in/{role}/'] button").last.click()
    page.wait_for_load_state("load")


def _keep(browser: Browser, site: str, kept: Kept) -> None:
    """A picture of the README: the first screen, in as many colours as fit the size."""
    page = _page(browser, kept.width)
    if kept.role:
        _sign_in(page, site, kept.role)
    page.goto(site + kept.path)
    if kept.follow:
        page.goto(site + str(page.locator(kept.follow).first.get_attribute("href")))
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{kept.name}.png"
    page.screenshot(path=file)
    page.context.close()
    for colours in (256, 128, 64, 32):
        picture = Image.open(file).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        picture.save(file, optimize=True)
        if file.stat().st_size <= KEPT_MAX_BYTES:
            return
    raise CommandError(f"{file} is larger than {KEPT_MAX_BYTES} bytes")
