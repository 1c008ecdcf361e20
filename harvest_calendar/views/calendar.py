"""The calendar of a year and the page of a crop."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock
from core.charts import year_fraction
from core.counties import SILHOUETTES, CountyMap, county_map
from core.days import month_name
from core.language import path_in
from growers.models import Region
from harvest_calendar.forms import chosen_category
from harvest_calendar.models import CropCategory
from harvest_calendar.selectors.access import revisable_seasons
from harvest_calendar.selectors.calendar import (
    almanac,
    calendar_year,
    counties,
    county_dates,
    county_rows,
    crops_of,
    terms_of,
)
from harvest_calendar.selectors.crops import CropFacts, crop_by_key, crop_facts
from harvest_calendar.selectors.months import MONTHS, month_asked, month_view
from harvest_calendar.selectors.ranges import range_of

COUNTY_DIGITS = 6
SHOP = "/shop/"  # the storefront lies above this app; its address is agreed


@dataclass(frozen=True)
class Asked:
    """What the address asks the calendar for; whatever it does not know counts as not asked."""

    county: Region | None
    category: str
    month: int

    @property
    def county_code(self) -> str:
        """The six digits of the chosen county, or nothing."""
        return self.county.code[:COUNTY_DIGITS] if self.county else ""

    def link(self, **other: str) -> str:
        """The address with other words; the present month is not said."""
        words = {"county": self.county_code, "category": self.category, **other}
        return "?" + urlencode({name: value for name, value in words.items() if value})


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of hills, by county and category, and one month in words."""
    today = clock.today()
    places = counties()
    asked = _asked(request, places, today)
    crops = crops_of(asked.category)
    dates = county_dates(on=today, county=asked.county.code if asked.county else "")
    groups = calendar_year(crops, dates, on=today, all_crops=asked.county is None)
    terms = terms_of(today.year)
    count = sum(len(group.rows) for group in groups)
    context = {
        "section": "calendar",
        "asked": asked,
        "groups": groups,
        "count_title": _("%(count)s 种山货") % {"count": count},
        "range": range_of(groups, category=asked.category),
        "sun": _sun(asked.month, today),
        "month": month_view(crops, dates, year=today.year, month=asked.month),
        "month_links": _month_links(asked, today),
        "shop": _shop(county=asked.county_code),
        "shelf": path_in(translation.get_language() or "", SHOP),
        "almanac": almanac(terms, on=today),
        "terms": [term for term in terms if term.on.year == today.year],
        "is_filtered": bool(asked.county or asked.category),
        "county_tabs": _county_tabs(places, asked),
        "category_tabs": _category_tabs(asked),
        "map": _county_picker(places, asked),
        "feed": _feed_links(request, county=asked.county_code, category=asked.category),
    }
    return render(request, "harvest_calendar/calendar.html", context)


def _asked(request: HttpRequest, places: list[Region], today: date) -> Asked:
    code = request.GET.get("county", "")
    return Asked(
        county=next((place for place in places if place.code[:COUNTY_DIGITS] == code), None),
        category=chosen_category(request.GET.get("category", "")),
        month=month_asked(request.GET.get("month", ""), on=today),
    )


def _sun(month: int, today: date) -> float:
    """Where the sun stands: over today, or over the middle of another month."""
    day = today if month == today.month else date(today.year, month, 15)
    return round(year_fraction(day) * 100, 2)


def _month_links(asked: Asked, today: date) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "label": month_name(number),
            "url": asked.link(month="" if number == today.month else str(number)),
            "current": number == asked.month,
        }
        for number in MONTHS
    ]


def _county_tabs(places: list[Region], asked: Asked) -> list[dict[str, object]]:
    every = {"label": _("全部县区"), "url": asked.link(county=""), "current": not asked.county}
    return [every] + [
        {
            "label": place.name,
            "url": asked.link(county=place.code[:COUNTY_DIGITS]),
            "current": place == asked.county,
        }
        for place in places
    ]


def _category_tabs(asked: Asked) -> list[dict[str, object]]:
    every = {"label": _("全部山货"), "url": asked.link(category=""), "current": not asked.category}
    return [every] + [
        {"label": label, "url": asked.link(category=value), "current": value == asked.category}
        for value, label in CropCategory.choices
    ]


def _county_picker(places: list[Region], asked: Asked) -> CountyMap | None:
    """The nine silhouettes as links; nothing while the counties are not there."""
    if not places:
        return None
    links = {one.code: asked.link(county=one.code) for one in SILHOUETTES}
    return county_map([asked.county_code] if asked.county else [], links=links)


def _shop(*, county: str = "") -> str:
    """The shelf's address in the reader's language, ready for a crop's key at its end."""
    shelf = path_in(translation.get_language() or "", SHOP)
    return f"{shelf}?{urlencode({'county': county})}&crop=" if county else f"{shelf}?crop="


def _feed_links(request: HttpRequest, **asked: str) -> dict[str, str]:
    """Where a phone's calendar subscribes to what is shown, and where the file is fetched."""
    query = urlencode({name: value for name, value in asked.items() if value})
    path = reverse("harvest_calendar:feed") + (f"?{query}" if query else "")
    return {"file": path, "webcal": f"webcal://{request.get_host()}{path}"}


@require_GET
def crop(request: HttpRequest, crop_key: str) -> HttpResponse:
    """A crop: its hills by county, exact days, forms, storage and sources."""
    today = clock.today()
    facts = crop_facts(crop_by_key(crop_key), on=today)
    revisable = revisable_seasons(request.user, today).filter(crop=facts.crop, year=today.year)
    context = {
        "section": "calendar",
        "facts": facts,
        "shop": _shop(),
        "crop": facts.crop,
        "rows": county_rows(facts.crop, facts.dates, on=today),
        "state": _picture_state(facts, today),
        "map": _where_it_grows(facts, today),
        "feed": _feed_links(request, crop=crop_key),
        "revisable": set(revisable.values_list("code", flat=True))
        if request.user.is_authenticated
        else set(),
    }
    return render(request, "harvest_calendar/crop.html", context)


def _where_it_grows(facts: CropFacts, today: date) -> CountyMap | None:
    """The counties that pick a crop today in full colour, its other counties paler."""
    grown = {season.region_id for season in facts.dates}
    running = {s.region_id for s in facts.dates if s.start_on <= today <= s.end_on}
    if not grown:
        return None
    here = running or grown
    finding = _("在采的县区涂深色，别的产区涂浅色。") if running else ""
    return county_map(here, later=grown - here, finding=finding)


def _picture_state(facts: CropFacts, today: date) -> str:
    """In blossom before the season, ripe while it runs, plain when it is over or not known."""
    if facts.season is None or today > facts.season.end_on:
        return ""
    return "ripe" if today >= facts.season.start_on else "blossom"
