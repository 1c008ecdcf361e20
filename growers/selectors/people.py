"""Who may see what: one selector for each noun, empty for strangers."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.shortcuts import get_object_or_404

from growers.models import (
    AccessEvent,
    Cooperative,
    Household,
    LandPlot,
    Membership,
    PlanningArea,
    Role,
    Station,
    User,
    VillageShop,
)
from growers.models.scope import valid_on

Person = User | AnonymousUser


def memberships_of(user: Person, on: date) -> QuerySet[Membership]:
    """The person's roles on a day with the thing each is for."""
    held = Membership.objects.select_related(
        "household", "shop", "station", "cooperative", "region"
    )
    if not user.is_authenticated or not user.is_active:
        return held.none()
    return held.filter(valid_on(on), user_id=user.pk)


def roles_of(user: Person, on: date) -> frozenset[str]:
    """The names of the person's roles on a day."""
    held = memberships_of(user, on).select_related(None)
    return frozenset(held.order_by().values_list("role", flat=True))


def households_for(user: Person, on: date) -> QuerySet[Household]:
    """Households this person may see; status and identity have their own gates."""
    return Household.objects.for_user(user, on)


def household_for(user: Person, code: str, on: date) -> Household:
    """One household by its code.

    Raises
    ------
    Http404
        There is none, or this person may not see it.
    """
    return get_object_or_404(households_for(user, on), code=code)


def plots_for(user: Person, on: date) -> QuerySet[LandPlot]:
    """Plots of the households this person may see."""
    return LandPlot.objects.for_user(user, on)


def shops_for(user: Person, on: date) -> QuerySet[VillageShop]:
    """Village shops this person works with."""
    return VillageShop.objects.for_user(user, on)


def stations_for(user: Person, on: date) -> QuerySet[Station]:
    """Stations this person works with."""
    return Station.objects.for_user(user, on)


def cooperatives_for(user: Person, on: date) -> QuerySet[Cooperative]:
    """Cooperatives this person works with."""
    return Cooperative.objects.for_user(user, on)


def areas_for(user: Person, on: date) -> QuerySet[PlanningArea]:
    """Planning areas led by, or around, the person's cooperatives, or in the region watched."""
    return PlanningArea.objects.for_user(user, on)


@dataclass(frozen=True)
class Look:
    """Somebody looked at a household's data, as what they were on that day; empty if nothing."""

    event: AccessEvent
    role: str


def looks_at(household: Household, *, most: int) -> list[Look]:
    """Who looked at this household's data, newest first (谁看过我的资料)."""
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("day"))
    held = Membership.objects.filter(still, user=OuterRef("user"), valid_from__lte=OuterRef("day"))
    events = AccessEvent.objects.filter(household=household).select_related("user")
    found = events.annotate(day=TruncDate("at")).annotate(
        role=Subquery(held.order_by("pk").values("role")[:1])
    )
    return [Look(row, str(Role(row.role).label) if row.role else "") for row in found[:most]]
