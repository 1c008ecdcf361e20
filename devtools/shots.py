"""Photographs of all main pages, narrow and wide, on a fixed day: ``make shots``.

The world is built once in ``.cache/shots-world`` and copied for every run, so that pictures of
two runs differ by the pages alone.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / ".cache" / "shots-world"
RUN = ROOT / ".cache" / "shots-run"
SHOTS = ROOT / "shots"
FRONT = ROOT / "docs" / "screenshots" / "home.png"
FRONT_MAX_BYTES = 200_000
START = date(2026, 8, 28)
WIDTHS = (360, 1280)
HEIGHT = 800
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Shot:
    """A page to photograph: open ``path``, then follow the first link that matches ``follow``."""

    name: str
    role: str  # key of devtools.guide.PEOPLE, empty for a guest
    path: str
    follow: str = ""
    dark: bool = False


LISTING = "main a[href*='/shop/listings/LS-']"
PLAN = "main a[href*='/coop/plans/PN-']"
PAGES = [
    Shot("home", "", "/"),
    Shot("home-dark", "", "/", dark=True),
    Shot("shop", "", "/shop/"),
    Shot("listing", "", "/shop/?season=in_season", LISTING),
    Shot("listing-dormant", "", "/shop/?season=dormant", LISTING),
    Shot("search", "", "/shop/search/?q=花椒"),
    Shot("search-nothing", "", "/shop/search/?q=菠萝"),
    Shot("basket", "", "/shop/basket/"),
    Shot("checkout", "", "/shop/checkout/"),
    Shot("presale", "", "/presale/"),
    Shot("campaign", "", "/presale/", "main a[href*='/presale/PS-']"),
    Shot("find-pledge", "", "/presale/pledges/"),
    Shot("calendar", "", "/calendar/"),
    Shot("crop", "", "/calendar/", "main a[href*='/calendar/']:not([href*='?'])"),
    Shot("find-order", "", "/shop/find-order/"),
    Shot("sign-in", "", "/sign-in/"),
    Shot("missing", "", "/nowhere/"),
    Shot("walk", "", "/demo/"),
    Shot("account", "consumer", "/account/"),
    Shot("work-today", "shop_operator", "/work/"),
    Shot("work-drafts", "shop_operator", "/work/drafts/"),
    Shot("work-draft", "shop_operator", "/work/drafts/", "main .acts a.btn"),
    Shot("work-listings", "shop_operator", "/work/listings/"),
    Shot("work-listing", "shop_operator", "/work/listings/", "main a[href*='/work/listings/LS-']"),
    Shot("work-campaigns", "shop_operator", "/work/campaigns/"),
    Shot("work-orders", "shop_operator", "/work/orders/"),
    Shot("work-pack", "shop_operator", "/work/pack/"),
    Shot("coop-demand", "planner", "/coop/demand/"),
    Shot("coop-plans", "planner", "/coop/plans/"),
    Shot("coop-plan", "planner", "/coop/plans/", PLAN),
    Shot("coop-plan-new", "planner", "/coop/plans/new/"),
    Shot("coop-waiting", "approver", "/coop/plans/waiting/"),
    Shot("coop-contracts", "planner", "/coop/contracts/"),
    Shot("contract-print", "planner", "/coop/contracts/", "main a[href$='/print/']"),
    Shot("coop-stock", "planner", "/coop/stock/"),
    Shot("coop-lot", "planner", "/coop/stock/", "main a[href*='/coop/stock/LT-']"),
    Shot("coop-process", "planner", "/coop/stock/process/"),
    Shot("coop-payments", "planner", "/coop/payments/"),
    Shot("station", "station_keeper", "/station/"),
    Shot("station-weigh", "station_keeper", "/station/", "main a[href*='/station/weigh/']"),
    Shot("station-handover", "station_keeper", "/station/", "main a[href*='/station/handover/']"),
    Shot("household", "household", "/household/"),
    Shot("household-contract", "household", "/household/", "main a[href*='/contracts/CT-']"),
    Shot("household-slip", "household", "/household/", "main a[href*='/slips/WT-']"),
    Shot("official", "official", "/official/households/"),
    Shot("official-household", "official", "/official/households/", "main tbody a"),
]


def main() -> None:
    """Build or reuse the world, serve it, photograph it, and keep the README's picture."""
    _build()
    with _served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for width in WIDTHS:
            _photograph_all(browser, site, width)
        _photograph_front(browser, site)
        browser.close()
    print(f"{SHOTS}: {len(PAGES)} pages at {' and '.join(map(str, WIDTHS))} px")


def _environment(folder: Path) -> dict[str, str]:
    left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    return {**kept, "DEMO": "1", "VAR_DIR": str(folder)}


def _build() -> None:
    """The world as built on the fixed day; remove the folder to build it anew."""
    command = [sys.executable, "manage.py", "demo", "--build-only", "--start", START.isoformat()]
    subprocess.run(command, env=_environment(WORLD), cwd=ROOT, check=True)  # noqa: S603  # our own
    shutil.rmtree(RUN, ignore_errors=True)
    shutil.copytree(WORLD, RUN)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    (RUN / "demo-days").write_text(str((START - today).days))


@contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--threads", "4", "--log-level", "warning"]
    server = subprocess.Popen(web, env=_environment(RUN), cwd=ROOT)  # noqa: S603  # our own
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)  # until the server's socket is open
    raise SystemExit("The web server did not start; see the lines above.")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    return found


def _photograph_all(browser: Browser, site: str, width: int) -> None:
    """Each role has a browser of its own, so that signing in happens once."""
    folder = SHOTS / str(width)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for role in dict.fromkeys((shot.role, shot.dark) for shot in PAGES):
        page = _page(browser, width, dark=role[1])
        _enter(page, site, role[0])
        for shot in PAGES:
            if (shot.role, shot.dark) == role:
                _photograph(page, site, shot, folder / f"{shot.name}.png")
        page.context.close()


def _page(browser: Browser, width: int, *, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    return context.new_page()


def _enter(page: Page, site: str, role: str) -> None:
    """Sign in as a demo person; a guest puts something into the basket instead."""
    if role:
        page.goto(f"{site}/demo/")
        page.locator(f"form[action='/demo/sign-in/{role}/'] button").last.click()
    else:
        page.goto(f"{site}/shop/?season=in_season")
        page.locator(LISTING).first.click()
        page.locator("form.put button").first.click()
    page.wait_for_load_state("load")


def _photograph(page: Page, site: str, shot: Shot, file: Path) -> None:
    """A page that cannot be reached, or scrolls sideways, is said and left."""
    page.goto(site + shot.path)
    if shot.follow:
        links = page.locator(shot.follow)
        if links.count() == 0:
            print(f"{shot.name}: nothing to follow on {shot.path}")
            return
        page.goto(site + str(links.first.get_attribute("href")))
    page.screenshot(path=file, full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        print(f"{shot.name}: scrolls sideways by {wide} px at {file.parent.name}")


def _photograph_front(browser: Browser, site: str) -> None:
    """The README's picture: the first screen of the front page, in few colours."""
    page = _page(browser, WIDTHS[-1])
    page.goto(f"{site}/")
    FRONT.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FRONT)
    page.context.close()
    for colours in (256, 128, 64):
        picture = Image.open(FRONT).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        picture.save(FRONT, optimize=True)
        if FRONT.stat().st_size <= FRONT_MAX_BYTES:
            return
    raise SystemExit(f"{FRONT} is larger than {FRONT_MAX_BYTES} bytes")


if __name__ == "__main__":
    main()
