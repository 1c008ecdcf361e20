"""The demo's people: one sign-in for each role, bound to the walk's places."""

from devtools.county.world import World
from devtools.guide import PEOPLE, Person
from growers.models import Household, Membership, Region, Station, User, VillageShop


def build_sign_ins(world: World, *, shop: VillageShop, household: Household) -> None:
    """Write the people of ``devtools.guide`` for the walk's shop and household."""
    for someone in PEOPLE:
        user = _user(someone, household=household)
        world.people[someone.key] = user
        scope = _scope(someone.key, shop=shop, household=household)
        if scope:
            Membership.objects.create(
                user=user, role=someone.key, valid_from=household.registered_on, **scope
            )


def _user(someone: Person, *, household: Household) -> User:
    if someone.key == "household":
        return User.objects.create_user(
            username=household.code, password=someone.secret, display_name=household.code
        )
    return User.objects.create_user(
        username=someone.key,
        password=someone.secret,
        mobile=someone.sign_in,
        display_name=someone.name,
    )


def _scope(
    key: str, *, shop: VillageShop, household: Household
) -> dict[str, Household | VillageShop | Station | Region | object]:
    scopes: dict[str, dict[str, object]] = {
        "shop_operator": {"shop": shop},
        "planner": {"cooperative": shop.cooperative},
        "approver": {"cooperative": shop.cooperative},
        "station_keeper": {"station": shop.station},
        "household": {"household": household},
        "official": {"region": shop.cooperative.region},
        "editor": {"region": shop.cooperative.region.parent},
        "auditor": {"region": shop.cooperative.region.parent},
    }
    return scopes.get(key, {})
