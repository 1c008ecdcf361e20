"""The demo, built once in a folder of its own on a fixed day, served, and driven by Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
START = "2026-08-28"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ["chromium", "chromium-browser"])), None)
    if found is None:
        message = "Chromium is not installed: make e2e installs it on Debian"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served demo world; ``E2E_SITE`` names one that runs already."""
    if os.environ.get("E2E_SITE"):
        yield os.environ["E2E_SITE"]
        return
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "DEMO": "1", "VAR_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    demo = [sys.executable, str(ROOT / "manage.py"), "demo"]
    subprocess.run([*demo, "--build-only", "--start", START], env=environment, check=True, cwd=ROOT)  # noqa: S603
    port = _free_port()
    with (folder / "served.log").open("w") as log:
        served = subprocess.Popen(  # noqa: S603
            [*demo, "--port", str(port)], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait(port, served)
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()
            served.wait(timeout=30)


def _wait(port: int, served: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert served.poll() is None, "the demo stopped; see served.log"
        time.sleep(0.2)  # until the server's socket is open
    pytest.fail("the demo did not open its port within a minute")


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


@pytest.fixture
def phone(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a fresh browser on a phone."""
    yield from _visit(request, site, browser, 360)


@pytest.fixture
def desk(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody with a fresh browser at a desk."""
    yield from _visit(request, site, browser, 1280)


def _visit(
    request: pytest.FixtureRequest, site: str, browser: Browser, width: int
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(20_000)
    name = request.node.name.replace("[", "-").rstrip("]")
    someone = Visitor(context.new_page(), site, shots=ROOT / "shots" / "e2e" / name)
    yield someone
    someone.check_manners()
    context.close()
