"""Promises against supply: never more than is careful to expect."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import BadInput, NotEnough
from core.units import GRAMS_PER_KG
from growers.models import Region
from harvest_calendar.models import Crop, SupplyClaim
from harvest_calendar.selectors import supply_left_g


@transaction.atomic
def claim_supply(
    *,
    code: str,
    crop: Crop,
    county: Region,
    first_on: date,
    last_on: date,
    weight_g: int,
    at: datetime,
) -> SupplyClaim:
    """Promise raw grams of a crop picked in a county on the days; the same code claims anew.

    Claims on one crop wait for each other (its row is locked; SQLite writes one at a time), so
    two promises never count the same supply.

    Raises
    ------
    BadInput
        The days are out of order or the weight is not above zero.
    NotEnough
        More than P10 less the other open claims; kilograms, rounded to promise too little.
    """
    if weight_g <= 0 or first_on > last_on:
        raise BadInput(_("要占的产量须大于零，日子须先后有序。"))
    Crop.objects.select_for_update(no_key=True).get(pk=crop.pk)
    left_g = supply_left_g(crop=crop, county=county, first=first_on, last=last_on, except_code=code)
    if weight_g > left_g:
        raise NotEnough(
            what=_("%(county)s的%(crop)s（公斤）") % {"county": county.name, "crop": crop.name},
            wanted=-(-weight_g // GRAMS_PER_KG),
            left=left_g // GRAMS_PER_KG,
        )
    facts = {"crop": crop, "county": county, "first_on": first_on, "last_on": last_on}
    facts |= {"weight_g": weight_g, "claimed_at": at, "released_at": None}
    return SupplyClaim.objects.update_or_create(code=code, defaults=facts)[0]


@transaction.atomic
def release_claim(*, code: str, at: datetime) -> bool:
    """Give a promise back; releasing again, or an unknown code, changes nothing."""
    still_open = SupplyClaim.objects.filter(code=code, released_at__isnull=True)
    return bool(still_open.update(released_at=at))
