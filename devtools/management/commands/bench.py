"""Measure every bar that is a figure, in a world of its own on a fixed day."""

import os
import platform
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

START = "2026-08-28"
RACE = "make test-postgres ARGS=tests/shop/test_stock_race.py"
Lines = Callable[[], Iterable[str]]


class Command(BaseCommand):
    help = "Build a world on a fixed day, then measure forecasts, plans, queries and pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", action="store_true", help="measure the world built last time")
        parser.add_argument("--inside", action="store_true", help="the world is the one in VAR_DIR")

        parser.add_argument("--search", action="store_true", help="only the shelf, on PostgreSQL")
        parser.add_argument("--search-inside", action="store_true", help="the database is empty")
        parser.add_argument("--listings", type=int, default=100_000, help="on the shelf")
        parser.add_argument("--collect", action="store_true", help="only collecting, on PostgreSQL")
        parser.add_argument("--collect-inside", action="store_true", help="the database is empty")
        parser.add_argument("--pledges", type=int, default=5000, help="of the campaign that closes")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["search_inside"]:
            self._shelf_inside(listings=options["listings"])
        elif options["search"]:
            self._shelf(listings=options["listings"])
        elif options["collect_inside"]:
            self._collect_inside(pledges=options["pledges"])
        elif options["collect"]:
            self._collect(pledges=options["pledges"])
        elif options["inside"]:
            self._measure()
        else:
            self._build_and_measure(keep=options["keep"])
            self._shelf(listings=options["listings"])
            self._collect(pledges=options["pledges"])

    def _shelf(self, *, listings: int) -> None:
        from devtools.bench.own_database import bench_in_a_database_of_its_own

        self._head(f"Shelf and search, {listings} listings on PostgreSQL")
        bench_in_a_database_of_its_own("--search-inside", f"--listings={listings}")

    def _shelf_inside(self, *, listings: int) -> None:
        from devtools.bench import search

        for line in search.lines(listings=listings):
            self._say(line)

    def _collect(self, *, pledges: int) -> None:
        from devtools.bench.own_database import bench_in_a_database_of_its_own

        self._head(f"Closing and collecting {pledges} pledges on PostgreSQL, two workers")
        bench_in_a_database_of_its_own("--collect-inside", f"--pledges={pledges}")

    def _collect_inside(self, *, pledges: int) -> None:
        from devtools.bench import collecting

        for line in collecting.lines(pledges=pledges):
            self._say(line)

    def _build_and_measure(self, *, keep: bool) -> None:
        """Settings are read once, so building and measuring are processes of their own."""
        folder = settings.BASE_DIR / ".cache" / "bench-world"
        left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        kept = {key: value for key, value in os.environ.items() if key not in left_out}
        environment = {**kept, "DEMO": "1", "VAR_DIR": str(folder)}
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        self._head(f"World of {START} (manage.py demo --build-only)")
        started = time.perf_counter()
        build = [*manage, "demo", "--build-only", "--start", START]
        subprocess.run(build, env=environment, check=True)  # noqa: S603  # our own command
        self._say(f"together {time.perf_counter() - started:.0f} s")
        subprocess.run([*manage, "bench", "--inside"], env=environment, check=True)  # noqa: S603

    def _measure(self) -> None:
        from devtools.bench import allocation, browser, forecasts, ledger, pages

        self._head(f"Python {platform.python_version()}, {os.cpu_count()} cores")
        parts: list[tuple[str, Lines]] = [
            ("Half-way forecasts of finished campaigns (manage.py backtest)", forecasts.lines),
            ("Fair income against the exact reference", allocation.reference_lines),
            ("A plan of the demo", allocation.plan_lines),
            ("Queries of list pages", pages.query_lines),
            ("Processor time of pages", pages.time_lines),
            ("Transfers in bulk", ledger.lines),
            ("Pages on a slow line (1.6 Mbit/s, 150 ms, processor ÷ 4)", browser.lines),
        ]
        for title, lines in parts:
            self._head(title)
            for line in lines():
                self._say(line)
        self._head("50 buyers at once for 10 packs, on PostgreSQL")
        self._say(f"run: {RACE}")

    def _head(self, title: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"▸ {title}"))
        self.stdout.flush()

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
