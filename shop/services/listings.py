"""Drafting, proving, publishing and withdrawing listings; Oscar's product follows each step."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from core.units import yuan
from core.uploads import Photo
from growers.models import Region, User, VillageShop
from harvest_calendar.models import Crop, CropCategory, Grade, ProductForm, Variety
from shop.errors import NotForSale
from shop.models import Listing, ListingProof, ListingState, ProofKind, ShopPartner
from shop.products import listing_title, may_be_listed, proof_needed
from shop.services.alerts import tell_openings
from shop.services.price_split import take_back_split
from shop.services.search_rows import refresh_search
from shop.signals import listing_moved
from shop.states import NEXT_LISTING

TARE_PERCENT = 6  # bag or jar and carton, as a share of what is inside; an estimate
PRODUCT_CLASS = "山货"


@transaction.atomic
def create_listing(
    *,
    shop: VillageShop,
    form: ProductForm,
    variety: Variety | None,
    grade: Grade | None,
    origin: Region,
    pack_weight_g: int,
    price: Decimal,
    description: str,
    by: User | None,
    at: datetime,
) -> Listing:
    """Draft a listing with its Oscar product, category and empty stock record.

    Raises
    ------
    NotForSale
        When the crop is medicine only.
    BadInput
        When weight or price is not above zero, or variety or grade is of another crop.
    """
    _check_facts(form.crop, variety, grade, pack_weight_g=pack_weight_g, price=price)
    code = new_code("LS")
    product = _make_product(form, variety, grade, pack_weight_g=pack_weight_g, code=code)
    listing = Listing(
        code=code,
        product=product,
        shop=shop,
        form=form,
        variety=variety,
        grade=grade,
        origin=origin,
        pack_weight_g=pack_weight_g,
        tare_g=pack_weight_g * TARE_PERCENT // 100,
        price=yuan(price),
        description=description,
        created_at=at,
    )
    _save(listing, by=by)
    _make_stock_record(listing)
    return listing


def _check_facts(
    crop: Crop,
    variety: Variety | None,
    grade: Grade | None,
    *,
    pack_weight_g: int,
    price: Decimal,
) -> None:
    _refuse_medicine(crop)
    if pack_weight_g <= 0:
        raise BadInput(_("每份要有重量。"), field="pack_weight_g")
    if price <= 0:
        raise BadInput(_("价格要大于零。"), field="price")
    if variety is not None and variety.crop_id not in {crop.pk}:
        raise BadInput(_("这个品种不是这种作物的。"), field="variety")
    if grade is not None and grade.crop_id != crop.pk:
        raise BadInput(_("这个等级不是这种作物的。"), field="grade")


def _refuse_medicine(crop: Crop) -> None:
    if not may_be_listed(crop):
        text = _("%(crop)s只能作药材，不能卖给消费者。")
        raise NotForSale(text % {"crop": crop.name})


def _make_product(
    form: ProductForm,
    variety: Variety | None,
    grade: Grade | None,
    *,
    pack_weight_g: int,
    code: str,
) -> Any:
    product_class, _made = get_model("catalogue", "ProductClass").objects.get_or_create(
        name=PRODUCT_CLASS, defaults={"requires_shipping": True, "track_stock": True}
    )
    product = get_model("catalogue", "Product").objects.create(
        title=listing_title(
            form=form,
            variety_name=variety.name_zh if variety else "",
            grade=grade,
            pack_weight_g=pack_weight_g,
        ),
        slug=code.lower(),
        product_class=product_class,
        is_public=False,
    )
    product.categories.add(_category(CropCategory(form.crop.category)))
    return product


def _category(category: CropCategory) -> Any:
    model = get_model("catalogue", "Category")
    found = model.objects.filter(slug=category.value, depth=1).first()
    return found or model.add_root(name=str(category.label), slug=category.value)


def partner_for(shop: VillageShop) -> Any:
    """The Oscar partner that stands for a shop; made on first use."""
    link = ShopPartner.objects.filter(shop=shop).select_related("partner").first()
    if link is None:
        partner = get_model("partner", "Partner").objects.create(name=shop.name_zh)
        link = ShopPartner.objects.create(shop=shop, partner=partner)
    return link.partner


def _make_stock_record(listing: Listing) -> None:
    get_model("partner", "StockRecord").objects.create(
        product=listing.product,
        partner=partner_for(listing.shop),
        partner_sku=listing.code,
        price=listing.price,
        num_in_stock=0,
        num_allocated=0,
    )


@transaction.atomic
def change_listing(
    *, code: str, price: Decimal, description: str, by: User | None, at: datetime
) -> Listing:
    """Change price and words; Oscar's price stays equal to the listing's.

    A new price takes back what was said of where the old one goes.

    Raises
    ------
    BadInput
        When the price is not above zero.
    """
    if price <= 0:
        raise BadInput(_("价格要大于零。"), field="price")
    listing = _locked(code)
    if yuan(price) != listing.price:
        take_back_split(listing=listing)
    listing.price = yuan(price)
    listing.description = description
    _save(listing, by=by)
    records = get_model("partner", "StockRecord").objects.filter(product_id=listing.product_id)
    records.update(price=listing.price, date_updated=at)
    refresh_search(listing_ids=[listing.pk], on=day_of(at))
    return listing


@transaction.atomic
def record_proof(
    *,
    listing: Listing,
    kind: ProofKind | str,
    number: str,
    issued_on: date,
    valid_to: date | None = None,
    scan: Photo | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> ListingProof:
    """Put a proof on record; the same proof twice stays one, with its newest photograph.

    With ``at`` the shelf shows it at once, otherwise when the listing is published or by night.

    Raises
    ------
    BadInput
        When the number is missing or the proof ends before it starts.
    """
    if not number.strip():
        raise BadInput(_("请写上证明的编号。"), field="number")
    if valid_to is not None and valid_to < issued_on:
        raise BadInput(_("有效期早于签发日。"), field="valid_to")
    proof, _made = ListingProof.objects.update_or_create(
        listing=listing,
        kind=kind,
        number=number.strip(),
        defaults={
            "issued_on": issued_on,
            "valid_to": valid_to,
            "recorded_by": by,
            **_scan_facts(scan),
        },
    )
    if at is not None:
        refresh_search(listing_ids=[listing.pk], on=day_of(at))
    return proof


def _scan_facts(scan: Photo | None) -> dict[str, Any]:
    if scan is None:
        return {}
    return {"scan": scan.file, "scan_width": scan.width, "scan_height": scan.height}


@transaction.atomic
def publish_listing(*, code: str, by: User | None, at: datetime) -> Listing:
    """Show a listing in the shop.

    Raises
    ------
    NotForSale
        When the crop is medicine only.
    NotAllowed
        When its proof is not on record, or its state does not allow it.
    """
    listing = _locked(code)
    _refuse_medicine(listing.form.crop)
    _refuse_unproven(listing, on=day_of(at))
    _move(listing, ListingState.PUBLISHED, by=by, at=at)
    refresh_search(listing_ids=[listing.pk], on=day_of(at))
    tell_openings(listings=[listing], on=day_of(at), at=at)
    return listing


@transaction.atomic
def withdraw_listing(*, code: str, by: User | None, at: datetime) -> Listing:
    """Take a listing out of the shop; orders already placed are not touched."""
    listing = _locked(code)
    _move(listing, ListingState.WITHDRAWN, by=by, at=at)
    refresh_search(listing_ids=[listing.pk], on=day_of(at))
    return listing


def _refuse_unproven(listing: Listing, *, on: date) -> None:
    needed = proof_needed(listing.form.crop)
    if not has_proof(listing, needed, on=on):
        text = _("还缺“%(proof)s”，录入后才能上架。")
        raise NotAllowed(text % {"proof": needed.label})


def has_proof(listing: Listing, kind: ProofKind, *, on: date) -> bool:
    """Whether a proof of this kind is on record and valid on a day."""
    proofs = listing.proofs.filter(kind=kind, issued_on__lte=on)
    return proofs.exclude(valid_to__lt=on).exists()


def _locked(code: str) -> Listing:
    rows = Listing.objects.select_for_update(of=("self",))
    return rows.select_related("form__crop", "product", "shop", "origin").get(code=code)


def _move(listing: Listing, to: ListingState, *, by: User | None, at: datetime) -> None:
    if to not in NEXT_LISTING[listing.state]:
        facts = {"code": listing.code, "state": listing.get_state_display(), "to": to.label}
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，不能改成“%(to)s”。") % facts)
    listing.state = to
    if to == ListingState.PUBLISHED:
        listing.published_at = at
    _save(listing, by=by)
    listing.product.is_public = to == ListingState.PUBLISHED
    listing.product.save(update_fields=["is_public"])
    transaction.on_commit(lambda: listing_moved.send(Listing, listing=listing))


def _save(listing: Any, *, by: User | None) -> None:
    listing._history_user = by  # simple-history reads the actor here
    listing.save()
