"""Past orders in bulk: Oscar's rows and ours, delivered and paid."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from core.codes import new_code
from core.units import yuan
from devtools.county.world import World
from growers.models import Hub
from shop.models import (
    Collection,
    FulfilmentKind,
    Listing,
    PaymentMeans,
    Pledge,
    Purchase,
    PurchaseState,
    PurchaseStateChange,
)


@dataclass(frozen=True)
class OrderDraft:
    """What a past order was; ``contact`` carries the buyer and the place."""

    listing: Listing
    packs: int
    price: Decimal
    placed_at: datetime
    promised: tuple[date, date]
    key: str
    contact: Pledge


def write_orders(world: World, drafts: list[OrderDraft]) -> list[Any]:
    """Write the orders in the order of the drafts; return Oscar's rows."""
    model = get_model("order", "Order")
    orders = model.objects.bulk_create([_order(draft) for draft in drafts], batch_size=500)
    records = _records(drafts)
    get_model("order", "Line").objects.bulk_create(
        [_line(draft, order, records) for draft, order in zip(drafts, orders, strict=True)],
        batch_size=300,
    )
    purchases = Purchase.objects.bulk_create(
        [_purchase(world, draft, order) for draft, order in zip(drafts, orders, strict=True)],
        batch_size=500,
    )
    _trail(world, purchases, orders)
    return list(orders)


def _order(draft: OrderDraft) -> Any:
    total = yuan(draft.price * draft.packs)
    return get_model("order", "Order")(
        number=new_code("SD"),
        currency="CNY",
        total_incl_tax=total,
        total_excl_tax=total,
        shipping_incl_tax=Decimal(0),
        shipping_excl_tax=Decimal(0),
        shipping_method="",
        shipping_code="",
        status=PurchaseState.DELIVERED,
        date_placed=draft.placed_at,
    )


def _records(drafts: list[OrderDraft]) -> dict[int, Any]:
    products = {draft.listing.product_id for draft in drafts}
    rows = get_model("partner", "StockRecord").objects.filter(product_id__in=products)
    return {row.product_id: row for row in rows.select_related("partner")}


def _line(draft: OrderDraft, order: Any, records: dict[int, Any]) -> Any:
    record = records[draft.listing.product_id]
    total = yuan(draft.price * draft.packs)
    return get_model("order", "Line")(
        order=order,
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=draft.listing.code,
        stockrecord=record,
        product_id=draft.listing.product_id,
        title=draft.listing.product.title,
        quantity=draft.packs,
        line_price_incl_tax=total,
        line_price_excl_tax=total,
        line_price_before_discounts_incl_tax=total,
        line_price_before_discounts_excl_tax=total,
        unit_price_incl_tax=draft.price,
        unit_price_excl_tax=draft.price,
        status=PurchaseState.DELIVERED,
        num_allocated=0,
    )


def _hub(world: World, contact: Pledge) -> Hub:
    if contact.fulfilment == FulfilmentKind.COLLECT and contact.station is not None:
        return world.hubs[contact.station.township_id[:6] + "000000"]
    if world.metropolitan is None:
        raise ValueError("the metropolitan hub is built before orders")
    return world.metropolitan


def _purchase(world: World, draft: OrderDraft, order: Any) -> Purchase:
    contact = draft.contact
    return Purchase(
        code=order.number,
        order=order,
        shop=draft.listing.shop,
        state=PurchaseState.DELIVERED,
        checkout_key=draft.key,
        name=contact.name,
        mobile=contact.mobile,
        fulfilment=contact.fulfilment,
        station=contact.station,
        hub=_hub(world, contact),
        province_code=contact.province_code,
        city=contact.city,
        address=contact.address,
        promised_from_on=draft.promised[0],
        promised_to_on=draft.promised[1],
        placed_at=draft.placed_at,
        delivered_at=_delivered(world, draft),
    )


def _delivered(world: World, draft: OrderDraft) -> datetime:
    days = max((draft.promised[0] - draft.placed_at.date()).days, 0) + 1 + world.pick(5)
    return min(draft.placed_at + timedelta(days=days), world.now - timedelta(hours=2))


def _trail(world: World, purchases: list[Purchase], orders: list[Any]) -> None:
    keeper = world.people["station_keeper"]
    steps = []
    for purchase in purchases:
        steps.append(
            PurchaseStateChange(
                purchase=purchase, old="", new=PurchaseState.PLACED, at=purchase.placed_at
            )
        )
        steps.append(
            PurchaseStateChange(
                purchase=purchase,
                old=PurchaseState.SENT,
                new=PurchaseState.DELIVERED,
                at=purchase.delivered_at or world.now,
            )
        )
    PurchaseStateChange.objects.bulk_create(steps, batch_size=500)
    Collection.objects.bulk_create(
        [
            Collection(
                purchase=purchase,
                amount=order.total_incl_tax,
                means=PaymentMeans.CODE,
                received_by=keeper,
                received_at=purchase.delivered_at or world.now,
            )
            for purchase, order in zip(purchases, orders, strict=True)
        ],
        batch_size=500,
    )
