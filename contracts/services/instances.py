"""A plan's frozen rows as an instance of the planner; exported files hold the same numbers."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from contracts.models import HarvestOffer, Plan
from contracts.services.signed import signed_lines
from core.units import GRAMS_PER_KG, fen
from growers.models import Binding, Hub, Station, StationHub, VillageShop

if TYPE_CHECKING:
    from contracts.engine.instance import Instance

STAGES = [[1], [2], [3]]
DAYS_A_WEEK = 7
Rows = dict[str, list[Any]]
Product = tuple[int, str]


@dataclass(frozen=True)
class Numbers:
    """What the numbers of an instance stand for. Week 1 is the week of the first Monday."""

    first_monday: date
    products: dict[Product, int]
    min_lot_g: list[int]
    stations: dict[int, Station]
    hubs: dict[int, Hub]
    offers: dict[int, HarvestOffer]

    def monday(self, week: int) -> date:
        return self.first_monday + timedelta(weeks=week - 1)

    def week(self, monday: date) -> int:
        return (monday - self.first_monday).days // DAYS_A_WEEK + 1


def instance_of(plan: Plan) -> "tuple[Instance, Numbers]":
    """The planner's instance of a plan, and what its numbers stand for."""
    from contracts.engine.instance import Instance

    tables, numbers = tables_of(plan)
    return Instance.from_tables(meta_of(plan), tables), numbers


def tables_of(plan: Plan) -> tuple[dict[str, Rows], Numbers]:
    """The tables of a plan's instance by file, and what their numbers stand for."""
    cells = list(plan.cells.order_by("form__key", "grade", "hub__code", "monday"))
    homes = list(plan.households.order_by("number"))
    products = {key: i for i, key in enumerate(dict.fromkeys((c.form_id, c.grade) for c in cells))}
    prices = {(cell.form_id, cell.grade): cell for cell in cells}
    station_rows = Station.objects.filter(pk__in={home.station_id for home in homes})
    links = list(StationHub.objects.filter(station__in=station_rows).select_related("hub"))
    hubs = Hub.objects.filter(
        pk__in={link.hub_id for link in links} | {cell.hub_id for cell in cells}
    )
    place = {home.household_id: home.number for home in homes}
    offers = list(plan.offers.order_by("form__key", "grade").select_related("form"))
    offers.sort(key=lambda offer: place[offer.household_id])
    numbers = Numbers(
        first_monday=plan.first_monday,
        products=products,
        min_lot_g=[prices[key].min_lot_g for key in products],
        stations=dict(enumerate(station_rows.order_by("code"))),
        hubs=dict(enumerate(hubs.order_by("code"))),
        offers=dict(enumerate(offers)),
    )
    tables = {
        "products": _products(numbers, prices, offers),
        **_places(plan, numbers, links),
        **_households(plan, numbers, homes),
        "demand": _demand(numbers, cells),
    }
    return tables, numbers


def meta_of(plan: Plan) -> dict[str, Any]:
    """What decides the plan beside its tables."""
    from contracts.engine.schema import FORMAT

    return {
        "format": FORMAT,
        "name": plan.code,
        "mode": "lanes",
        "demand_column": "p50_kg",
        "stages": STAGES,
        "lottery_seed": plan.seed,
        "first_monday": plan.first_monday.isoformat(),
    }


def _columns(names: str, rows: list[tuple[Any, ...]]) -> Rows:
    return {name: [row[i] for row in rows] for i, name in enumerate(names.split())}


