"""Prices and floors are said once, from a day on."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import PriceTerm
from core.errors import BadInput
from harvest_calendar.models import ProductForm


@transaction.atomic
def set_price(
    *,
    form: ProductForm,
    grade: str,
    price_per_kg: Decimal,
    floor_per_kg: Decimal,
    valid_from: date,
    min_lot_g: int = 0,
    harvest_percent: int = 100,
) -> PriceTerm:
    """Say what a kilogram is bought for from a day on; the same day again corrects it.

    Raises
    ------
    BadInput
        The price lies below the floor.
    """
    if floor_per_kg <= 0 or price_per_kg < floor_per_kg:
        raise BadInput(_("收购价不能低于保底价。"), field="price_per_kg")
    facts = {
        "price_per_kg": price_per_kg,
        "floor_per_kg": floor_per_kg,
        "min_lot_g": min_lot_g,
        "harvest_percent": harvest_percent,
    }
    term, _made = PriceTerm.objects.update_or_create(
        form=form, grade=grade, valid_from=valid_from, defaults=facts
    )
    return term
