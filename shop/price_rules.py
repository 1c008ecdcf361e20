"""What a pack must cost at least, and what we suggest, from the crop's price facts."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from core.units import GRAMS_PER_KG, yuan
from harvest_calendar.models import ProductForm

OVER_FLOOR = Decimal("1.3")  # costs of packing and selling, where no shop price is known
SHARE_OF_RETAIL = Decimal("0.4")  # what growers get of a shop price, where no more is known
WHOLE = Decimal(1)


def floor_per_kg(form: ProductForm) -> Decimal:
    """The lowest a kilogram may be sold at: what the grower gets for it, never less.

    A form without a farm-gate price of its own takes that of the raw crop behind a kilogram; where
    neither is known, a share of the lowest shop price.
    """
    if form.crop.farm_gate_min is not None:
        return yuan(form.crop.farm_gate_min)
    if form.raw_crop.farm_gate_min is not None:
        return yuan(form.raw_crop.farm_gate_min * form.raw_kg_mid)
    return yuan((form.crop.retail_min or Decimal(0)) * SHARE_OF_RETAIL)


def floor_price(form: ProductForm, pack_weight_g: int) -> Decimal:
    """The lowest price of a pack."""
    return yuan(floor_per_kg(form) * pack_weight_g / GRAMS_PER_KG)


def suggested_price(form: ProductForm, pack_weight_g: int) -> Decimal:
    """The middle of the usual shop prices in whole yuan, never below the floor."""
    low, high = form.crop.retail_min, form.crop.retail_max
    floor = floor_price(form, pack_weight_g)
    if low is None or high is None:
        per_pack = floor * OVER_FLOOR
    else:
        per_pack = (low + high) / 2 * pack_weight_g / GRAMS_PER_KG
    rounded = max(WHOLE, per_pack.quantize(WHOLE, rounding=ROUND_HALF_UP))
    return yuan(max(rounded, floor.quantize(WHOLE, rounding=ROUND_CEILING)))


def usual_pack_g(form: ProductForm) -> int:
    """The middle of the crop's usual pack sizes; 500 g where none is known."""
    sizes = sorted(form.crop.pack_sizes_g)
    return sizes[(len(sizes) - 1) // 2] if sizes else 500
