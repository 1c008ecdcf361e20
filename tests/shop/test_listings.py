"""Drafting, proving and publishing; what may never be sold to consumers."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import BadInput, NotAllowed
from harvest_calendar.models import Crop
from shop.errors import NotForSale
from shop.models import Listing, ListingState, ProofKind, ShopPartner
from shop.products import listing_title, proof_needed
from shop.services.listings import (
    create_listing,
    publish_listing,
    record_proof,
    withdraw_listing,
)
from tests.factories.growers import VillageShopFactory
from tests.factories.harvest_calendar import (
    CropFactory,
    GradeFactory,
    ProductFormFactory,
    VarietyFactory,
)
from tests.factories.shop import NOON, ListingFactory, ListingProofFactory

pytestmark = pytest.mark.django_db


def draft(form=None, **facts):
    shop = VillageShopFactory()
    asked = {
        "shop": shop,
        "form": form or ProductFormFactory(),
        "variety": None,
        "grade": None,
        "origin": shop.village,
        "pack_weight_g": 500,
        "price": Decimal("58.00"),
        "description": "",
        "by": None,
        "at": NOON,
    }
    return create_listing(**{**asked, **facts})


def test_draft_has_product_partner_and_empty_stock():
    listing = draft()

    record = listing.product.stockrecords.get()
    assert (record.price, record.num_in_stock, record.num_allocated) == (Decimal("58.00"), 0, 0)
    assert record.partner == ShopPartner.objects.get(shop=listing.shop).partner
    assert listing.product.is_public is False
    assert listing.state == ListingState.DRAFT


def test_two_listings_of_a_shop_share_its_partner():
    shop = VillageShopFactory()

    draft(shop=shop, origin=shop.village)
    draft(shop=shop, origin=shop.village)

    assert ShopPartner.objects.filter(shop=shop).count() == 1


def test_title_says_form_grade_and_weight_in_chinese_signs():
    form = ProductFormFactory(crop=CropFactory(name_zh="花椒(武都大红袍,干)"))
    grade = GradeFactory(crop=form.crop, name_zh="特级")

    title = listing_title(form=form, variety_name="大红袍", grade=grade, pack_weight_g=2500)

    assert title == "花椒（武都大红袍，干）特级 2.5 kg"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pack_weight_g": 0}, "pack_weight_g"),
        ({"price": Decimal("0")}, "price"),
    ],
)
def test_impossible_facts_are_refused(change, field):
    with pytest.raises(BadInput) as caught:
        draft(**change)

    assert caught.value.field == field


def test_grade_and_variety_must_be_of_the_crop():
    with pytest.raises(BadInput, match="等级"):
        draft(grade=GradeFactory(crop=CropFactory()))
    with pytest.raises(BadInput, match="品种"):
        draft(variety=VarietyFactory(crop=CropFactory()))


@pytest.mark.parametrize(
    ("crop", "proof"),
    [
        ({"category": "oil"}, ProofKind.LICENCE),
        ({"category": "honey"}, ProofKind.LICENCE),
        ({"category": "processed"}, ProofKind.LICENCE),
        ({"category": "tea", "form": "dried"}, ProofKind.LICENCE),
        ({"category": "tea", "form": "fresh"}, ProofKind.COMPLIANCE),
        ({"category": "fruit"}, ProofKind.COMPLIANCE),
        ({"category": "vegetable"}, ProofKind.COMPLIANCE),
        ({"category": "fungus"}, ProofKind.COMPLIANCE),
        ({"category": "livestock", "key": "egg"}, ProofKind.COMPLIANCE),
        ({"category": "livestock", "key": "chicken"}, ProofKind.QUARANTINE),
        ({"category": "spice"}, ProofKind.SELF_GROWN),
        ({"category": "nut"}, ProofKind.SELF_GROWN),
        ({"category": "herb"}, ProofKind.SELF_GROWN),
    ],
)
def test_proof_follows_the_class(crop, proof):
    assert proof_needed(CropFactory(**crop)) == proof


def test_without_its_proof_a_listing_is_not_published():
    listing = draft()
    record_proof(listing=listing, kind="licence", number="SC-1", issued_on=date(2025, 1, 1))

    with pytest.raises(NotAllowed, match="自产自销声明"):
        publish_listing(code=listing.code, by=None, at=NOON)

    listing.refresh_from_db()
    assert listing.state == ListingState.DRAFT


def test_proof_that_has_ended_does_not_count():
    listing = draft()
    ListingProofFactory(listing=listing, valid_to=date(2026, 8, 27))

    with pytest.raises(NotAllowed):
        publish_listing(code=listing.code, by=None, at=NOON)


def test_with_its_proof_it_is_shown():
    listing = draft()
    ListingProofFactory(listing=listing, valid_to=date(2026, 8, 28))

    published = publish_listing(code=listing.code, by=None, at=NOON)

    assert (published.state, published.published_at) == (ListingState.PUBLISHED, NOON)
    published.product.refresh_from_db()
    assert published.product.is_public is True


def test_withdrawn_listing_can_come_back():
    listing = ListingFactory()

    withdraw_listing(code=listing.code, by=None, at=NOON)
    back = publish_listing(code=listing.code, by=None, at=NOON)

    assert back.state == ListingState.PUBLISHED


def test_published_listing_is_not_published_twice():
    listing = ListingFactory()

    with pytest.raises(NotAllowed, match=listing.code):
        publish_listing(code=listing.code, by=None, at=NOON)


def test_medicine_is_never_drafted():
    form = ProductFormFactory(crop=CropFactory(name_zh="大黄", sale_class="medicinal_only"))

    with pytest.raises(NotForSale, match="大黄只能作药材"):
        draft(form=form)


def test_crop_that_became_medicine_is_never_published():
    listing = draft()
    ListingProofFactory(listing=listing)
    Crop.objects.filter(pk=listing.form.crop_id).update(sale_class="medicinal_only")

    with pytest.raises(NotForSale):
        publish_listing(code=listing.code, by=None, at=NOON)


def test_row_of_a_medicine_cannot_be_saved_past_the_service():
    listing = ListingFactory()
    Crop.objects.filter(pk=listing.form.crop_id).update(sale_class="medicinal_only")

    with pytest.raises(ValidationError):
        Listing.objects.get(pk=listing.pk).save()


def test_database_refuses_a_price_of_nothing():
    listing = ListingFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(price=0)
