"""Who may move a season's dates: cooperatives and officials of its county."""

from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from growers.models import Role
from growers.models.scope import Person, inside, scope_of
from harvest_calendar.models import SeasonDate

REVISERS = frozenset({Role.PLANNER, Role.APPROVER, Role.OFFICIAL})
COUNTY_DIGITS, CITY_DIGITS = 6, 4


def revisable_seasons(user: Person, on: date) -> QuerySet[SeasonDate]:
    """Seasons in the counties of the person's cooperatives or the region an official watches."""
    scope = scope_of(user, on, roles=frozenset(str(role) for role in REVISERS))
    counties = [_county_prefix(code) for code in scope.cooperative_regions]
    found = SeasonDate.objects.filter(inside("region_id", [*counties, *scope.watched]))
    return found.select_related("crop", "window", "region")


def season_for_revision(user: Person, code: str, on: date) -> SeasonDate:
    """One season by its code.

    Raises
    ------
    Http404
        There is none, or this person may not move it.
    """
    return get_object_or_404(revisable_seasons(user, on), code=code)


def _county_prefix(code: str) -> str:
    """The county around a cooperative's region; a cooperative of the city has all counties."""
    county = code[:COUNTY_DIGITS]
    return code[:CITY_DIGITS] if county.endswith("00") else county
