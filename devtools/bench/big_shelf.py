"""A shelf of 100,000 listings on PostgreSQL: every crop that may be sold, in every county it grows.

Rows are written in bulk, by the rules that the shop's services keep: states from the calendar of
the day, proofs as the crop needs, prices inside the shop prices of the catalogue. Popular crops
have many listings, rare ones few. The same seed gives the same shelf.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection, transaction
from oscar.core.loading import get_model

from core.clock import day_of
from core.units import GRAMS_PER_KG, yuan
from devtools.county.places import build_places
from devtools.county.size import Size
from devtools.county.walk_choice import choose_walk
from devtools.county.world import World
from growers.models import Region, RegionLevel, VillageShop
from harvest_calendar.models import HarvestWindow, ProductForm
from harvest_calendar.selectors import Season, seasons_of
from harvest_calendar.services import date_seasons
from shop.models import Listing, ListingProof, ListingState
from shop.products import listing_title, may_be_listed, proof_needed
from shop.season_rules import season_state
from shop.services.listings import PRODUCT_CLASS, partner_for

FACTS = ["load_growers_facts", "load_calendar_facts", "load_shop_facts"]
PLACES = Size("bench", 9, 20, 5, 0, 900, 0, 0, 0)
SEED = 20
AT_ONCE = 5000
SOLD_OUT_SHARE = 0.05
DAYS_BACK = 400
NO_PRICE = (Decimal(10), Decimal(40))  # yuan a kilogram where the catalogue knows none


@dataclass(frozen=True)
class Kind:
    """A form as a county sells it."""

    form: ProductForm
    county: str  # its code
    season: Season | None
    state: str
    low: Decimal
    high: Decimal

    @property
    def days(self) -> dict[str, date | None]:
        """The dates a listing keeps of its season."""
        names = ("start_on", "peak_on", "end_on")
        return {f"season_{name}": getattr(self.season, name, None) for name in names}


def build_shelf(*, listings: int, at: datetime) -> None:
    """Facts, places and so many published listings in an empty database."""
    for name in FACTS:
        call_command(name, verbosity=0, stdout=io.StringIO())
    today = day_of(at)
    for year in (today.year, today.year + 1):
        date_seasons(year=year, at=at)
    world = World(PLACES, np.random.default_rng(SEED), today, at, choose_walk(today))
    build_places(world)
    kinds = _kinds(on=today)
    shops = _shops_by_county()
    with transaction.atomic():
        _write(listings, kinds, shops, world.rng, at)
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _kinds(*, on: date) -> list[Kind]:
    forms = [
        form
        for form in ProductForm.objects.select_related("crop").order_by("key")
        if may_be_listed(form.crop)
    ]
    grown: dict[int, list[str]] = {}
    for crop_id, county in HarvestWindow.objects.values_list("crop_id", "county_id").distinct():
        grown.setdefault(crop_id, []).append(county)
    everywhere = list(Region.objects.filter(level=RegionLevel.COUNTY).values_list("pk", flat=True))
    pairs = [
        (form, county)
        for form in forms
        for county in sorted(grown.get(form.crop_id) or grown.get(form.raw_crop_id) or everywhere)
    ]
    seasons = seasons_of([(form.crop_id, county) for form, county in pairs], on)
    return [_kind(form, county, seasons.get((form.crop_id, county)), on) for form, county in pairs]


def _kind(form: ProductForm, county: str, season: Season | None, on: date) -> Kind:
    state = season_state(season=season, has_live_campaign=False, on=on)
    low, high = form.crop.retail_min, form.crop.retail_max
    prices = (low, high) if low is not None and high is not None else NO_PRICE
    return Kind(form, county, season, state, *prices)


def _shops_by_county() -> dict[str, list[VillageShop]]:
    found: dict[str, list[VillageShop]] = {}
    for shop in VillageShop.objects.select_related("village").order_by("pk"):
        found.setdefault(shop.village.county_code, []).append(shop)
    return found


def _write(
    count: int,
    kinds: list[Kind],
    shops: dict[str, list[VillageShop]],
    rng: np.random.Generator,
    at: datetime,
) -> None:
    order = rng.permutation(len(kinds))
    weights = 1 / (1 + order)
    which = rng.choice(len(kinds), size=count, p=weights / weights.sum())
    which[: len(kinds)] = np.arange(len(kinds))  # each at least once
    partners = {shop.pk: partner_for(shop) for ones in shops.values() for shop in ones}
    product_class = get_model("catalogue", "ProductClass").objects.create(
        name=PRODUCT_CLASS, requires_shipping=True, track_stock=True
    )
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        drawn = [_drawn(n, kinds[which[n]], shops, rng, at) for n in numbers]
        _write_some(drawn, product_class, partners, rng, at)


def _drawn(
    n: int,
    kind: Kind,
    shops: dict[str, list[VillageShop]],
    rng: np.random.Generator,
    at: datetime,
) -> Listing:
    here = shops[kind.county]
    shop = here[int(rng.integers(len(here)))]
    sizes = kind.form.crop.pack_sizes_g or [500]
    pack_g = int(sizes[int(rng.integers(len(sizes)))])
    per_kg = kind.low + (kind.high - kind.low) * Decimal(float(rng.random()))
    return Listing(
        code=f"LS-{n:06d}",
        shop=shop,
        form=kind.form,
        origin=shop.village,
        pack_weight_g=pack_g,
        price=max(yuan(per_kg * pack_g / GRAMS_PER_KG), Decimal("0.50")),
        state=ListingState.PUBLISHED,
        season_state=kind.state,
        **kind.days,
        created_at=at,
        published_at=at - timedelta(days=int(rng.integers(DAYS_BACK)), seconds=n % 86_400),
    )


def _write_some(
    drawn: list[Listing],
    product_class: Any,
    partners: dict[int, Any],
    rng: np.random.Generator,
    at: datetime,
) -> None:
    products = [_product(one, product_class) for one in drawn]
    made = get_model("catalogue", "Product").objects.bulk_create(products)
    for one, row in zip(drawn, made, strict=True):
        one.product = row
    Listing.objects.bulk_create(drawn)
    there = rng.random(len(drawn)) >= SOLD_OUT_SHARE
    get_model("partner", "StockRecord").objects.bulk_create(
        _stock(one, partners[one.shop_id], packs=50 if stocked else 0)
        for one, stocked in zip(drawn, there, strict=True)
    )
    ListingProof.objects.bulk_create(_proofs(drawn, at))


def _product(one: Listing, product_class: Any) -> Any:
    title = listing_title(
        form=one.form, variety_name="", grade=None, pack_weight_g=one.pack_weight_g
    )
    return get_model("catalogue", "Product")(
        title=title, slug=one.code.lower(), product_class=product_class, is_public=True
    )


def _stock(one: Listing, partner: Any, *, packs: int) -> Any:
    return get_model("partner", "StockRecord")(
        product=one.product,
        partner=partner,
        partner_sku=one.code,
        price=one.price,
        num_in_stock=packs,
        num_allocated=0,
    )


def _proofs(drawn: list[Listing], at: datetime) -> Iterator[ListingProof]:
    issued = day_of(at) - timedelta(days=DAYS_BACK)
    for one in drawn:
        kind = proof_needed(one.form.crop)
        yield ListingProof(listing=one, kind=kind, number=f"示例-{one.code}", issued_on=issued)
