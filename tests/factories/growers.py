"""Rows of growers for tests: real counties, invented villages and people, never random.

``make_village()`` builds the tree above it; ``person_with("planner", cooperative)`` is a user
with that role for that thing from 2020 on.
"""

from datetime import UTC, date, datetime

import factory
from django.db.models import Model
from factory.django import DjangoModelFactory

from growers.models import (
    AccessEvent,
    Binding,
    Cooperative,
    Household,
    HouseholdIdentity,
    HouseholdMember,
    HouseholdStatus,
    Hub,
    LandPlot,
    Membership,
    PlanningArea,
    PovertyLine,
    Region,
    Station,
    StationHub,
    TierRule,
    User,
    VillageShop,
)

LONG_AGO = date(2020, 1, 1)
PASSWORD = "shanhuo-test-2026"
PIN = "246810"
CITY_CODE = "621200000000"
COUNTY_CODES = {
    "武都区": "621202000000",
    "成县": "621221000000",
    "文县": "621222000000",
    "宕昌县": "621223000000",
    "康县": "621224000000",
    "西和县": "621225000000",
    "礼县": "621226000000",
    "徽县": "621227000000",
    "两当县": "621228000000",
}


def make_city() -> Region:
    """陇南市."""
    facts = {"level": "city", "name_zh": "陇南市"}
    return Region.objects.get_or_create(code=CITY_CODE, defaults=facts)[0]


def make_county(name: str = "武都区") -> Region:
    """A county by its real name; asking twice gives the same one."""
    facts = {"level": "county", "name_zh": name, "parent": make_city(), "altitude_m": 1000}
    return Region.objects.get_or_create(code=COUNTY_CODES[name], defaults=facts)[0]


def make_township(
    county: Region | None = None, *, name: str = "", altitude_m: int | None = 1200
) -> Region:
    """A new invented township of a county (武都区 unless told)."""
    county = county or make_county()
    number = county.children.count() + 1
    return Region.objects.create(
        code=f"{county.code[:6]}{900 + number:03d}000",
        level="township",
        parent=county,
        name_zh=name or f"云台{number}乡",
        altitude_m=altitude_m,
    )


def make_village(
    township: Region | None = None, *, name: str = "", altitude_m: int | None = 1300
) -> Region:
    """A new invented village; without a township it lies in the first one of 武都区."""
    if township is None:
        first = Region.objects.filter(level="township", parent=make_county()).first()
        township = first or make_township()
    number = township.children.count() + 1
    return Region.objects.create(
        code=f"{township.code[:9]}{200 + number:03d}",
        level="village",
        parent=township,
        name_zh=name or f"松坪{number}村",
        altitude_m=altitude_m,
    )


def _township() -> Region:
    return Region.objects.filter(level="township").first() or make_township()


class RegionFactory(DjangoModelFactory):
    """A village; use the ``make_`` functions for the other levels."""

    class Meta:
        model = Region

    @classmethod
    def _create(cls, model_class: type[Region], *args: object, **kwargs: object) -> Region:
        return make_village(**kwargs)  # type: ignore[arg-type]


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    mobile = factory.Sequence(lambda n: f"138{n:08d}")
    display_name = factory.Sequence(lambda n: f"测试人{n}")
    password = factory.django.Password(PASSWORD)


class CooperativeFactory(DjangoModelFactory):
    class Meta:
        model = Cooperative

    code = factory.Sequence(lambda n: f"CO-{n:04d}")
    name_zh = factory.Sequence(lambda n: f"青山{n}合作社")
    region = factory.LazyFunction(make_county)


class PlanningAreaFactory(DjangoModelFactory):
    class Meta:
        model = PlanningArea
        django_get_or_create = ("region",)

    code = factory.Sequence(lambda n: f"PA-{n:04d}")
    name_zh = factory.LazyAttribute(lambda area: area.region.name_zh)
    region = factory.LazyFunction(make_county)
    lead = factory.SubFactory(CooperativeFactory, region=factory.SelfAttribute("..region"))


class HubFactory(DjangoModelFactory):
    class Meta:
        model = Hub

    code = factory.Sequence(lambda n: f"HB-{n:04d}")
    name_zh = factory.Sequence(lambda n: f"{n}号仓")
    kind = "county"
    region = factory.LazyFunction(make_county)


class StationFactory(DjangoModelFactory):
    class Meta:
        model = Station

    code = factory.Sequence(lambda n: f"ST-{n:04d}")
    name_zh = factory.Sequence(lambda n: f"云台{n}收购站")
    township = factory.LazyFunction(_township)
    address = "云台街 1 号"
    phone = "0939-0000000"


