"""What the apps above need to know about listings, and what a listing must show."""

from django.db.models import QuerySet

from core.templatetags.shanhuo import kg
from core.words import in_english
from growers.models import VillageShop
from harvest_calendar.models import Crop, CropCategory, Grade, ProductForm, SaleClass, Variety
from shop.models import Listing, ListingState, ProofKind
from shop.models.listing import english_title

_LICENSED = {CropCategory.OIL, CropCategory.HONEY, CropCategory.PROCESSED}
_CERTIFIED = {CropCategory.FRUIT, CropCategory.VEGETABLE, CropCategory.FUNGUS}
_FULL_WIDTH = str.maketrans({"(": "（", ")": "）", ",": "，", ";": "；"})


def crop_name(name: str) -> str:
    """A crop's or form's name as it is shown: Chinese punctuation throughout."""
    return name.translate(_FULL_WIDTH)


def listing_title(
    *, form: ProductForm, variety_name: str, grade: Grade | None, pack_weight_g: int
) -> str:
    """``花椒（武都大红袍，干）特级 500 g``."""
    parts = [crop_name(form.name_zh)]
    if variety_name and variety_name not in parts[0]:
        parts.append(crop_name(variety_name))
    if grade is not None:
        parts.append(grade.name_zh)
    title = " ".join([*parts, kg(pack_weight_g)])
    return title.replace("） ", "）")  # a full-width bracket brings its own space


# What a page reads of an order's line to call it by its listing's title.
LINE_TITLE = tuple(f"product__listing__{fact}" for fact in ("form", "variety", "grade"))


def shown_title(
    *, form: ProductForm, variety: Variety | None, grade: Grade | None, pack_weight_g: int
) -> str:
    """The title of a listing that is not made yet, in the reader's language."""
    if in_english():
        return english_title(form=form, variety=variety, grade=grade, pack_weight_g=pack_weight_g)
    name = variety.name_zh if variety else ""
    return listing_title(form=form, variety_name=name, grade=grade, pack_weight_g=pack_weight_g)


def proof_needed(crop: Crop) -> ProofKind:
    """The proof a listing of this crop needs before it may be published (product.md E12, E15).

    Oil, honey, made tea and other packed goods: a production licence or registered workshop.
    Fruit, vegetables with cultivated fungi, fresh tea and eggs: the compliance certificate.
    Meat and poultry: quarantine. All else: the self-grown declaration.
    """
    if crop.category in _LICENSED:
        return ProofKind.LICENCE
    if crop.category == CropCategory.TEA:
        return ProofKind.COMPLIANCE if crop.form == "fresh" else ProofKind.LICENCE
    if crop.category == CropCategory.LIVESTOCK:
        return ProofKind.COMPLIANCE if crop.key.startswith("egg") else ProofKind.QUARANTINE
    if crop.category in _CERTIFIED:
        return ProofKind.COMPLIANCE
    return ProofKind.SELF_GROWN


def may_be_listed(crop: Crop) -> bool:
    """Crops that are medicine only are never sold to consumers (product.md E15)."""
    return crop.sale_class != SaleClass.MEDICINAL_ONLY


def listings_for_form(form: ProductForm, *, shop: VillageShop | None = None) -> QuerySet[Listing]:
    """Published listings of a form, of one shop or of all."""
    found = Listing.objects.filter(form=form, state=ListingState.PUBLISHED)
    if shop is not None:
        found = found.filter(shop=shop)
    return found.select_related("shop", "grade", "form")
