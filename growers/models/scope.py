"""What a person's memberships reach on a day; the base of every ``for_user``."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from growers.models.access import User
    from growers.models.network import Cooperative

Person: TypeAlias = "User | AnonymousUser"
T = TypeVar("T", bound=models.Model)

CODE_DIGITS = 12
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


def scope_of(user: Person, on: date, *, roles: frozenset[str] | None = None) -> Scope:
    """The person's memberships on a day (of some roles only), in at most two queries."""
    from growers.models.access import Membership

    if not user.is_authenticated or not user.is_active:
        return Scope()
    held = Membership.objects.filter(valid_on(on), user_id=user.pk)
    if roles is not None:
        held = held.filter(role__in=roles)
    found = list(held.select_related("region", "cooperative"))
    bought = [m.cooperative for m in found if m.cooperative is not None]
    return Scope(
        households=[m.household_id for m in found if m.household_id],
        shops=[m.shop_id for m in found if m.shop_id],
        stations=[m.station_id for m in found if m.station_id],
        cooperatives=[cooperative.pk for cooperative in bought],
        cooperative_regions=[cooperative.region_id for cooperative in bought],
        watched=[m.region.prefix for m in found if m.region and m.role in REGION_ROLES],
        led=_led_prefixes(bought),
    )


def _led_prefixes(bought: "list[Cooperative]") -> list[str]:
    from growers.models.network import PlanningArea

    if not bought:
        return []
    areas = PlanningArea.objects.filter(lead__in=bought).select_related("region")
    return [area.region.prefix for area in areas]


NOTHING = Q(pk__in=[])


def inside(path: str, prefixes: list[str]) -> Q:
    """Rows whose region code at ``path`` starts with one of the prefixes; none for no prefix.

    Said as a range, because both databases find a range of codes by the index.
    """
    found = NOTHING
    for prefix in prefixes:
        first, last = prefix.ljust(CODE_DIGITS, "0"), prefix.ljust(CODE_DIGITS, "9")
        found |= Q(**{f"{path}__gte": first, f"{path}__lte": last})
    return found


class ScopedQuerySet(models.QuerySet[T]):
    """Rows with one answer to "who may see this": ``for_user``, empty unless a role says so."""

    def for_user(self, user: Person, on: date) -> Self:
        """The rows this person may see on a day."""
        return self.filter(self.visible_to(scope_of(user, on), on))

    def visible_to(self, scope: Scope, on: date) -> Q:
        """The condition of ``for_user``; a model that says nothing shows nothing."""
        return NOTHING
