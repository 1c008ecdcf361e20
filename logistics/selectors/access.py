"""Who works where: memberships that allow a step, and the rows a person may see."""

from datetime import date

from django.db.models import QuerySet

from growers.models import (
    Cooperative,
    Household,
    Membership,
    Role,
    Station,
    User,
    VillageShop,
)
from growers.models.scope import valid_on

COOPERATIVE_ROLES = (Role.PLANNER, Role.APPROVER)


def _held(user: User, roles: tuple[Role, ...], on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(valid_on(on), user_id=user.pk, role__in=roles)


def kept_stations(*, user: User, on: date) -> QuerySet[Station]:
    """Stations the person keeps."""
    held = _held(user, (Role.STATION_KEEPER,), on)
    return Station.objects.filter(pk__in=held.values("station_id"))


def operated_shops(*, user: User, on: date) -> QuerySet[VillageShop]:
    """Shops the person operates."""
    held = _held(user, (Role.SHOP_OPERATOR,), on)
    return VillageShop.objects.filter(pk__in=held.values("shop_id"))


def own_cooperatives(*, user: User, on: date) -> QuerySet[Cooperative]:
    """Cooperatives the person plans or approves for."""
    held = _held(user, COOPERATIVE_ROLES, on)
    return Cooperative.objects.filter(pk__in=held.values("cooperative_id"))


def own_household(*, user: User, on: date) -> QuerySet[Household]:
    """The household whose card the person signed in with."""
    held = _held(user, (Role.HOUSEHOLD,), on)
    return Household.objects.filter(pk__in=held.values("household_id"))


def may_keep(*, user: User | None, station: Station, on: date) -> bool:
    """Whether the person may weigh and hand over at the station; nobody means the system."""
    return user is None or kept_stations(user=user, on=on).filter(pk=station.pk).exists()


def may_operate(*, user: User | None, shop: VillageShop, on: date) -> bool:
    """Whether the person may pack and send for the shop; nobody means the system."""
    return user is None or operated_shops(user=user, on=on).filter(pk=shop.pk).exists()


def may_run(*, user: User | None, cooperative: Cooperative, on: date) -> bool:
    """Whether the person may move the cooperative's stock; nobody means the system."""
    if user is None:
        return True
    return own_cooperatives(user=user, on=on).filter(pk=cooperative.pk).exists()


def may_plan(*, user: User, cooperative: Cooperative, on: date) -> bool:
    """Whether the person plans for the cooperative: makes what another approves."""
    return _held(user, (Role.PLANNER,), on).filter(cooperative=cooperative).exists()


def may_approve(*, user: User, cooperative: Cooperative, on: date) -> bool:
    """Whether the person approves for the cooperative what another made."""
    return _held(user, (Role.APPROVER,), on).filter(cooperative=cooperative).exists()
