"""How often is often enough: counters in our own table, the same on both databases.

A cache would forget at a restart and differ between workers; a row does not. All limits of one
request are counted in one ``INSERT … ON CONFLICT DO UPDATE``, so that no hit is lost between
reading and writing however many come at once. A span begins with its first hit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from core.crypto import fingerprint
from notices.errors import TooOften
from notices.models import RateCount

# Two tables' worth of names: ``old`` is the row that is there, ``excluded`` the new one.
_COUNT = """
INSERT INTO notices_ratecount AS old (scope, who, hits, most, ends_at) VALUES {rows}
ON CONFLICT (scope, who) DO UPDATE SET
    hits = CASE WHEN old.ends_at <= %s THEN 1 ELSE old.hits + 1 END,
    ends_at = CASE WHEN old.ends_at <= %s THEN excluded.ends_at ELSE old.ends_at END,
    most = excluded.most
WHERE old.ends_at <= %s OR old.hits < excluded.most
RETURNING scope
"""


@dataclass(frozen=True)
class Limit:
    """At most so many hits of one who (a number, an address, a code) in a span of time."""

    scope: str
    who: str
    most: int
    span: timedelta


def take(limits: Sequence[Limit], *, at: datetime) -> None:
    """Count one hit against each limit, all or none; each scope is named once.

    Raises
    ------
    TooOften
        One of them is used up; it says the longest wait.
    """
    with transaction.atomic():
        passed = _count(sorted(limits, key=lambda limit: limit.scope), at=at)
        full = [limit for limit in limits if limit.scope not in passed]
        if full:
            # Leaving by the exception takes the counts of the others back.
            raise TooOften(seconds=_longest_wait(full))


def _count(limits: Sequence[Limit], *, at: datetime) -> set[str]:
    stamp = connection.ops.adapt_datetimefield_value
    rows = [
        [limit.scope, fingerprint(limit.who), 1, limit.most, stamp(at + limit.span)]
        for limit in limits
    ]
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=places), [*values, *[stamp(at)] * 3])
        return {scope for (scope,) in cursor.fetchall()}


def _longest_wait(limits: Sequence[Limit]) -> int:
    return max(int(limit.span.total_seconds()) for limit in limits)


def forget_old_counts(*, at: datetime) -> int:
    """Delete counters whose span is over."""
    return RateCount.objects.filter(ends_at__lte=at).delete()[0]
