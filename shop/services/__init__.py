"""What the shop does, one verb each."""

from shop.services.listings import (
    change_listing,
    create_listing,
    publish_listing,
    record_proof,
    withdraw_listing,
)
from shop.services.moving import cancel_order, move_order, receive_payment
from shop.services.placing import place_campaign_order, place_orders
from shop.services.stock import set_stock

__all__ = [
    "cancel_order",
    "change_listing",
    "create_listing",
    "move_order",
    "place_campaign_order",
    "place_orders",
    "publish_listing",
    "receive_payment",
    "record_proof",
    "set_stock",
    "withdraw_listing",
]
