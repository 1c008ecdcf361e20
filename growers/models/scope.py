"""What a person's memberships reach on a day; the base of every ``for_user``."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from growers.models.access import User

    Person = User | AnonymousUser

T = TypeVar("T", bound=models.Model)

REGION_ROLES = frozenset({"helper", "official", "auditor"})


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows whose span of days holds ``on``; both ends belong to the span."""
    still = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & still


@dataclass(frozen=True)
class Scope:
    """Row numbers and region prefixes that a person's roles name, without what they imply."""

    households: list[int] = field(default_factory=list)
    shops: list[int] = field(default_factory=list)
    stations: list[int] = field(default_factory=list)
    cooperatives: list[int] = field(default_factory=list)
    cooperative_regions: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    led: list[str] = field(default_factory=list)

    @property
    def prefixes(self) -> list[str]:
        """Code prefixes of all regions seen whole: watched by office or led by a cooperative."""
        return sorted({*self.watched, *self.led})


def scope_of(user: "Person", on: date) -> Scope:
    """The person's memberships on a day, in two queries; nothing for strangers."""
    from growers.models.access import Membership
    from growers.models.network import PlanningArea

    if not user.is_authenticated or not user.is_active:
        return Scope()
    held = Membership.objects.filter(valid_on(on), user_id=user.pk)
    found = list(held.select_related("region", "cooperative"))
    bought = [m.cooperative for m in found if m.cooperative is not None]
    led = PlanningArea.objects.filter(lead__in=bought).select_related("region") if bought else []
    return Scope(
        households=[m.household_id for m in found if m.household_id],
        shops=[m.shop_id for m in found if m.shop_id],
        stations=[m.station_id for m in found if m.station_id],
        cooperatives=[cooperative.pk for cooperative in bought],
        cooperative_regions=[cooperative.region_id for cooperative in bought],
        watched=[m.region.prefix for m in found if m.region and m.role in REGION_ROLES],
        led=[area.region.prefix for area in led],
    )


NOTHING = Q(pk__in=[])


def inside(path: str, prefixes: list[str]) -> Q:
    """Rows whose region code at ``path`` starts with one of the prefixes; none for no prefix."""
    found = NOTHING
    for prefix in prefixes:
        found |= Q(**{f"{path}__startswith": prefix})
    return found


class ScopedQuerySet(models.QuerySet[T]):
    """Rows with one answer to "who may see this": ``for_user``, empty unless a role says so."""

    def for_user(self, user: "Person", on: date) -> Self:
        """The rows this person may see on a day."""
        return self.filter(self.visible_to(scope_of(user, on), on))

    def visible_to(self, scope: Scope, on: date) -> Q:
        """The condition of ``for_user``; a model that says nothing shows nothing."""
        return NOTHING
