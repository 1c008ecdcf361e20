"""What carriage costs: one quote for a shop's packs, the same in basket, checkout and order.

Our own reading of a rate card (first kilogram, then steps); Oscar's weight-based method knows
countries only and asks the database once a line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from core.units import GRAMS_PER_KG, yuan
from shop.contact import Fulfilment, Wanted
from shop.models import Rate, ZoneProvince

CARD = "tongda_contract"
FIRST_STEP_G = GRAMS_PER_KG
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Quote:
    """A charge, how long the way takes, and how it is called on the order."""

    charge: Decimal
    weight_g: int
    days_min: int
    days_max: int
    method: str
    code: str


def weigh(wanted: Iterable[Wanted]) -> int:
    """Grams that travel: what is inside and its packaging. Asks nothing of the database."""
    return sum((want.listing.pack_weight_g + want.listing.tare_g) * want.packs for want in wanted)


def charge_for(rate: Rate, weight_g: int) -> Decimal:
    """Price of the first kilogram and of every started step above it."""
    steps = -(-max(weight_g - FIRST_STEP_G, 0) // rate.step_g)
    return yuan(rate.first_kg + rate.further_kg * steps * rate.step_g / GRAMS_PER_KG)


def rates_in_force(*, on: date, card: str = CARD) -> dict[int, Rate]:
    """The rate of every zone on a day, by zone id; the youngest card counts. One query."""
    in_force = Q(card__valid_to__isnull=True) | Q(card__valid_to__gte=on)
    found = Rate.objects.filter(in_force, card__key=card, card__valid_from__lte=on)
    ordered = found.select_related("card", "zone").order_by("card__valid_from")
    return {rate.zone_id: rate for rate in ordered}


def rate_for(*, province_code: str, on: date, card: str = CARD) -> Rate:
    """The rate in force to a province.

    Raises
    ------
    NotAllowed
        When nothing is sent there.
    """
    province = ZoneProvince.objects.filter(province_code=province_code).first()
    rate = rates_in_force(on=on, card=card).get(province.zone_id) if province else None
    if rate is None:
        raise NotAllowed(_("这个省份现在寄不到，可以选到站点自取。"))
    return rate


def quotes_for(
    parcels: Sequence[Sequence[Wanted]], *, fulfilment: Fulfilment, on: date
) -> list[Quote]:
    """A quote for each shop's packs, in the same order; two queries however many there are."""
    if fulfilment.is_collection:
        return [Quote(NOTHING, weigh(packs), 0, 0, _("到站点自取"), "collect") for packs in parcels]
    rate = rate_for(province_code=fulfilment.province_code, on=on)
    return [_delivery(rate, weigh(packs)) for packs in parcels]


def _delivery(rate: Rate, weight_g: int) -> Quote:
    return Quote(
        charge=charge_for(rate, weight_g),
        weight_g=weight_g,
        days_min=rate.days_min,
        days_max=rate.days_max,
        method=_("快递到家"),
        code=f"{rate.card.key}-{rate.zone.key}",
    )
