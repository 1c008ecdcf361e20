"""Shelf and search with 100,000 listings on PostgreSQL, in a database of its own.

``manage.py bench --search`` makes the database, fills it, measures and drops it again. The queries
are those of ``tests/shop/search_queries.csv``; a query counts as answered when a listing of its
crop stands among the first five, and that listing is the crop's best by season.
"""

import csv
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from core import clock
from core.clock import start_of
from devtools.bench.own_database import make_tables
from devtools.bench.search_queries import LIST
from harvest_calendar.models import Crop
from shop.models import ListingSearch
from shop.search.reading import read
from shop.search.vocabulary import vocabulary
from shop.selectors.shelf import ShelfQuery, found_by, listings_between
from shop.services.search_rows import rebuild_search, refresh_all

DAY = date(2026, 8, 28)
FIRST = 5
PAGE = 24
ROUNDS = 21
BAR_CPU_MS, BAR_P95_MS, BAR_SHARE, BAR_QUERIES = 25, 150, 0.95, 12
PAGES = {
    "shelf": "/shop/",
    "shelf, last page": "/shop/?page=99999",
    "shelf, filtered": "/shop/?category=fruit&county=621226000000",
    "shelf, cheapest": "/shop/?sort=price",
    "search 花椒": "/shop/search/?q=花椒",
    "search of a village": "/shop/search/?q=%E6%9D%BE%E5%9D%AA",
    "search of nothing": "/shop/search/?q=龙虾",
    "suggestions": "/shop/search/suggest/?q=hua",
}


def bench_now() -> datetime:
    """The moment that is measured; used as ``settings.CLOCK``."""
    return start_of(DAY) + timedelta(hours=10)


def lines(*, listings: int) -> Iterator[str]:
    """All figures, in an empty database, on the bench's day."""
    with override_settings(CLOCK=f"{__name__}.bench_now"):
        yield from _lines(listings=listings)


def _lines(*, listings: int) -> Iterator[str]:
    from devtools.bench.big_shelf import build_shelf

    make_tables()
    at = clock.now()
    started = time.perf_counter()
    build_shelf(listings=listings, at=at)
    yield f"{listings} listings written in {time.perf_counter() - started:.0f} s"
    yield from _keeping()
    yield from _pages()
    yield from _queries()


def _keeping() -> Iterator[str]:
    """How long it takes to make the rows, and to look for what changed."""
    started, spent = time.perf_counter(), time.process_time()
    count = rebuild_search(on=clock.today())
    yield _took(f"rebuild_search of {count}", started, spent)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    started, spent = time.perf_counter(), time.process_time()
    refresh_all(on=clock.today())
    yield _took("refresh_all, nothing changed", started, spent)


def _took(what: str, started: float, spent: float) -> str:
    wall, cpu = time.perf_counter() - started, time.process_time() - spent
    return f"{what}: {wall:.1f} s ({cpu:.1f} s processor time)"


def _pages() -> Iterator[str]:
    yield "page | queries | CPU ms median (least) | wall ms median (least)"
    client = Client()
    for name, path in PAGES.items():
        answer = client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
            asked = len(seen)
        times = [_timed(lambda path=path: client.get(path)) for _round in range(ROUNDS)]  # type: ignore[misc]  # bound at once
        walls, cpus = zip(*times, strict=True)
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        broken = "" if answer.status_code == 200 else f" (status {answer.status_code})"
        yield (
            f"{name} | {asked} | {cpu:.1f} ({min(cpus):.1f}) | "
            f"{wall:.1f} ({min(walls):.1f}){broken}"
        )
        if name == "shelf":
            yield f"  bars: {BAR_CPU_MS} CPU ms {_verdict(cpu <= BAR_CPU_MS)}, " + (
                f"{BAR_QUERIES} queries {_verdict(asked <= BAR_QUERIES)}"
            )


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the wall clock and of processor time."""
    started, spent = time.perf_counter(), time.process_time()
    run()
    return 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - spent)


@dataclass(frozen=True)
class Asked:
    """A query of the list and how it went."""

    crop: str
    rule: str
    query: str
    is_found: bool
    is_best: bool
    wall_ms: float
    cpu_ms: float


def _queries() -> Iterator[str]:
    best = _best_ranks()
    keys = dict(Crop.objects.values_list("pk", "key"))
    vocabulary()
    asked = [_ask_one(row, keys, best) for row in queries()]
    by_rule: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_rule[one.rule].append(one)
    for rule, ones in by_rule.items():
        yield f"{rule}: {_share(ones)}"
    walls = sorted(one.wall_ms for one in asked)
    cpus = sorted(one.cpu_ms for one in asked)
    p50, p95 = walls[len(walls) // 2], walls[int(len(walls) * 0.95)]
    share = sum(one.is_found for one in asked) / len(asked)
    yield f"together: {_share(asked)}; bar {BAR_SHARE:.0%} {_verdict(share >= BAR_SHARE)}"
    yield f"the crop's best by season: {sum(one.is_best for one in asked)} of {len(asked)}"
    yield f"search: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {walls[-1]:.0f} ms; bar p95 " + (
        f"{BAR_P95_MS} ms {_verdict(p95 <= BAR_P95_MS)}; CPU p50 {cpus[len(cpus) // 2]:.1f} ms, "
        f"p95 {cpus[int(len(cpus) * 0.95)]:.1f} ms; load {os.getloadavg()[0]:.1f}"
    )
    for one in asked:
        if not one.is_found:
            yield f"  not in the first {FIRST}: {one.rule} {one.query} ({one.crop})"


def queries() -> list[dict[str, str]]:
    """The rows of the list."""
    with Path(LIST).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _ask_one(row: dict[str, str], keys: dict[int, str], best: dict[str, int]) -> Asked:
    started, spent = time.perf_counter(), time.process_time()
    first = first_five(row["query"], size=PAGE)
    wall, cpu = time.perf_counter() - started, time.process_time() - spent
    ranks = [rank for crop, rank in first[:FIRST] if keys[crop] == row["crop_key"]]
    return Asked(
        row["crop_key"],
        row["rule"],
        row["query"],
        is_found=bool(ranks),
        is_best=bool(ranks) and ranks[0] == best[row["crop_key"]],
        wall_ms=1000 * wall,
        cpu_ms=1000 * cpu,
    )


def first_five(query: str, *, size: int = FIRST) -> list[tuple[int, int]]:
    """Crop and place in line of the first listings a query leads to, as the page asks for them."""
    known = vocabulary()
    found = found_by(read(query, known), ShelfQuery(), known)
    rows = listings_between(found, 0, min(size, found.total))
    return [(row.form.crop_id, row.search_row.rank) for row in rows]


def _best_ranks() -> dict[str, int]:
    best: dict[str, int] = {}
    rows = ListingSearch.objects.order_by("-rank").values_list("crop__key", "rank")
    best.update(rows)
    return best


def _share(asked: list[Asked]) -> str:
    found = sum(one.is_found for one in asked)
    return f"{found} of {len(asked)} in the first {FIRST} ({found / len(asked):.1%})"


def _verdict(is_reached: bool) -> str:
    return "reached" if is_reached else "MISSED"
