"""Published listings of a synthetic county: every shop sells a few forms its county grows."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.units import GRAMS_PER_KG, yuan
from devtools.county.world import World
from growers.models import VillageShop
from harvest_calendar.models import HarvestWindow, ProductForm
from shop.models import Listing
from shop.products import may_be_listed, proof_needed
from shop.services.listings import create_listing, publish_listing, record_proof

FORMS_PER_SHOP = 3
GRADE_MARKUP = {1: Decimal("1.15"), 2: Decimal("1.00"), 3: Decimal("0.90")}


@dataclass(frozen=True)
class Choice:
    """A form a county can sell, with what a kilogram costs."""

    form: ProductForm
    price_per_kg: Decimal


def sellable_forms(county_code: str) -> list[Choice]:
    """Forms of crops with a window in the county that may be sold to consumers."""
    crops = HarvestWindow.objects.filter(county_id=county_code).values("crop_id")
    forms = ProductForm.objects.filter(crop__in=crops).select_related("crop").order_by("key")
    return [
        Choice(form, yuan((form.crop.retail_min + form.crop.retail_max) / 2))
        for form in forms
        if may_be_listed(form.crop) and form.crop.retail_min and form.crop.retail_max
    ]


def build_listings(world: World, *, first: dict[int, list[ProductForm]]) -> list[Listing]:
    """Listings of all shops; ``first`` names forms that a shop must have, by shop id."""
    choices = {county.code: sellable_forms(county.code) for county in world.counties}
    listings = []
    for shop in world.shops:
        offered = choices[shop.village.county_code]
        wanted = {form.pk for form in first.get(shop.pk, [])}
        start = world.pick(len(offered))
        turn = [offered[(start + n * 3) % len(offered)] for n in range(FORMS_PER_SHOP)]
        picked = {choice.form.pk: choice for choice in offered if choice.form.pk in wanted}
        picked.update({choice.form.pk: choice for choice in turn})
        listings += [_listing(world, shop, choice) for choice in picked.values()]
    return listings


def _listing(world: World, shop: VillageShop, choice: Choice) -> Listing:
    crop = choice.form.crop
    grades = list(crop.grades.all()[:2])
    grade = grades[world.pick(len(grades))] if grades else None
    packs = (
        [size for size in crop.pack_sizes_g if 200 <= size <= 5000] or crop.pack_sizes_g or [1000]
    )
    pack_g = packs[world.pick(len(packs))]
    markup = GRADE_MARKUP.get(grade.rank if grade else 2, Decimal(1))
    price = (choice.price_per_kg * markup * pack_g / GRAMS_PER_KG).quantize(Decimal(1)) - Decimal(
        "0.20"
    )
    opened = world.now - timedelta(days=800)
    listing = create_listing(
        shop=shop,
        form=choice.form,
        variety=None,
        grade=grade,
        origin=shop.village,
        pack_weight_g=pack_g,
        price=max(price, Decimal("3.80")),
        description="",
        by=None,
        at=opened,
    )
    record_proof(
        listing=listing,
        kind=proof_needed(crop),
        number=f"示例-{listing.code[-6:]}",
        issued_on=date(world.today.year - 3, 1, 15),
    )
    return publish_listing(code=listing.code, by=None, at=opened)
