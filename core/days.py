"""Days as people read them, in their language: ``9月20日``, ``20 Sep``."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.clock import SHANGHAI

MONTHS = [
    gettext_lazy("1月"),
    gettext_lazy("2月"),
    gettext_lazy("3月"),
    gettext_lazy("4月"),
    gettext_lazy("5月"),
    gettext_lazy("6月"),
    gettext_lazy("7月"),
    gettext_lazy("8月"),
    gettext_lazy("9月"),
    gettext_lazy("10月"),
    gettext_lazy("11月"),
    gettext_lazy("12月"),
]
# Beside a figure, where English cuts the name to three letters.
SHORT_MONTHS = [
    pgettext_lazy("short", "1月"),
    pgettext_lazy("short", "2月"),
    pgettext_lazy("short", "3月"),
    pgettext_lazy("short", "4月"),
    pgettext_lazy("short", "5月"),
    pgettext_lazy("short", "6月"),
    pgettext_lazy("short", "7月"),
    pgettext_lazy("short", "8月"),
    pgettext_lazy("short", "9月"),
    pgettext_lazy("short", "10月"),
    pgettext_lazy("short", "11月"),
    pgettext_lazy("short", "12月"),
]


def local_day(value: date | datetime) -> date:
    """The day in Longnan."""
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value


def month_name(number: int) -> str:
    """A month by itself: ``9月``, ``September``."""
    return str(MONTHS[number - 1])


def short_month(number: int) -> str:
    """A month beside a figure: ``9月``, ``Sep``."""
    return str(SHORT_MONTHS[number - 1])


def day_words(value: date | datetime) -> str:
    """A day without its year.

    >>> day_words(date(2026, 9, 20))
    '9月20日'
    """
    day = local_day(value)
    return _("%(month)s%(day)s日") % {"month": short_month(day.month), "day": day.day}


def full_day_words(value: date | datetime) -> str:
    """A day with its year.

    >>> full_day_words(date(2026, 9, 20))
    '2026年9月20日'
    """
    day = local_day(value)
    facts = {"year": day.year, "month": short_month(day.month), "day": day.day}
    return _("%(year)s年%(month)s%(day)s日") % facts


def span_words(start: date | datetime, end: date | datetime) -> str:
    """Two days as one span; one day when they are the same.

    >>> span_words(date(2026, 9, 20), date(2026, 10, 10))
    '9月20日—10月10日'
    """
    if local_day(start) == local_day(end):
        return day_words(start)
    return _("%(start)s—%(end)s") % {"start": day_words(start), "end": day_words(end)}
