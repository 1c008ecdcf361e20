"""The calendar as a file that phones subscribe to."""

from hashlib import blake2b

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from growers.models import Region
from harvest_calendar.feed import calendar_text, feed_name
from harvest_calendar.models import Crop, CropCategory
from harvest_calendar.selectors.calendar import counties
from harvest_calendar.selectors.feeds import feed_seasons

COUNTY_DIGITS = 6
AN_HOUR = 3600


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Seasons of this and the next year: all, or those of a county, crop or category."""
    county, crop, category = _county(request), _crop(request), _category(request)
    seasons = feed_seasons(
        on=clock.today(),
        county=county.code if county else "",
        crop=crop.key if crop else "",
        category=category,
    )
    name = feed_name(
        county=county.name if county else "",
        crop=crop.short_name if crop else "",
        category=str(CropCategory(category).label) if category else "",
    )

    def crop_url(key: str) -> str:
        return request.build_absolute_uri(reverse("harvest_calendar:crop", args=[key]))

    return _answer(request, calendar_text(seasons, name=name, crop_url=crop_url))


def _answer(request: HttpRequest, text: bytes) -> HttpResponse:
    """The text, or that it is what the phone has already."""
    etag = f'"{blake2b(text, digest_size=12).hexdigest()}"'
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="shanhuo-calendar.ics"'
    response["Cache-Control"] = f"public, max-age={AN_HOUR}"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _county(request: HttpRequest) -> Region | None:
    code = request.GET.get("county", "")
    if not code:
        return None
    found = next((place for place in counties() if place.code[:COUNTY_DIGITS] == code), None)
    if found is None:
        raise Http404(_("没有这个县区。"))
    return found


def _crop(request: HttpRequest) -> Crop | None:
    key = request.GET.get("crop", "")
    if not key:
        return None
    found = Crop.objects.filter(key=key).first() if key.isascii() and key.isprintable() else None
    if found is None:
        raise Http404(_("没有这种山货。"))
    return found


def _category(request: HttpRequest) -> str:
    value = request.GET.get("category", "")
    if value and value not in CropCategory.values:
        raise Http404(_("没有这一类。"))
    return value
