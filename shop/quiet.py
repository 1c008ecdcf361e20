"""Reading a page writes nothing: Oscar's view counters are taken off its signals."""

from importlib import import_module


def silence_analytics() -> None:
    """Disconnect Oscar's analytics receivers (they update a row on every product view)."""
    receivers = import_module("oscar.apps.analytics.receivers")
    receivers.product_viewed.disconnect(receivers.receive_product_view)
    receivers.user_search.disconnect(receivers.receive_product_search)
    receivers.basket_addition.disconnect(receivers.receive_basket_addition)
    receivers.order_placed.disconnect(receivers.receive_order_placed)
