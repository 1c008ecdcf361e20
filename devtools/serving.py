"""The built world behind a real server on a free port, for browsers that look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Chromium calls nobody but the page's own site.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ATTEMPTS = 300


def find_chromium() -> str | None:
    """The browser's program, or None where there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def environment_of(folder: Path) -> dict[str, str]:
    """What a process needs to work on the world in a folder, and on no other database."""
    left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    return {**kept, "DEMO": "1", "VAR_DIR": str(folder)}


def build_world(folder: Path, *, start: str) -> None:
    """Build a world as it is on the day ``start``, or find it built already."""
    build = [sys.executable, "manage.py", "demo", "--build-only", "--start", start]
    subprocess.run(build, env=environment_of(folder), cwd=ROOT, check=True)  # noqa: S603  # our own


@contextmanager
def served(folder: Path, *, whole: bool = False) -> Iterator[str]:
    """The address of the served world; ``whole`` also runs the jobs' worker and the tick."""
    port = _free_port()
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--threads", "4", "--log-level", "warning"]
    demo = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with (folder / "served.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603  # our own commands
            demo if whole else web, env=environment_of(folder), cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait(port, server, folder)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _attempt in range(ATTEMPTS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.2)  # until the server's socket is open
    raise RuntimeError(f"The server did not open its port; see {folder / 'served.log'}.")
