"""Requests as the shop's views see them."""

from typing import Any

from django.http import HttpRequest


class ShopRequest(HttpRequest):
    """A request that carries Oscar's basket; whoever sends it may be signed in or not."""

    basket: Any
    user: Any
