"""The basket as a person reads it: a parcel for each shop, what is wrong with it, what it costs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.units import yuan
from growers.models import Region, Station, VillageShop
from shop.availability import availability_of
from shop.contact import Wanted
from shop.models import Listing, Rate, ZoneProvince
from shop.shipping.quotes import charge_for, rates_in_force, weigh

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class BasketLine:
    """Packs of a listing, and why they cannot be ordered as they are (empty when they can)."""

    pk: int
    listing: Listing
    packs: int
    free: int
    problem: str

    @property
    def total(self) -> Decimal:
        return yuan(self.listing.price * self.packs)


@dataclass(frozen=True)
class Parcel:
    """What one shop sends."""

    shop: VillageShop
    lines: Sequence[BasketLine]

    @property
    def goods(self) -> Decimal:
        return yuan(sum((line.total for line in self.lines), NOTHING))

    @property
    def wanted(self) -> list[Wanted]:
        return [Wanted(line.listing, line.packs) for line in self.lines]


@dataclass(frozen=True)
class BasketView:
    """The whole basket."""

    parcels: Sequence[Parcel]

    @property
    def lines(self) -> list[BasketLine]:
        return [line for parcel in self.parcels for line in parcel.lines]

    @property
    def goods(self) -> Decimal:
        return yuan(sum((parcel.goods for parcel in self.parcels), NOTHING))

    @property
    def wanted(self) -> list[Wanted]:
        return [want for parcel in self.parcels for want in parcel.wanted]

    @property
    def packs(self) -> int:
        return sum(line.packs for line in self.lines)

    @property
    def problems(self) -> list[str]:
        return [
            _("%(title)s：%(why)s") % {"title": line.listing.title, "why": line.problem}
            for line in self.lines
            if line.problem
        ]

    @property
    def perishables(self) -> list[Listing]:
        return [line.listing for line in self.lines if line.listing.form.crop.perishable]


def basket_view(basket: Any) -> BasketView:
    """The basket's lines by shop; one query however many there are."""
    by_shop: dict[VillageShop, list[BasketLine]] = {}
    for line in basket.all_lines():
        listing = getattr(line.product, "listing", None)
        if listing is not None:
            by_shop.setdefault(listing.shop, []).append(_line(line, listing))
    ordered = sorted(by_shop.items(), key=lambda item: item[0].pk)
    return BasketView([Parcel(shop, lines) for shop, lines in ordered])


def _line(line: Any, listing: Listing) -> BasketLine:
    listing.product = line.product
    answer = availability_of(listing, free=line.stockrecord.net_stock_level)
    problem = answer.reason
    if not problem and line.quantity > answer.free_packs:
        problem = _("只剩 %(left)d 份，请改一下份数。") % {"left": answer.free_packs}
    return BasketLine(line.pk, listing, line.quantity, answer.free_packs, problem)


@dataclass(frozen=True)
class ProvinceCharge:
    """What sending the whole basket to a province costs, one parcel a shop."""

    code: str
    name: str
    zone: str
    charge: Decimal
    days_min: int
    days_max: int


def province_charges(view: BasketView, *, on: date) -> list[ProvinceCharge]:
    """The charge to every province that is served; two queries."""
    rates = rates_in_force(on=on)
    weights = [weigh(parcel.wanted) for parcel in view.parcels]
    provinces = ZoneProvince.objects.filter(zone_id__in=rates).select_related("zone")
    return [_charge(one, rates[one.zone_id], weights) for one in provinces]


def _charge(province: ZoneProvince, rate: Rate, weights: Sequence[int]) -> ProvinceCharge:
    return ProvinceCharge(
        code=province.province_code,
        name=province.name,
        zone=province.zone.name,
        charge=yuan(sum((charge_for(rate, weight) for weight in weights), NOTHING)),
        days_min=rate.days_min,
        days_max=rate.days_max,
    )


@dataclass(frozen=True)
class ParcelCharge:
    """One shop's parcel and what sending it costs, from the nearest zone to the farthest."""

    parcel: Parcel
    weight_g: int
    least: Decimal
    most: Decimal


def parcel_charges(view: BasketView, *, on: date) -> list[ParcelCharge]:
    """Each parcel with its carriage; one query, no charge where nothing is sent anywhere."""
    rates = rates_in_force(on=on).values()
    return [_parcel_charge(parcel, rates) for parcel in view.parcels]


def _parcel_charge(parcel: Parcel, rates: Collection[Rate]) -> ParcelCharge:
    weight = weigh(parcel.wanted)
    charges = [charge_for(rate, weight) for rate in rates] or [NOTHING]
    return ParcelCharge(parcel, weight, min(charges), max(charges))


def collection_stations() -> dict[str, list[Station]]:
    """Stations that hand orders over (they have a county hub), by the name of their county."""
    found = Station.objects.filter(links__hub__kind="county").distinct()
    found = found.select_related("township__parent").order_by("township_id", "code")
    by_county: dict[str, list[Station]] = {}
    for station in found:
        by_county.setdefault(_county_name(station.township), []).append(station)
    return by_county


def _county_name(township: Region) -> str:
    parent = township.parent
    return parent.name if parent is not None else township.name
