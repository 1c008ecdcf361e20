"""The calendar, a crop, and moving a season's dates."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import BadInput
from core.http import MemberRequest
from growers.models import Region
from harvest_calendar.forms import RevisionForm, chosen_category
from harvest_calendar.models import CropCategory
from harvest_calendar.selectors.access import revisable_seasons, season_for_revision
from harvest_calendar.selectors.calendar import (
    almanac,
    calendar_year,
    counties,
    county_rows,
    ripe_now,
)
from harvest_calendar.selectors.crops import crop_by_key, crop_facts
from harvest_calendar.services import revise_season

COUNTY_DIGITS = 6
SHOP_SEARCH = "/shop/search/"  # the storefront lies above this app; its address is agreed


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of hills, by county and category."""
    today = clock.today()
    places = counties()
    county = _chosen_county(request, places)
    category = chosen_category(request.GET.get("category", ""))
    groups = calendar_year(on=today, county=county.code if county else "", category=category)
    count = sum(len(group.rows) for group in groups)
    context = {
        "groups": groups,
        "count_title": _("%(count)s 种山货") % {"count": count},
        "ripe": ripe_now(groups),
        "shop_search": SHOP_SEARCH,
        "almanac": almanac(on=today),
        "county": county,
        "is_filtered": bool(county or category),
        "county_tabs": _county_tabs(places, county, category),
        "category_tabs": _category_tabs(county, category),
    }
    return render(request, "harvest_calendar/calendar.html", context)


def _chosen_county(request: HttpRequest, places: list[Region]) -> Region | None:
    asked = request.GET.get("county", "")
    return next((place for place in places if place.code[:COUNTY_DIGITS] == asked), None)


def _tab(label: str, *, current: bool, county: str, category: str) -> dict[str, object]:
    asked = {"county": county, "category": category}
    query = urlencode({name: value for name, value in asked.items() if value})
    return {"label": label, "current": current, "query": query}


def _county_tabs(
    places: list[Region], chosen: Region | None, category: str
) -> list[dict[str, object]]:
    tabs = [_tab(_("全部县区"), current=chosen is None, county="", category=category)]
    for place in places:
        short = place.code[:COUNTY_DIGITS]
        tabs.append(_tab(place.name_zh, current=place == chosen, county=short, category=category))
    return tabs


def _category_tabs(county: Region | None, chosen: str) -> list[dict[str, object]]:
    short = county.code[:COUNTY_DIGITS] if county else ""
    tabs = [_tab(_("全部山货"), current=not chosen, county=short, category="")]
    for value, label in CropCategory.choices:
        tabs.append(_tab(str(label), current=value == chosen, county=short, category=value))
    return tabs


@require_GET
def crop(request: HttpRequest, crop_key: str) -> HttpResponse:
    """A crop: its hills by county, exact days, forms, storage and sources."""
    today = clock.today()
    facts = crop_facts(crop_by_key(crop_key), on=today)
    revisable = revisable_seasons(request.user, today).filter(crop=facts.crop, year=today.year)
    context = {
        "facts": facts,
        "shop_search": SHOP_SEARCH,
        "crop": facts.crop,
        "rows": county_rows(facts.crop, facts.dates, on=today),
        "revisable": set(revisable.values_list("code", flat=True))
        if request.user.is_authenticated
        else set(),
    }
    return render(request, "harvest_calendar/crop.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def revise(request: MemberRequest, code: str) -> HttpResponse:
    """Move a season's dates with a reason; cooperatives and officials of its county only."""
    season = season_for_revision(request.user, code, clock.today())
    form = (
        RevisionForm(request.POST) if request.method == "POST" else RevisionForm.for_season(season)
    )
    if request.method == "POST" and form.is_valid():
        try:
            revise_season(season=season, by=request.user, at=clock.now(), **form.cleaned_data)
        except BadInput as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("日子改好了，已经告诉上架的山货。"))
            return redirect(reverse("harvest_calendar:crop", args=[season.crop.key]))
    context = {"season": season, "form": form, "revisions": season.revisions.select_related("by")}
    return render(request, "harvest_calendar/revise.html", context)
