"""Prices, floors and what stations declare they can take."""

from datetime import date, timedelta
from decimal import Decimal

from contracts.models import PriceTerm
from core.clock import weeks_between
from core.units import yuan
from devtools.county.world import World
from harvest_calendar.models import ProductForm, StationIntake
from shop.models import Listing
from shop.selectors.seasons import seasons_behind

FARM_SHARE_OF_RETAIL = Decimal("0.55")
FLOOR_SHARE = Decimal("0.85")
SECOND_GRADE_SHARE = Decimal("0.88")
MIN_LOT_G = 5_000
HARVEST_PERCENT = {1: 40, 2: 60}


def build_terms(world: World, listings: list[Listing]) -> None:
    """Price terms for every form and grade on sale, and station intakes for the coming weeks."""
    kinds = {(x.form_id, x.grade.name_zh if x.grade else ""): x for x in listings}
    PriceTerm.objects.bulk_create(
        [_term(world, listing, grade) for (_form, grade), listing in kinds.items()]
    )
    _intakes(world, listings)


def _term(world: World, listing: Listing, grade: str) -> PriceTerm:
    rank = listing.grade.rank if listing.grade else 1
    price = farm_price(listing.form)
    price = yuan(price if rank == 1 else price * SECOND_GRADE_SHARE)
    return PriceTerm(
        form=listing.form,
        grade=grade,
        price_per_kg=price,
        floor_per_kg=yuan(price * FLOOR_SHARE),
        min_lot_g=MIN_LOT_G,
        harvest_percent=HARVEST_PERCENT.get(rank, 100) if grade else 100,
        valid_from=world.today - timedelta(days=800),
    )


def farm_price(form: ProductForm) -> Decimal:
    """What a kilogram is bought for: the middle of the farm gate prices, else of retail."""
    crop = form.crop
    if crop.farm_gate_min and crop.farm_gate_max:
        return (crop.farm_gate_min + crop.farm_gate_max) / 2
    low, high = crop.retail_min or Decimal(4), crop.retail_max or Decimal(8)
    return (low + high) / 2 * FARM_SHARE_OF_RETAIL


def _intakes(world: World, listings: list[Listing]) -> None:
    """Every station of a county takes what a shop of the county sells."""
    seasons = seasons_behind(listings, on=world.today)
    stations: dict[str, list[int]] = {}
    for station in world.stations.values():
        stations.setdefault(station.township_id[:6], []).append(station.pk)
    wanted: dict[tuple[int, int], set[date]] = {}
    for listing in listings:
        season = seasons.get(listing.pk)
        if season is not None:
            first = max(season.start_on, world.today) - timedelta(days=7)
            weeks = weeks_between(first, max(season.last_ready_on, first) + timedelta(days=28))
            for station_id in stations[listing.origin_id[:6]]:
                wanted.setdefault((station_id, listing.form_id), set()).update(weeks[:30])
    StationIntake.objects.bulk_create(
        [
            StationIntake(
                station_id=station_id,
                form_id=form_id,
                monday=monday,
                capacity_g=1000 * int(world.rng.integers(400, 3000)),
                declared_on=world.today - timedelta(days=20),
            )
            for (station_id, form_id), weeks in sorted(wanted.items())
            for monday in sorted(weeks)
        ],
        batch_size=500,
    )
