"""An order leaves the shelf, the shop and the station."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed
from growers.models import User
from logistics.errors import NotEnoughGrams
from logistics.models import LotBalance, MoveReason, Packing, PackLine
from logistics.selectors.access import may_keep, may_operate
from logistics.selectors.orders import PickPlan, balances_behind, pick_plans
from logistics.services.moves import Document, post_move
from logistics.services.stock import lock_pools, refresh_listing_stock
from shop.models import FulfilmentKind, PaymentMeans, Purchase, PurchaseState
from shop.selectors.orders import standing_lines
from shop.services.moving import move_order, receive_payment
from shop.services.stock import set_stock, stock_records


@transaction.atomic
def pack_order(*, code: str, by: User | None, at: datetime) -> Packing:
    """Pack a placed order from lots, earliest expiry first, never an expired one.

    Packing it again returns the same packing.

    Raises
    ------
    NotAllowed
        When the person does not operate the shop, or the order cannot be packed now.
    NotEnoughGrams
        Naming every listing with too few usable grams.
    """
    purchase = _locked(code)
    if not may_operate(user=by, shop=purchase.shop, on=day_of(at)):
        raise NotAllowed(_("只有“%s”的店主能打包这一单。") % purchase.shop.name)
    done = Packing.objects.filter(purchase=purchase).first()
    if done is not None:
        return done
    plan = _locked_plan(purchase, at=at)
    if plan.short:
        raise NotEnoughGrams(plan.short)
    packing = Packing.objects.create(
        code=new_code("PK"), purchase=purchase, packed_at=at, packed_by=by
    )
    _take(packing, plan)
    lots = [pick.balance.lot for pick in plan.picks]
    lock_pools({(lot.cooperative_id, lot.form_id, lot.grade) for lot in lots})
    _shelf_holds_the_order(purchase, at=at)
    move_order(code=code, to=PurchaseState.PACKED, by=by, at=at)
    refresh_listing_stock(lots=lots, at=at)
    return packing


def _locked(code: str) -> Purchase:
    rows = Purchase.objects.select_for_update(of=("self",)).select_related("shop", "order")
    return rows.get(code=code)


def _locked_plan(purchase: Purchase, *, at: datetime) -> PickPlan:
    """Picks from rows that nobody else can take from until we are done (locked by key)."""
    seen = balances_behind([purchase], on=day_of(at))
    keys = list(seen.order_by().values_list("pk", flat=True))
    locked = LotBalance.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    list(locked.values_list("pk", flat=True))
    return pick_plans([purchase], on=day_of(at))[0]


def _take(packing: Packing, plan: PickPlan) -> None:
    document = Document(code=packing.code, by=packing.packed_by, at=packing.packed_at)
    for pick in plan.picks:
        lot, place = pick.balance.lot, pick.balance.place
        PackLine.objects.create(
            packing=packing, listing=pick.listing, lot=lot, place=place, weight_g=pick.weight_g
        )
        post_move(
            key=f"{packing.code}:{pick.listing.code}:{lot.code}:{place.code}",
            lot=lot,
            weight_g=pick.weight_g,
            reason=MoveReason.PACK,
            document=document,
            from_place=place,
        )


def _shelf_holds_the_order(purchase: Purchase, *, at: datetime) -> None:
    """The grams are in hand, so the shelf must say at least the packs of this order.

    It may say fewer when promises ahead of the harvest share a pool; the refresh after packing
    shares what is left again.
    """
    lines = {line.product.listing.pk: line for line in standing_lines(purchase)}
    records = stock_records([line.product.listing for line in lines.values()])
    for pk, line in lines.items():
        if (records[pk].num_in_stock or 0) < line.quantity:
            set_stock(listing=line.product.listing, packs=line.quantity, at=at)


@transaction.atomic
def send_order(*, code: str, by: User | None, at: datetime) -> Purchase:
    """The packed order is on its way to the station or the buyer.

    Raises
    ------
    NotAllowed
        When the person does not operate the shop, or the order is not packed.
    """
    purchase = _locked(code)
    if not may_operate(user=by, shop=purchase.shop, on=day_of(at)):
        raise NotAllowed(_("只有“%s”的店主能发出这一单。") % purchase.shop.name)
    return move_order(code=code, to=PurchaseState.SENT, by=by, at=at)


@transaction.atomic
def deliver_order(
    *, code: str, amount: Decimal | None, means: PaymentMeans | str, by: User, at: datetime
) -> Purchase:
    """Hand an order over and take its money, both or neither.

    ``amount`` is None for an order paid through us, and for one by post whose money comes later.

    Raises
    ------
    NotAllowed
        When the person does not keep the station (collection) or operate the shop (by post), the
        order is not sent, or it is paid already.
    BadInput
        When the amount is missing at a collection, or is not what the order comes to.
    """
    purchase = _locked(code)
    _refuse_strangers(purchase, by=by, at=at)
    is_paid = purchase.paid_at is not None
    if amount is None and not is_paid and purchase.fulfilment == FulfilmentKind.COLLECT:
        raise BadInput(_("自取的订单要当面收钱，请填收到的金额。"), field="amount")
    if amount is not None:
        receive_payment(code=code, amount=amount, means=means, by=by, at=at)
    return move_order(code=code, to=PurchaseState.DELIVERED, by=by, at=at)


def _refuse_strangers(purchase: Purchase, *, by: User, at: datetime) -> None:
    on = day_of(at)
    if purchase.fulfilment == FulfilmentKind.COLLECT:
        station = purchase.station
        if station is None or not may_keep(user=by, station=station, on=on):
            raise NotAllowed(_("只有取货站点的管理员能交这一单。"))
    elif not may_operate(user=by, shop=purchase.shop, on=on):
        raise NotAllowed(_("只有“%s”的店主能记这一单送到。") % purchase.shop.name)
