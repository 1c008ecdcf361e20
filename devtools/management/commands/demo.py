"""Build the demo's world if it is missing, then serve it until stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from devtools import clock as demo_clock
from devtools.county.size import SIZES
from devtools.guide import sign_in_table, where_to_click
from devtools.provider import is_paid_through_us, provider_beside
from devtools.tables import bring_up_to_date, make_tables

NEEDED_MB = 400


class Command(BaseCommand):
    help = "Build the demo's world if it is missing, then serve it until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--build-only", action="store_true")
        parser.add_argument("--size", choices=sorted(SIZES), default="demo")
        parser.add_argument("--start", type=date.fromisoformat, help="pretend this is today")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1: the demo keeps its own data and clock.")
        port = options["port"]
        if not options["build_only"]:
            _check_port(port)
        self._build(size=options["size"], start=options["start"])
        if not options["build_only"]:
            self._serve_paid(port)

    def _serve_paid(self, port: int) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with ExitStack() as beside:
            if is_paid_through_us():
                folder, us = Path(settings.VAR_DIR), f"http://127.0.0.1:{port}"
                os.environ.update(beside.enter_context(provider_beside(folder, platform=us)))
            self._serve(port)

    def _build(self, *, size: str, start: date | None) -> None:
        done = Path(settings.VAR_DIR) / "built"
        if done.exists():
            with self._step("检查数据表"):
                bring_up_to_date()
            return
        _check_disk()
        _forget_half_built()
        if start is not None:
            demo_clock.pretend(start)
        with self._step("建数据表（第一次要半分钟）"):
            make_tables()
        with self._step("造一个县的数据"):
            call_command("county", size=size, stdout=self.stdout)
        done.touch()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        self.stdout.write(self.style.MIGRATE_HEADING(f"▸ {name}"))
        self.stdout.flush()
        yield
        self.stdout.write(f"  {time.monotonic() - started:.0f} 秒")

    def _serve(self, port: int) -> None:
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
        web += ["--workers", "2", "--threads", "4", "--log-level", "warning", "--timeout", "120"]
        web.append("--preload")  # read the code once for both workers
        os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")  # links in messages
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        children = [subprocess.Popen(web)]  # noqa: S603  # our own command
        try:
            _wait_until_served(port, children[0])
            self.stdout.write(where_to_click(port) + "\n" + sign_in_table())
            self.stdout.flush()
            for helper in (
                [*manage, "db_worker", "--interval", "0.5"],
                [*manage, "tick", "--loop"],
            ):
                children.append(subprocess.Popen(helper))  # noqa: S603  # our own command
            children[0].wait()
        except KeyboardInterrupt:
            self.stdout.write("\n停了。数据还在，下次 make demo 接着用。")
        finally:
            _stop(children)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken (端口 {port} 被占用). Try: make demo PORT={port + 1}"
            ) from None


def _check_disk() -> None:
    free_mb = shutil.disk_usage(settings.VAR_DIR).free // 2**20
    if free_mb < NEEDED_MB:
        raise CommandError(f"Only {free_mb} MB of disk are free; the demo needs {NEEDED_MB} MB.")


def _forget_half_built() -> None:
    """A build that was interrupted starts from nothing, so that no half world is served."""
    connection.close()
    forgotten = [Path(settings.VAR_DIR) / "stripe.sqlite3"]  # a new world owes the old one nothing
    if connection.vendor == "sqlite":
        forgotten.append(Path(str(settings.DATABASES["default"]["NAME"])))
    for name in forgotten:
        for path in (name, Path(f"{name}-wal"), Path(f"{name}-shm")):
            path.unlink(missing_ok=True)
    demo_clock.reset()


def _wait_until_served(port: int, web: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if web.poll() is not None:
            raise CommandError("The web server stopped; see the lines above.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)  # until the web server's socket is open
    raise CommandError("The web server did not answer within a minute.")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
