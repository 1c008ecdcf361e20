"""Townships, villages, cooperatives, hubs, stations and shops of a synthetic county."""

from datetime import date
from decimal import Decimal

from core.latin import place_in_latin
from devtools.county import names
from devtools.county.world import World
from growers.models import (
    Cooperative,
    Hub,
    HubKind,
    PlanningArea,
    Region,
    RegionLevel,
    Station,
    StationHub,
    VillageShop,
)

# Codes 900 and up are not used by real townships, so no real place is meant.
FIRST_TOWNSHIP = 901


def build_places(world: World) -> None:
    """Write the places; counties must have been loaded from the project's facts."""
    counties = list(Region.objects.filter(level=RegionLevel.COUNTY).order_by("code"))
    counties.sort(key=lambda county: county.code != world.walk.county_code)  # the walk's first
    world.counties = counties[: world.size.counties]
    _townships(world)
    _villages(world)
    _cooperatives(world)
    _hubs_and_stations(world)
    _shops(world)


def _townships(world: World) -> None:
    for county in world.counties:
        base = county.altitude_m or 1200
        for n in range(world.size.townships_per_county):
            world.townships.append(
                Region(
                    code=f"{county.code[:6]}{FIRST_TOWNSHIP + n}000",
                    level=RegionLevel.TOWNSHIP,
                    parent=county,
                    name_zh=(name := names.township(len(world.townships))),
                    name_en=place_in_latin(name),
                    latitude=_near(county.latitude, n),
                    longitude=_near(county.longitude, -n),
                    altitude_m=base + 220 * n,
                )
            )
    Region.objects.bulk_create(world.townships)


def _near(value: Decimal | None, steps: int) -> Decimal | None:
    return None if value is None else value + Decimal("0.11") * (steps + 1)


def _villages(world: World) -> None:
    for township in world.townships:
        for n in range(world.size.villages_per_township):
            world.villages.append(
                Region(
                    code=f"{township.code[:9]}{201 + n}",
                    level=RegionLevel.VILLAGE,
                    parent=township,
                    name_zh=(name := names.village(len(world.villages))),
                    name_en=place_in_latin(name),
                    altitude_m=(township.altitude_m or 1200) + 90 * (n - 1),
                )
            )
    Region.objects.bulk_create(world.villages)


def _cooperatives(world: World) -> None:
    for n, county in enumerate(world.counties, start=1):
        short = county.name_zh.removesuffix("区")
        cooperative = Cooperative.objects.create(
            code=f"CO-{n:04d}", name_zh=f"{short}山货合作社", region=county
        )
        world.cooperatives[county.code] = cooperative
        world.areas[county.code] = PlanningArea.objects.create(
            code=f"PA-{n:04d}", name_zh=f"{county.name_zh}计划区", region=county, lead=cooperative
        )


def _hubs_and_stations(world: World) -> None:
    city = Region.objects.get(level=RegionLevel.CITY)
    world.metropolitan = Hub.objects.create(
        code="HB-0000", name_zh="陇南外运仓", kind=HubKind.METROPOLITAN, region=city
    )
    for n, county in enumerate(world.counties, start=1):
        world.hubs[county.code] = Hub.objects.create(
            code=f"HB-{n:04d}", name_zh=f"{county.name_zh}仓", kind=HubKind.COUNTY, region=county
        )
    links = []
    for n, township in enumerate(world.townships, start=1):
        station = Station.objects.create(
            code=f"ST-{n:04d}",
            name_zh=f"{township.name_zh}站",
            township=township,
            address=f"{township.name_zh}街上，邮政所旁",
            phone=names.mobile(9000 + n),
        )
        world.stations[township.code] = station
        near = 25 + world.pick(30)
        links.append(
            StationHub(station=station, hub=world.hubs[township.county_code], cost_fen_per_kg=near)
        )
        links.append(StationHub(station=station, hub=world.metropolitan, cost_fen_per_kg=near + 60))
    StationHub.objects.bulk_create(links)


def _shops(world: World) -> None:
    for n in range(world.size.shops):
        village = world.villages[n % len(world.villages)]
        station = world.stations[village.code[:9] + "000"]
        tail = names.SHOP_TAILS[(n // len(world.villages) + n) % len(names.SHOP_TAILS)]
        number = n // len(world.villages)
        name = village.name_zh.removesuffix("村") + tail
        name += f"{number + 1}号" if number else ""
        world.shops.append(
            VillageShop(
                code=f"VS-{n + 1:04d}",
                name_zh=name,
                name_en=place_in_latin(name),
                village=village,
                station=station,
                cooperative=world.cooperatives[village.county_code],
                phone=names.mobile(8000 + n),
                opened_on=date(world.today.year - 3, 3, 1),
            )
        )
    VillageShop.objects.bulk_create(world.shops)
