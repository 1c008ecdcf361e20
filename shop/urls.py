"""The shop's own addresses; they stand before Oscar's, which share the prefix ``shop/``."""

from django.urls import URLPattern, path

app_name = "shop"

storefront: list[URLPattern] = []
checkout: list[URLPattern] = []
orders: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *storefront,
    *checkout,
    *orders,
]

# Pre-sale and the operator's workspace ------------------------------------------------------
