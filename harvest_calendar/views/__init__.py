"""The calendar's pages and feeds."""

from harvest_calendar.views.calendar import calendar, crop
from harvest_calendar.views.feeds import feed
from harvest_calendar.views.seasons import revise

__all__ = ["calendar", "crop", "feed", "revise"]
