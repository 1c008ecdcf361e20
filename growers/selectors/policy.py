"""Status, tier and need of many households on one day: rules and dated tables, no opinions.

``household_ids`` may be a list or a query of keys; pass a query (``.values("pk")``) for more
than a few thousand, so that no statement grows past what a database takes.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.errors import BadInput, NotAllowed
from core.units import fen
from growers.models import Household, HouseholdMember, HouseholdStatus, PovertyLine, TierRule
from growers.models.scope import valid_on

HouseholdIds = Collection[int] | QuerySet[Any, Any]

LAST_TIER = 3


def member_counts(household_ids: HouseholdIds, on: date) -> dict[int, int]:
    """People of each household on a day; one who joins or leaves that day counts."""
    still = Q(left_on__isnull=True) | Q(left_on__gte=on)
    here = HouseholdMember.objects.filter(still, joined_on__lte=on, household__in=household_ids)
    counted = here.order_by().values("household_id").annotate(people=Count("pk"))
    return dict(counted.values_list("household_id", "people"))


def statuses_at(household_ids: HouseholdIds, on: date) -> dict[int, tuple[str, str]]:
    """Household → (scheme, category) on a day; households without status are absent."""
    dated = HouseholdStatus.objects.filter(valid_on(on), household__in=household_ids)
    rows = dated.order_by("household_id", "valid_from", "pk")
    found = rows.values_list("household_id", "scheme", "category")
    return {household: (scheme, category) for household, scheme, category in found}


def tiers_at(household_ids: HouseholdIds, on: date) -> dict[int, int]:
    """Household → tier on a day by the policy table; no status or no rule is the last tier."""
    rule = TierRule.objects.filter(
        valid_on(on), scheme=OuterRef("scheme"), category=OuterRef("category")
    ).order_by("-valid_from")
    dated = HouseholdStatus.objects.filter(valid_on(on), household__in=household_ids)
    ranked = dated.annotate(tier=Subquery(rule.values("tier")[:1])).order_by("valid_from", "pk")
    known = dict(ranked.values_list("household_id", "tier"))
    found = Household.objects.filter(pk__in=household_ids).order_by()
    return {pk: known.get(pk) or LAST_TIER for pk in found.values_list("pk", flat=True)}


def schemes_at(on: date) -> set[str]:
    """Schemes under which a status may be given on a day."""
    rules = TierRule.objects.filter(valid_on(on)).order_by()
    return set(rules.values_list("scheme", flat=True))


def poverty_line_at(on: date) -> PovertyLine:
    """The line of the day's year, or of the last year before it that has one.

    Raises
    ------
    NotAllowed
        No line is known for that year or any before it.
    """
    line = PovertyLine.objects.filter(year__lte=on.year).order_by("-year").first()
    if line is None:
        raise NotAllowed(_("%(year)d 年还没有标准线，先把标准线录进来。") % {"year": on.year})
    return line


def needs_fen_at(household_ids: HouseholdIds, on: date) -> dict[int, int]:
    """Household → need in whole fen: people on the day × the yuan line of the day's year.

    Raises
    ------
    BadInput
        A household has nobody on that day.
    NotAllowed
        No line is known.
    """
    line_fen = fen(poverty_line_at(on).yuan_per_person)
    people = member_counts(household_ids, on)
    found = Household.objects.filter(pk__in=household_ids).order_by("code")
    codes = dict(found.values_list("pk", "code"))
    empty = [code for pk, code in codes.items() if not people.get(pk)]
    if empty:
        text = _("%(codes)s 在 %(on)s 没有登记家庭成员，算不出需求。")
        raise BadInput(text % {"codes": _("、").join(empty[:5]), "on": on})
    return {pk: people[pk] * line_fen for pk in codes}
