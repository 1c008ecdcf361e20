"""Rows of the shop for tests, made by the shop's own services; nothing is random but codes.

``ListingFactory()`` is a published listing in season with 20 packs on hand; ``PurchaseFactory()``
is an order of two packs of one, placed for collection; ``state=`` moves it on.
``make_collection_station()`` is a station with its county hub, ``make_rate_card()`` lets parcels
travel.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from growers.models import Hub, Station, User
from shop.contact import Contact, Fulfilment, Wanted
from shop.models import (
    FulfilmentKind,
    Listing,
    ListingProof,
    ListingState,
    Purchase,
    PurchaseState,
    Rate,
    RateCard,
    SeasonState,
    Zone,
    ZoneProvince,
)
from shop.products import proof_needed
from shop.services.listings import create_listing, publish_listing, record_proof
from shop.services.moving import cancel_order, move_order
from shop.services.placing import place_orders
from shop.services.stock import set_stock
from tests.factories.growers import (
    HubFactory,
    StationFactory,
    StationHubFactory,
    VillageShopFactory,
    make_county,
)
from tests.factories.harvest_calendar import ProductFormFactory

NOON = datetime(2026, 8, 28, 4, 0, tzinfo=UTC)  # 12:00 in Longnan, a Friday
BUYER = Contact(name="测试买家", mobile="13800138000")
STEPS = [PurchaseState.PACKED, PurchaseState.SENT, PurchaseState.DELIVERED]


def make_collection_station(**facts: Any) -> Station:
    """A station with its county hub; the metropolitan hub stands beside it."""
    station = StationFactory(**facts)
    hub = Hub.objects.filter(kind="county").first() or HubFactory(region=make_county())
    StationHubFactory(station=station, hub=hub)
    make_metropolitan_hub()
    return station


def make_metropolitan_hub() -> Hub:
    """The hub that serves other provinces; asking twice gives the same one."""
    found = Hub.objects.filter(kind="metropolitan").first()
    return found or HubFactory(kind="metropolitan", name_zh="外运仓")


def make_rate_card(*, first_kg: str = "5.00", further_kg: str = "1.50") -> RateCard:
    """One zone, Gansu (62), from 2020 on; asking twice gives the same card."""
    card, made = RateCard.objects.get_or_create(
        key="tongda_contract",
        valid_from=date(2020, 1, 1),
        defaults={"name_zh": "合同快递", "confidence": "estimate"},
    )
    if made:
        zone = Zone.objects.create(key="Z1", name_zh="省内")
        ZoneProvince.objects.create(zone=zone, province_code="62", name_zh="甘肃省")
        Rate.objects.create(
            card=card,
            zone=zone,
            first_kg=Decimal(first_kg),
            further_kg=Decimal(further_kg),
            days_min=1,
            days_max=3,
        )
    return card


class ListingFactory(DjangoModelFactory):
    """Published, in season from 5 July to 10 September 2026, ``packs`` (20) on hand."""

    class Meta:
        model = Listing

    shop = factory.SubFactory(VillageShopFactory)
    form = factory.SubFactory(ProductFormFactory)
    variety = None
    grade = None
    origin = factory.SelfAttribute("shop.village")
    pack_weight_g = 500
    price = Decimal("58.00")
    description = ""
    packs = 20
    state = ListingState.PUBLISHED
    season_state = SeasonState.IN_SEASON
    season_start_on = date(2026, 7, 5)
    season_peak_on = date(2026, 7, 20)
    season_end_on = date(2026, 9, 10)

    @classmethod
    def _create(cls, model_class: type[Listing], *args: Any, **kwargs: Any) -> Listing:
        packs, state = kwargs.pop("packs"), kwargs.pop("state")
        later = {name: kwargs.pop(name) for name in list(kwargs) if name.startswith("season_")}
        listing = create_listing(**kwargs, by=None, at=NOON)
        Listing.objects.filter(pk=listing.pk).update(**later)
        set_stock(listing=listing, packs=packs, at=NOON)
        if state == ListingState.PUBLISHED:
            ListingProofFactory(listing=listing)
            publish_listing(code=listing.code, by=None, at=NOON)
        return Listing.objects.select_related("product", "shop", "form__crop", "origin").get(
            pk=listing.pk
        )


class ListingProofFactory(DjangoModelFactory):
    """The proof a listing needs, issued on 1 January 2020, without an end."""

    class Meta:
        model = ListingProof

    listing = factory.SubFactory(ListingFactory)
    kind = factory.LazyAttribute(lambda proof: proof.listing and proof_needed_of(proof.listing))
    number = factory.Sequence(lambda n: f"PROOF-{n:04d}")
    issued_on = date(2020, 1, 1)

    @classmethod
    def _create(cls, model_class: type[ListingProof], *args: Any, **kwargs: Any) -> ListingProof:
        return record_proof(**kwargs)


def proof_needed_of(listing: Listing) -> str:
    """The kind of proof the listing's crop needs."""
    return proof_needed(listing.form.crop)


class PurchaseFactory(DjangoModelFactory):
    """Two packs of ``listing`` for collection; ``state`` walks it there step by step."""

    class Meta:
        model = Purchase

    listing = factory.SubFactory(ListingFactory)
    packs = 2
    contact = BUYER
    fulfilment = factory.LazyFunction(lambda: Fulfilment.collect_at(make_collection_station()))
    checkout_key = factory.Sequence(lambda n: f"test-checkout-{n}")
    user: User | None = None
    at = NOON
    state = PurchaseState.PLACED

    @classmethod
    def _create(cls, model_class: type[Purchase], *args: Any, **kwargs: Any) -> Purchase:
        state, at = kwargs.pop("state"), kwargs["at"]
        wanted = [Wanted(kwargs.pop("listing"), kwargs.pop("packs"))]
        [purchase] = place_orders(basket_lines=wanted, **kwargs)
        if state == PurchaseState.CANCELLED:
            return cancel_order(code=purchase.code, by=None, at=at)
        for step in STEPS[: STEPS.index(state) + 1] if state in STEPS else []:
            purchase = move_order(code=purchase.code, to=step, by=None, at=at)
        return purchase


def delivery_to_gansu() -> Fulfilment:
    """Delivery inside the province; makes the rate card and hub it needs."""
    make_rate_card()
    make_metropolitan_hub()
    return Fulfilment(
        kind=FulfilmentKind.DELIVERY, province_code="62", city="兰州市", address="测试路 1 号"
    )
