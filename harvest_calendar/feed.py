"""The harvest calendar as iCalendar (RFC 5545), for the calendar on a phone.

One all-day event for each window of a county; townships, households and weights stay out. The
text is the same for the same rows: a calendar that fetched it before sees that nothing moved.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.days import day_words
from core.words import in_english
from harvest_calendar.selectors.feeds import FeedSeason

MAKER = "-//Shanhuo//Harvest calendar//ZH"
UID_PLACE = "calendar.shanhuo"  # not a host: events keep their name when the site moves
EVERY = timedelta(days=1)
ONE_DAY = timedelta(days=1)

Address = Callable[[str], str]


def calendar_text(seasons: Iterable[FeedSeason], *, name: str, crop_url: Address) -> bytes:
    """The feed of some seasons under a name; ``crop_url`` writes a crop's address by its key."""
    feed = Calendar()
    feed.add("prodid", MAKER)
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("x-wr-timezone", "Asia/Shanghai")
    feed.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    feed.add("x-published-ttl", "P1D")
    for season in seasons:
        feed.add_component(_event(season, crop_url))
    return bytes(feed.to_ical())


def _event(season: FeedSeason, crop_url: Address) -> Event:
    event = Event()
    changed = season.moved_at or datetime(season.year, 1, 1, tzinfo=UTC)
    event.add("uid", f"{season.code}@{UID_PLACE}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", season.moves)
    event.add("dtstart", season.start_on)
    event.add("dtend", season.end_on + ONE_DAY)  # the end of an event is the day after
    event.add("summary", _summary(season))
    event.add("description", _description(season))
    event.add("location", season.county)
    event.add("categories", [season.category])
    event.add("url", crop_url(season.crop_key))
    event.add("transp", "TRANSPARENT")
    return event


def _summary(season: FeedSeason) -> str:
    words = {"crop": season.crop, "place": season.place}
    return _("%(crop)s采收·%(place)s") % words


def _description(season: FeedSeason) -> str:
    lines = [_("采得最多：%(day)s前后") % {"day": day_words(season.peak_on)}]
    if season.altitude:
        low, high = season.altitude
        lines.append(_("海拔 %(low)s—%(high)s 米") % {"low": low, "high": high})
    if season.is_estimate:
        lines.append(_("日子是估计的，到时候会改。"))
    if season.reason:
        lines.append(_("改过：%(reason)s") % {"reason": season.reason})
    return "\n".join(lines)


def feed_name(*, crop: str = "", county: str = "", category: str = "") -> str:
    """What the feed is called in a phone's list of calendars."""
    what = crop or category
    if what and county:
        return _("%(county)s·%(what)s采收日历") % {"county": county, "what": what}
    if what or county:
        return _("%(what)s采收日历") % {"what": (what or county) + (" " if in_english() else "")}
    return _("陇南采收日历")
