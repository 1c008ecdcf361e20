"""Households with members, sealed identity, dated status, plots, plantings and bindings."""

from datetime import date
from decimal import Decimal

from devtools.county import names
from devtools.county.world import World
from growers.models import (
    Binding,
    BindingKind,
    Household,
    HouseholdIdentity,
    HouseholdMember,
    HouseholdStatus,
    LandPlot,
    StatusCategory,
    StatusScheme,
    VillageShop,
)
from harvest_calendar.models import HarvestWindow, Planting, ProductForm

# Shares follow what a county like these reports; the rest is general.
WALK_CROP_SHARE = 0.04  # of the plots in the walk's county grow the walk's crop
STATUS_SHARES = [(0.07, StatusCategory.PREVENTION), (0.32, StatusCategory.LIFTED)]


def build_people(world: World) -> None:
    """Write households and what belongs to them, in bulk."""
    per_village = world.size.households // len(world.villages)
    for village in world.villages:
        cooperative = world.cooperatives[village.county_code]
        for _ in range(per_village):
            n = len(world.households) + 1
            world.households.append(
                Household(
                    code=f"HH-{n:06d}",
                    village=village,
                    cooperative=cooperative,
                    registered_on=date(2019, 6, 1),
                )
            )
    world.households = Household.objects.bulk_create(world.households, batch_size=500)
    _identities(world)
    _members(world)
    _statuses(world)
    _land(world)
    _bindings(world)


def _identities(world: World) -> None:
    HouseholdIdentity.objects.bulk_create(
        [
            HouseholdIdentity(
                household=household,
                head_name=names.person(world.rng),
                phone=names.mobile(20_000 + n),
                account=f"6228480000{n:09d}",
            )
            for n, household in enumerate(world.households)
        ],
        batch_size=500,
    )


def _member_name(world: World, *, head: str) -> str:
    """A fresh name, drawn for the head too, so that a seed gives the same people."""
    drawn = names.person(world.rng)
    return head or drawn


def _members(world: World) -> None:
    sizes = world.rng.choice(
        [1, 2, 3, 4, 5, 6], p=[0.08, 0.2, 0.25, 0.25, 0.15, 0.07], size=len(world.households)
    )
    heads = dict(HouseholdIdentity.objects.values_list("household", "head_name"))
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(
                household=household,
                name=_member_name(world, head=heads[household.pk] if place == 0 else ""),
                relation=names.RELATIONS[place],
                joined_on=date(2019, 6, 1),
            )
            for household, size in zip(world.households, sizes, strict=True)
            for place in range(int(size))
        ],
        batch_size=500,
    )


def _statuses(world: World) -> None:
    """Registered until 2020, lifted until 2025, and whatever the draw says from 2026."""
    draws = world.rng.random(len(world.households))
    rows = []
    for household, draw in zip(world.households, draws, strict=True):
        first = household is world.households[0]  # the walk's household is served first
        category = StatusCategory.PREVENTION if first else _category(float(draw))
        if category != StatusCategory.GENERAL:
            rows.append(
                _status(
                    household,
                    StatusScheme.REGISTERED,
                    StatusCategory.REGISTERED_POOR,
                    date(2019, 6, 1),
                    date(2020, 12, 31),
                )
            )
            rows.append(
                _status(
                    household,
                    StatusScheme.MONITORED,
                    StatusCategory.LIFTED,
                    date(2021, 1, 1),
                    date(2025, 12, 31),
                )
            )
        rows.append(_status(household, StatusScheme.REGULAR, category, date(2026, 1, 1), None))
    HouseholdStatus.objects.bulk_create(rows, batch_size=500)


def _category(draw: float) -> StatusCategory:
    reached = 0.0
    for share, category in STATUS_SHARES:
        reached += share
        if draw < reached:
            return category
    return StatusCategory.GENERAL


def _status(
    household: Household, scheme: str, category: str, start: date, end: date | None
) -> HouseholdStatus:
    return HouseholdStatus(
        household=household,
        scheme=scheme,
        category=category,
        valid_from=start,
        valid_to=end,
        source="合成数据",
    )


def _crops_by_county() -> dict[str, list[int]]:
    """Raw crops that households of a county can plant: those some form with a window needs."""
    raw_of = dict(ProductForm.objects.values_list("crop_id", "raw_crop_id"))
    found: dict[str, set[int]] = {}
    for county, crop in HarvestWindow.objects.values_list("county_id", "crop_id"):
        found.setdefault(county, set()).add(raw_of.get(crop, crop))
    return {county: sorted(crops) for county, crops in found.items()}


def _land(world: World) -> None:
    crops = _crops_by_county()
    plots: list[LandPlot] = []
    plantings: list[tuple[LandPlot, int]] = []
    for household in world.households:
        for _ in range(1 + world.pick(2)):
            area = Decimal(int(world.rng.integers(8, 60))) / 10
            n = len(plots) + 1
            plot = LandPlot(
                code=f"PL-{n:06d}",
                household=household,
                village=household.village,
                area_mu=area,
                altitude_m=(household.village.altitude_m or 1200)
                + int(world.rng.integers(-60, 90)),
            )
            plots.append(plot)
            plantings.append((plot, _crop_of(world, household, crops)))
    LandPlot.objects.bulk_create(plots, batch_size=500)
    Planting.objects.bulk_create(
        [
            Planting(
                code=f"PT-{n:06d}",
                plot=plot,
                crop_id=crop,
                area_mu=plot.area_mu,
                planted_year=world.today.year - 4 - world.pick(14),
                valid_from=date(2019, 6, 1),
            )
            for n, (plot, crop) in enumerate(plantings, start=1)
        ],
        batch_size=500,
    )


def _crop_of(world: World, household: Household, crops: dict[str, list[int]]) -> int:
    """What grows on a plot: the walk's crop on many plots of its county, else any that ripens."""
    choices = crops[household.village.county_code]
    grows_it = household is world.households[0] or world.rng.random() < WALK_CROP_SHARE
    here = household.village.county_code == world.walk.county_code
    pick = choices[world.pick(len(choices))]
    return world.walk.form.raw_crop_id if here and grows_it else pick


def _bindings(world: World) -> None:
    """The first shop of a village takes the village; later ones take single households."""
    start = date(world.today.year - 2, 1, 1)
    rows = []
    first: dict[str, VillageShop] = {}
    for shop in world.shops:
        first.setdefault(shop.village_id, shop)
    for n, (village_id, shop) in enumerate(first.items()):
        kind = BindingKind.MANY_VILLAGES if n % 5 == 0 else BindingKind.ONE_VILLAGE
        rows.append(Binding(shop=shop, kind=kind, village_id=village_id, valid_from=start))
    by_village: dict[str, list[Household]] = {}
    for household in world.households:
        by_village.setdefault(household.village_id, []).append(household)
    for shop in world.shops:
        if first[shop.village_id] is not shop:
            mine, by_village[shop.village_id] = (
                by_village[shop.village_id][:8],
                by_village[shop.village_id][8:],
            )
            rows += [
                Binding(
                    shop=shop,
                    kind=BindingKind.MANY_HOUSEHOLDS,
                    household=household,
                    valid_from=start,
                )
                for household in mine
            ]
    Binding.objects.bulk_create(rows, batch_size=500)
