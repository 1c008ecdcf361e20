"""Contracts, lots and slips for tests of logistics; nothing is random but codes.

``make_contract()`` is an accepted contract over 60 kg at 18.00 yuan with everybody it names;
``make_lot(listing, 5000)`` lays 5 kg for a listing's pool at its shop's station.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from contracts.models import Contract, ContractLine, Plan
from core.clock import week_of
from forecasting.models import ForecastRun
from growers.models import Household, Station, User, VillageShop
from harvest_calendar.models import Grade, ProductForm
from logistics.models import Lot, LotSource, MoveReason, WeighTicket
from logistics.services.moves import Document, place_of_station, post_move
from logistics.services.stock import refresh_listing_stock
from logistics.services.weighing import weigh
from shop.models import Listing
from tests.factories.growers import (
    BindingFactory,
    HouseholdFactory,
    HubFactory,
    PlanningAreaFactory,
    UserFactory,
    VillageShopFactory,
    person_with,
)
from tests.factories.harvest_calendar import CropFactory, ProductFormFactory
from tests.factories.shop import NOON

TODAY = date(2026, 8, 28)
MONDAY = date(2026, 8, 24)


def make_form(
    *, shelf_life_days: int = 180, grades: tuple[str, ...] = ("特级", "一级")
) -> ProductForm:
    """A form whose crop keeps so many days and has so many grades."""
    form = ProductFormFactory(crop=CropFactory(shelf_life_days=shelf_life_days))
    for rank, name in enumerate(grades, start=1):
        Grade.objects.create(crop=form.crop, name_zh=name, rank=rank)
    return form


def make_plan(lead: Any = None) -> Plan:
    """A closed plan, so that any number of them may stand side by side."""
    area = PlanningAreaFactory(**({"lead": lead} if lead else {}))
    number = Plan.objects.count() + 1
    run = ForecastRun.objects.create(
        code=f"FC-{number}",
        area=area,
        as_of=NOON,
        inputs_hash="0",
        version="1",
        state="done",
        seconds=1,
    )
    proposer, approver = UserFactory(), UserFactory()
    return Plan.objects.create(
        code=f"PN-{number}",
        area=area,
        state="closed",
        is_open=False,
        eligibility_on=TODAY,
        forecast_run=run,
        first_monday=week_of(TODAY),
        last_monday=week_of(TODAY) + timedelta(weeks=4),
        seed="s",
        seed_hash="h",
        created_at=NOON,
        proposed_at=NOON,
        proposed_by=proposer,
        approved_at=NOON,
        approved_by=approver,
    )


def make_contract(
    *,
    shop: VillageShop | None = None,
    household: Household | None = None,
    form: ProductForm | None = None,
    grade: str = "一级",
    weight_g: int = 60_000,
    state: str = "accepted",
    monday: date = MONDAY,
    **facts: Any,
) -> Contract:
    """A contract delivered at the shop's station in one week."""
    shop = shop or VillageShopFactory()
    household = household or HouseholdFactory(cooperative=shop.cooperative)
    if not household.bindings.exists():
        BindingFactory(shop=shop, household=household)
    defaults: dict[str, Any] = {
        "code": f"CT-{Contract.objects.count() + 1:07d}",
        "plan": make_plan(),
        "household": household,
        "cooperative": shop.cooperative,
        "shop": shop,
        "station": shop.station,
        "form": form or make_form(),
        "grade": grade,
        "price_per_kg": Decimal("18.00"),
        "floor_per_kg": Decimal("15.00"),
        "weight_g": weight_g,
        "state": state,
        "offered_at": NOON,
    }
    if state in ("accepted", "fulfilled", "declined"):
        defaults |= {"answered_at": NOON, "answered_by": UserFactory()}
    contract = Contract.objects.create(**(defaults | facts))
    ContractLine.objects.create(
        contract=contract, hub=HubFactory(), monday=monday, weight_g=weight_g
    )
    return contract


def make_ticket(contract: Contract | None = None, **facts: Any) -> WeighTicket:
    """10 kg in a 1 kg basket, weighed at noon by the system."""
    contract = contract or make_contract()
    number = WeighTicket.objects.count() + 1
    told: dict[str, Any] = {
        "gross_g": 11_000,
        "tare_g": 1_000,
        "grade": contract.grade,
        "key": f"ticket-{number}",
        "by": None,
        "at": NOON,
    }
    return weigh(contract_code=contract.code, **(told | facts))


def make_lot(
    listing: Listing,
    weight_g: int,
    *,
    station: Station | None = None,
    expires_on: date = date(2027, 1, 1),
    harvested_on: date = date(2026, 8, 1),
    shop: VillageShop | None = None,
) -> Lot:
    """Grams of a listing's pool at its shop's station, and the shelf refreshed."""
    shop = shop or listing.shop
    number = Lot.objects.count() + 1
    lot = Lot.objects.create(
        code=f"LT-{number:04d}",
        form=listing.form,
        grade=listing.grade.name_zh if listing.grade else "",
        cooperative=shop.cooperative,
        shop=shop,
        harvested_on=harvested_on,
        expires_on=expires_on,
        opened_at=NOON,
    )
    post_move(
        key=f"{lot.code}:in",
        lot=lot,
        weight_g=weight_g,
        reason=MoveReason.RECEIVE,
        document=Document(code="test", by=None, at=NOON),
        to_place=place_of_station(station or shop.station),
    )
    refresh_listing_stock(lots=[lot], at=NOON)
    return lot


def keeper_of(station: Station) -> User:
    """A person who keeps the station."""
    return person_with("station_keeper", station)


def village_sources(lot: Lot) -> int:
    """Grams of a lot that its sources name."""
    return sum(LotSource.objects.filter(lot=lot).values_list("weight_g", flat=True))
