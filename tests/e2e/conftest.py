"""The demo, built once in a folder of its own on a fixed day, served, and driven by Chromium."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from devtools.serving import QUIET, ROOT, build_world, find_chromium, served
from tests.e2e.visitor import Visitor

START = "2026-08-28"


def _chromium() -> str:
    found = find_chromium()
    if found is None:
        message = "Chromium is not installed: make e2e installs it on Debian"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built demo world that nobody serves; ``E2E_WORLD`` names one."""
    if os.environ.get("E2E_WORLD"):
        return Path(os.environ["E2E_WORLD"])
    folder = tmp_path_factory.mktemp("demo")
    build_world(folder, start=START)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a served copy of the world; ``E2E_SITE`` names one that runs already."""
    if os.environ.get("E2E_SITE"):
        yield os.environ["E2E_SITE"]
        return
    with _served_copy(request.getfixturevalue("world"), tmp_path_factory.mktemp("site")) as address:
        yield address


@contextmanager
def _served_copy(world: Path, folder: Path) -> Iterator[str]:
    """A copy keeps the day it was built for, whatever day it is."""
    shutil.copytree(world, folder, dirs_exist_ok=True)
    with served(folder, whole=True) as address:
        yield address


@pytest.fixture(params=[360, 1280], ids=["phone", "desk"])
def own_world(
    request: pytest.FixtureRequest, world: Path, tmp_path: Path, browser: Browser
) -> Iterator[Visitor]:
    """Somebody in a world of their own, where the day may be moved."""
    with _served_copy(world, tmp_path / "world") as address:
        yield from _visit(request, address, browser, request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[360, 1280], ids=["phone", "desk"])
def visitor(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a fresh browser, on a phone or at a desk."""
    yield from _visit(request, site, browser, request.param)


@pytest.fixture(
    params=[(360, ""), (1280, ""), (360, "/en"), (1280, "/en")],
    ids=["phone-zh", "desk-zh", "phone-en", "desk-en"],
)
def reader(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody on a phone or at a desk who reads Chinese, or English."""
    width, prefix = request.param
    yield from _visit(request, site, browser, width, prefix)


@pytest.fixture
def phone(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a fresh browser on a phone."""
    yield from _visit(request, site, browser, 360)


@pytest.fixture
def desk(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a fresh browser at a desk."""
    yield from _visit(request, site, browser, 1280)


def _visit(
    request: pytest.FixtureRequest, site: str, browser: Browser, width: int, prefix: str = ""
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(20_000)
    name = request.node.name.replace("[", "-").rstrip("]")
    someone = Visitor(context.new_page(), site, shots=ROOT / "shots" / "e2e" / name, prefix=prefix)
    yield someone
    someone.check_manners()
    context.close()