class StationHubFactory(DjangoModelFactory):
    class Meta:
        model = StationHub

    station = factory.SubFactory(StationFactory)
    hub = factory.SubFactory(HubFactory)
    cost_fen_per_kg = 30


class VillageShopFactory(DjangoModelFactory):
    class Meta:
        model = VillageShop

    code = factory.Sequence(lambda n: f"VS-{n:04d}")
    name_zh = factory.Sequence(lambda n: f"松坪{n}村店")
    village = factory.LazyFunction(make_village)
    station = factory.SubFactory(StationFactory, township=factory.SelfAttribute("..village.parent"))
    cooperative = factory.SubFactory(CooperativeFactory)
    phone = "0939-0000001"
    opened_on = LONG_AGO


class HouseholdFactory(DjangoModelFactory):
    """A household with a sealed identity and ``members`` people (3 unless told)."""

    class Meta:
        model = Household
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"HH-{n:06d}")
    village = factory.LazyFunction(make_village)
    cooperative = None
    registered_on = LONG_AGO

    @factory.post_generation
    def members(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        for number in range(3 if extracted is None else extracted):
            HouseholdMember.objects.create(
                household=self,
                name=f"王测试{number}",
                relation="户主" if number == 0 else "家人",
                joined_on=LONG_AGO,
            )

    @factory.post_generation
    def head_name(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        HouseholdIdentity.objects.create(
            household=self, head_name=extracted or "王测试0", phone="13900000000"
        )


class HouseholdStatusFactory(DjangoModelFactory):
    class Meta:
        model = HouseholdStatus

    household = factory.SubFactory(HouseholdFactory)
    scheme = "regular_2026"
    category = "prevention"
    valid_from = date(2026, 1, 1)
    source = "测试"


class TierRuleFactory(DjangoModelFactory):
    class Meta:
        model = TierRule
        django_get_or_create = ("scheme", "category", "valid_from")

    scheme = "regular_2026"
    category = "prevention"
    tier = 1
    valid_from = date(2026, 1, 1)
    source = "测试"


class PovertyLineFactory(DjangoModelFactory):
    class Meta:
        model = PovertyLine
        django_get_or_create = ("year",)

    year = 2020
    yuan_per_person = "4000.00"
    source = "recall"
    confidence = "medium"


class LandPlotFactory(DjangoModelFactory):
    class Meta:
        model = LandPlot

    code = factory.Sequence(lambda n: f"LP-{n:06d}")
    household = factory.SubFactory(HouseholdFactory)
    village = factory.SelfAttribute("household.village")
    area_mu = "2.50"
    altitude_m = 1300


class BindingFactory(DjangoModelFactory):
    """A household bound to a shop; give ``village`` and ``kind`` for a village binding."""

    class Meta:
        model = Binding

    shop = factory.SubFactory(VillageShopFactory)
    kind = factory.LazyAttribute(lambda b: "one_village" if b.village else "many_households")
    village = None
    household = factory.Maybe("village", None, factory.SubFactory(HouseholdFactory))
    valid_from = LONG_AGO


class MembershipFactory(DjangoModelFactory):
    """A household's person unless told; ``person_with`` picks the field by the role."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = "household"
    household = factory.Maybe(
        factory.LazyAttribute(lambda m: m.role == "household"),
        factory.SubFactory(HouseholdFactory),
        None,
    )
    valid_from = LONG_AGO


class AccessEventFactory(DjangoModelFactory):
    class Meta:
        model = AccessEvent

    household = factory.SubFactory(HouseholdFactory)
    user = factory.SubFactory(UserFactory)
    what = "identity"
    purpose = "核对收货"
    at = datetime(2026, 8, 28, 2, 0, tzinfo=UTC)


SCOPE_FIELDS = {
    "household": "household",
    "shop_operator": "shop",
    "station_keeper": "station",
    "planner": "cooperative",
    "approver": "cooperative",
    "helper": "region",
    "official": "region",
    "editor": "region",
    "auditor": "region",
}


def person_with(role: str, thing: Model, *, user: User | None = None, **dates: date) -> User:
    """A user (new unless given) who holds a role for a household, shop, … or region."""
    person = user or UserFactory()
    scope = {SCOPE_FIELDS[role]: thing}
    facts = {"valid_from": LONG_AGO, **dates}
    Membership.objects.create(user=person, role=role, **scope, **facts)
    return person
