"""Drafts from the calendar and the bound households' plantings."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import BadInput, NotAllowed
from growers.models import Region, VillageShop
from harvest_calendar.models import Crop, ProductForm
from shop.models import Listing, ListingState, ProofKind, SeasonState
from shop.price_rules import floor_price, suggested_price
from shop.selectors.drafts import Draft, drafts_for
from shop.services.drafts import accept_draft, adjust_listing, publish_draft
from shop.services.listings import record_proof
from tests.factories.growers import (
    BindingFactory,
    HouseholdFactory,
    LandPlotFactory,
    VillageShopFactory,
)
from tests.factories.harvest_calendar import (
    CropFactory,
    GradeFactory,
    PlantingFactory,
    ProductFormFactory,
)
from tests.factories.presale import NOON, make_season

pytestmark = pytest.mark.django_db
ON = date(2026, 8, 28)


def grown_for(shop: VillageShop, crop: Crop | None = None, **facts: Any) -> ProductForm:
    """A form whose crop a household bound to the shop grows, ripe in September."""
    crop = crop or CropFactory(
        farm_gate_min=Decimal(60), retail_min=Decimal(100), retail_max=Decimal(240),
        pack_sizes_g=[100, 250, 500, 1000, 5000], **facts,
    )  # fmt: skip
    household = HouseholdFactory(village=shop.village)
    BindingFactory(shop=shop, household=household)
    PlantingFactory(plot=LandPlotFactory(household=household), crop=crop)
    form: ProductForm = ProductFormFactory(crop=crop)
    if not crop.seasons.exists():
        make_season(crop, Region.objects.get(pk=shop.village.county_code), supply_g=70_000)
    return form


def accept(shop: VillageShop, form: ProductForm, **facts: Any) -> Listing:
    asked = {"variety": None, "grade": None, "pack_weight_g": 500, "price": Decimal(85)}
    asked |= {"description": "", "by": None, "at": NOON}
    return accept_draft(shop=shop, form=form, **{**asked, **facts})


def test_draft_says_season_cap_and_price() -> None:
    shop = VillageShopFactory()
    form = grown_for(shop)
    best = GradeFactory(crop=form.crop, name_zh="特级", rank=1)
    GradeFactory(crop=form.crop, name_zh="一级", rank=2)
    grown_for(shop, crop=form.crop)

    [draft] = drafts_for(shop, on=ON)

    assert draft.form == form
    assert draft.grade == best
    assert (draft.season.ready_on, draft.season.last_ready_on) == (
        date(2026, 9, 20),
        date(2026, 10, 10),
    )
    assert draft.left_g == 210_000
    assert (draft.pack_weight_g, draft.most_packs, draft.most_g) == (500, 420, 210_000)
    assert (draft.floor, draft.price) == (Decimal("30.00"), Decimal("85.00"))
    assert draft.growers == 2
    assert draft.proof == ProofKind.SELF_GROWN


def test_only_own_bound_growers_count() -> None:
    shop, other = VillageShopFactory(), VillageShopFactory()
    grown_for(other)

    assert drafts_for(shop, on=ON) == []
    assert len(drafts_for(other, on=ON)) == 1


@pytest.mark.parametrize(
    ("on", "count"),
    [(date(2026, 6, 21), 0), (date(2026, 6, 22), 1), (date(2026, 10, 10), 1),
     (date(2026, 10, 11), 0)],
)  # fmt: skip
def test_drafts_come_ninety_days_before_and_go_with_the_season(on: date, count: int) -> None:
    shop = VillageShopFactory()
    grown_for(shop)

    assert len(drafts_for(shop, on=on)) == count


def test_medicine_is_never_proposed() -> None:
    shop = VillageShopFactory()
    grown_for(shop, sale_class="medicinal_only")

    assert drafts_for(shop, on=ON) == []


def test_accepted_draft_is_not_proposed_again() -> None:
    shop = VillageShopFactory()
    form = grown_for(shop)

    listing = accept(shop, form)

    assert listing.state == ListingState.DRAFT
    assert listing.origin == shop.village.parent
    assert listing.season_state == SeasonState.TEASER
    assert listing.season_start_on == date(2026, 9, 7)
    assert drafts_for(shop, on=ON) == []
    with pytest.raises(NotAllowed, match="已经收下"):
        accept(shop, form)


def test_withdrawn_listing_is_proposed_again() -> None:
    shop = VillageShopFactory()
    listing = accept(shop, grown_for(shop))
    Listing.objects.filter(pk=listing.pk).update(state="withdrawn")

    assert len(drafts_for(shop, on=ON)) == 1


def test_price_is_never_below_the_floor() -> None:
    shop = VillageShopFactory()
    form = grown_for(shop)

    with pytest.raises(BadInput, match=r"低于保底价 ¥30\.00") as refused:
        accept(shop, form, price=Decimal("29.99"))

    assert refused.value.field == "price"
    listing = accept(shop, form, price=Decimal(30))
    with pytest.raises(BadInput):
        adjust_listing(listing=listing, price=Decimal(29), description="", by=None, at=NOON)


def test_publishing_waits_for_the_proof_and_shows_the_season_at_once() -> None:
    shop = VillageShopFactory()
    listing = accept(shop, grown_for(shop))
    with pytest.raises(NotAllowed, match="自产自销声明"):
        publish_draft(code=listing.code, by=None, at=NOON)

    record_proof(listing=listing, kind="self_grown", number="ZC-1", issued_on=ON)
    publish_draft(code=listing.code, by=None, at=NOON)

    listing.refresh_from_db()
    assert listing.state == ListingState.PUBLISHED
    assert listing.season_state == SeasonState.TEASER


def test_floor_of_a_made_form_counts_the_raw_crop_behind_it() -> None:
    raw = CropFactory(farm_gate_min=Decimal(5))
    made = ProductFormFactory(
        crop=CropFactory(), raw_crop=raw, raw_kg_mid=Decimal(6), raw_kg_high=Decimal(7)
    )

    assert floor_price(made, 500) == Decimal("15.00")
    assert suggested_price(made, 500) == Decimal("20.00")


def test_suggested_price_is_never_below_the_floor() -> None:
    crop = CropFactory(
        farm_gate_min=Decimal("60.10"), retail_min=Decimal(40), retail_max=Decimal(50)
    )

    assert suggested_price(ProductFormFactory(crop=crop), 1000) == Decimal("61.00")


def test_draft_of_a_later_made_form_counts_the_raw_harvest() -> None:
    shop = VillageShopFactory()
    raw_form = grown_for(shop)
    oil = CropFactory(form="oil", category="oil")
    county = Region.objects.get(pk=shop.village.county_code)
    ProductFormFactory(
        crop=oil, raw_crop=raw_form.crop, raw_kg_mid=Decimal(7), raw_kg_high=Decimal(8)
    )
    make_season(oil, county)

    drafts: dict[str, Draft] = {draft.form.key: draft for draft in drafts_for(shop, on=ON)}

    assert drafts[oil.key].left_g == 210_000
    assert drafts[oil.key].most_packs == 210_000 // 3500


def test_drafts_ask_no_more_for_more_crops() -> None:
    shop = VillageShopFactory()
    grown_for(shop)
    with CaptureQueriesContext(connection) as one:
        assert len(drafts_for(shop, on=ON)) == 1
    grown_for(shop)
    grown_for(shop)

    with CaptureQueriesContext(connection) as three:
        assert len(drafts_for(shop, on=ON)) == 3

    assert len(three) == len(one)
