"""The one clock. Views, commands and jobs ask it; everything below them is told.

``settings.CLOCK`` names the function that answers, so that the demo can move time. Production
keeps the default, the system's clock.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

SHANGHAI = ZoneInfo("Asia/Shanghai")


def system_now() -> datetime:
    """The system's time, aware, in UTC."""
    return timezone.now()


@cache
def _source(path: str) -> Callable[[], datetime]:
    source: Callable[[], datetime] = import_string(path)
    return source


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _source(settings.CLOCK)()


def today() -> date:
    """Today's date in Longnan."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date of a moment in Longnan."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in Longnan."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def week_of(day: date) -> date:
    """The Monday that names the week of a day.

    >>> week_of(date(2026, 8, 28))
    datetime.date(2026, 8, 24)
    """
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> list[date]:
    """The Mondays of the weeks that a span of days touches, in order."""
    monday = week_of(first)
    found = []
    while monday <= last:
        found.append(monday)
        monday += timedelta(weeks=1)
    return found
