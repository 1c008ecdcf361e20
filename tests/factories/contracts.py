"""A small county ready for planning, step by step; nothing is random but codes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from contracts import services
from contracts.models import Contract, Plan, PriceTerm
from forecasting.models import ForecastPoint, ForecastRun
from growers.models import (
    Cooperative,
    Household,
    Hub,
    PlanningArea,
    Station,
    User,
    VillageShop,
)
from harvest_calendar.models import ProductForm
from tests.factories.growers import (
    BindingFactory,
    CooperativeFactory,
    HouseholdFactory,
    HouseholdStatusFactory,
    HubFactory,
    LandPlotFactory,
    PlanningAreaFactory,
    PovertyLineFactory,
    StationHubFactory,
    TierRuleFactory,
    VillageShopFactory,
    make_county,
    make_township,
    make_village,
    person_with,
)
from tests.factories.harvest_calendar import (
    CropFactory,
    HarvestWindowFactory,
    PlantingFactory,
    ProductFormFactory,
    SeasonDateFactory,
    StationIntakeFactory,
)

NOON = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)
TODAY = date(2026, 7, 6)
MONDAY = date(2026, 7, 20)
PRICE = Decimal("10.00")
FLOOR = Decimal("8.50")


@dataclass
class County:
    """The rows a plan needs, and the people around it."""

    area: PlanningArea
    lead: Cooperative
    shop: VillageShop
    station: Station
    hub: Hub
    form: ProductForm
    run: ForecastRun
    planner: User
    approver: User

    def open(self, **facts: object) -> Plan:
        told = {
            "area": self.area,
            "forecast_run": self.run,
            "eligibility_on": TODAY,
            "demand_quantile": "p50",
            "by": self.planner,
            "at": NOON,
            "on": TODAY,
        }
        return services.open_run(**(told | facts))  # type: ignore[arg-type]

    def solved(self) -> Plan:
        plan = self.open()
        services.request_solving(code=plan.code, by=self.planner, at=NOON, on=TODAY)
        return services.solve_run(code=plan.code)

    def proposed(self) -> Plan:
        plan = self.solved()
        return services.propose_run(code=plan.code, by=self.planner, at=NOON, on=TODAY)

    def approved(self) -> Plan:
        plan = self.proposed()
        return services.approve_run(code=plan.code, by=self.approver, at=NOON, on=TODAY)

    def offered(self) -> Plan:
        plan = self.approved()
        return services.offer_contracts(code=plan.code, by=self.planner, at=NOON, on=TODAY)


def make_ready_county(
    *, demand_kg: int = 90, capacity_kg: int = 500, name: str = "武都区"
) -> County:
    """A county with one product in season from 5 July to 10 August and demand in one week."""
    region = make_county(name)
    lead = CooperativeFactory(region=region)
    area = PlanningAreaFactory(region=region, lead=lead)
    village = make_village(make_township(region))
    shop = VillageShopFactory(village=village, cooperative=lead)
    hub = HubFactory(region=region)
    StationHubFactory(station=shop.station, hub=hub)
    PovertyLineFactory()
    TierRuleFactory()
    form = ProductFormFactory(crop=CropFactory(name_zh="花椒"))
    SeasonDateFactory(window=HarvestWindowFactory(crop=form.crop, county=region))
    StationIntakeFactory(station=shop.station, form=form, capacity_g=capacity_kg * 1000)
    make_price(form)
    run = make_forecast(area, form, hub, kg=demand_kg)
    return County(
        area=area,
        lead=lead,
        shop=shop,
        station=shop.station,
        hub=hub,
        form=form,
        run=run,
        planner=person_with("planner", lead),
        approver=person_with("approver", lead),
    )


def make_price(form: ProductForm, *, grade: str = "", min_lot_g: int = 0) -> PriceTerm:
    """10 yuan a kilogram, floor 8.50, from 2026 on."""
    return services.set_price(
        form=form,
        grade=grade,
        price_per_kg=PRICE,
        floor_per_kg=FLOOR,
        min_lot_g=min_lot_g,
        valid_from=date(2026, 1, 1),
    )


def make_forecast(area: PlanningArea, form: ProductForm, hub: Hub, *, kg: int) -> ForecastRun:
    """A finished forecast: so many kg at the middle in the week of 20 July."""
    run = ForecastRun.objects.create(
        code=f"FC-{ForecastRun.objects.count() + 1:07d}",
        area=area,
        state="done",
        as_of=NOON,
        version="1",
        inputs_hash="0" * 64,
        seconds=0.1,
    )
    ForecastPoint.objects.create(
        run=run,
        form=form,
        grade="",
        hub=hub,
        monday=MONDAY,
        p10_g=kg * 500,
        p20_g=kg * 600,
        p50_g=kg * 1000,
        p80_g=kg * 1300,
        p90_g=kg * 1500,
    )
    return run


def make_grower(
    county: County, *, priority: bool = True, members: int = 3, mu: str = "2.00"
) -> Household:
    """A household bound to the county's shop that has planted the county's crop."""
    household = HouseholdFactory(
        village=county.shop.village, cooperative=county.lead, members=members
    )
    BindingFactory(shop=county.shop, household=household)
    if priority:
        HouseholdStatusFactory(household=household)
    plot = LandPlotFactory(household=household)
    PlantingFactory(plot=plot, crop=county.form.raw_crop, area_mu=Decimal(mu))
    return household


def make_offered_contract(county: County | None = None) -> Contract:
    """The contract of the only household of a county, on offer."""
    county = county or make_ready_county()
    make_grower(county)
    return county.offered().contracts.get()


def later(days: int) -> datetime:
    """Noon so many days after ``NOON``."""
    return NOON + timedelta(days=days)
