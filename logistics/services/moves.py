"""The only way grams move: one line of the ledger and the balances it changes, together."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from growers.models import Hub, Station, User
from logistics.errors import GramsShort, NotEnoughGrams
from logistics.models import Lot, LotBalance, LotState, Place, PlaceKind, StockMove


@dataclass(frozen=True)
class Document:
    """What stands behind a move: its code, who did it and when."""

    code: str
    by: User | None
    at: datetime


def place_of_station(station: Station) -> Place:
    """The place of a station, made when first needed."""
    defaults = {"code": station.code, "kind": PlaceKind.STATION}
    return Place.objects.get_or_create(station=station, defaults=defaults)[0]


def place_of_hub(hub: Hub) -> Place:
    """The place of a hub, made when first needed."""
    return Place.objects.get_or_create(hub=hub, defaults={"code": hub.code, "kind": PlaceKind.HUB})[
        0
    ]


@transaction.atomic
def post_move(
    *,
    key: str,
    lot: Lot,
    weight_g: int,
    reason: str,
    document: Document,
    from_place: Place | None = None,
    to_place: Place | None = None,
) -> StockMove:
    """Write one move and change the balances with it.

    Raises
    ------
    NotEnoughGrams
        When fewer grams of the lot lie at ``from_place``.
    """
    move = StockMove.objects.create(
        key=key,
        lot=lot,
        from_place=from_place,
        to_place=to_place,
        weight_g=weight_g,
        reason=reason,
        document=document.code,
        by=document.by,
        at=document.at,
    )
    if from_place is not None:
        _take(lot, from_place, weight_g)
    if to_place is not None:
        LotBalance.objects.get_or_create(lot=lot, place=to_place)
        here = LotBalance.objects.filter(lot=lot, place=to_place)
        here.update(weight_g=F("weight_g") + weight_g)
    elif not LotBalance.objects.filter(lot=lot, weight_g__gt=0).exists():
        Lot.objects.filter(pk=lot.pk).update(state=LotState.CLOSED)
    return move


def _take(lot: Lot, place: Place, weight_g: int) -> None:
    here = LotBalance.objects.filter(lot=lot, place=place)
    if not here.filter(weight_g__gte=weight_g).update(weight_g=F("weight_g") - weight_g):
        left_g = here.values_list("weight_g", flat=True).first() or 0
        raise NotEnoughGrams([GramsShort(what=lot.code, wanted_g=weight_g, left_g=left_g)])