def _products(numbers: Numbers, prices: dict[Product, Any], offers: Any) -> Rows:
    key_of = {offer.form_id: offer.form.key for offer in offers}
    rows = [
        (
            number,
            key_of.get(form_id, str(form_id)),
            grade or "-",
            fen(prices[form_id, grade].price_per_kg),
            fen(prices[form_id, grade].floor_per_kg),
            -(-prices[form_id, grade].min_lot_g // GRAMS_PER_KG),
        )
        for (form_id, grade), number in numbers.products.items()
    ]
    return _columns("product_id crop grade price_fen floor_fen min_lot_kg", rows)


def _places(plan: Plan, numbers: Numbers, links: list[StationHub]) -> dict[str, Rows]:
    station_of = {station.pk: number for number, station in numbers.stations.items()}
    hub_of = {hub.pk: number for number, hub in numbers.hubs.items()}
    lanes = [
        (
            station_of[lane.station_id],
            numbers.week(lane.monday),
            numbers.products[lane.form_id, lane.grade],
            lane.capacity_g // GRAMS_PER_KG,
        )
        for lane in plan.lanes.all()
    ]
    joined = [
        (station_of[link.station_id], hub_of[link.hub_id], link.cost_fen_per_kg) for link in links
    ]
    return {
        "stations": _columns("station_id county", [(number, 0) for number in numbers.stations]),
        "station_hubs": _columns("station_id hub_id cost_fen_per_kg", joined),
        "station_capacity": _columns("station_id week product_id capacity_kg", lanes),
    }


def _households(plan: Plan, numbers: Numbers, homes: list[Any]) -> dict[str, Rows]:
    station_of = {station.pk: number for number, station in numbers.stations.items()}
    shops = VillageShop.objects.filter(pk__in={home.shop_id for home in homes}).order_by("code")
    shop_of = {shop.pk: number for number, shop in enumerate(shops)}
    bound = Binding.objects.filter(shop__in=shops).order_by("-valid_from")
    kind = {binding.shop_id: binding.kind for binding in bound}
    home_of = {home.household_id: home.number for home in homes}
    lots, signed = _lots(plan, numbers, home_of)
    return {
        "shops": _columns(
            "shop_id station_id link_kind weekly_cap_kg",
            [(shop_of[shop.pk], station_of[shop.station_id], kind[shop.pk], -1) for shop in shops],
        ),
        "households": _columns(
            "household_id tier need_fen shop_id",
            [(home.number, home.tier, home.need_fen, shop_of[home.shop_id]) for home in homes],
        ),
        "lots": lots,
        "signed": signed,
        "credits": _columns(
            "household_id credit_fen",
            [(home.number, home.credit_fen) for home in homes if home.credit_fen],
        ),
    }


def _lots(plan: Plan, numbers: Numbers, home_of: dict[int, int]) -> tuple[Rows, Rows]:
    lot_of = {
        (offer.household_id, offer.form_id, offer.grade): number
        for number, offer in numbers.offers.items()
    }
    hub_of = {hub.pk: number for number, hub in numbers.hubs.items()}
    signed: dict[tuple[int, int, int], int] = {}
    for line in signed_lines(plan):
        lot = lot_of.get((line.household_id, line.form_id, line.grade))
        if lot is not None and line.hub_id in hub_of:
            key = (lot, numbers.week(line.monday), hub_of[line.hub_id])
            signed[key] = signed.get(key, 0) + line.weight_g // GRAMS_PER_KG
    lots = [
        (
            number,
            home_of[offer.household_id],
            numbers.products[offer.form_id, offer.grade],
            numbers.week(offer.first_monday),
            numbers.week(offer.last_monday),
            offer.available_g // GRAMS_PER_KG,
        )
        for number, offer in numbers.offers.items()
    ]
    names = "lot_id household_id product_id first_week last_week avail_kg"
    rows = [(*key, kg) for key, kg in sorted(signed.items()) if kg > 0]
    return _columns(names, lots), _columns("lot_id week hub_id kg", rows)


def _demand(numbers: Numbers, cells: list[Any]) -> Rows:
    hub_of = {hub.pk: number for number, hub in numbers.hubs.items()}
    rows = []
    for cell in cells:
        kg = cell.demand_g // GRAMS_PER_KG
        place = (numbers.products[cell.form_id, cell.grade], numbers.week(cell.monday))
        rows.append((*place, hub_of[cell.hub_id], kg, kg, kg))
    return _columns("product_id week hub_id p20_kg p50_kg p80_kg", rows)
