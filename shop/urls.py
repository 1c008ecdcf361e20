"""The shop's own addresses; they stand before Oscar's, which share the prefix ``shop/``."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from shop.views import campaigns as campaign_views
from shop.views import checkout as checkout_views
from shop.views import orders as order_views
from shop.views import pledges as pledge_views
from shop.views import storefront as storefront_views
from shop.views import work_campaigns as work_campaign_views
from shop.views import work_listings as work_listing_views
from shop.views import workspace as workspace_views

app_name = "shop"


def _lead(address: str, to: str) -> URLPattern:
    """An address of Oscar's own pages that leads to ours."""
    return re_path(rf"^shop/{address}", RedirectView.as_view(pattern_name=to))


storefront = [
    path("shop/", storefront_views.listing_list, name="list"),
    path("shop/search/", storefront_views.search, name="search"),
    path("shop/listings/<str:code>/", storefront_views.listing, name="listing"),
    path("shop/catalogue/", storefront_views.to_listing),
    path("shop/catalogue/<path:path>", storefront_views.to_listing),
]
checkout = [
    path("shop/basket/", checkout_views.basket, name="basket"),
    path("shop/basket/add/<str:code>/", checkout_views.basket_add, name="basket_add"),
    path("shop/basket/lines/<int:line_id>/", checkout_views.basket_change, name="basket_change"),
    path("shop/checkout/", checkout_views.checkout, name="checkout"),
    path("shop/checkout/placed/<str:key>/", checkout_views.placed, name="placed"),
]
orders = [
    path("shop/orders/<str:code>/", order_views.order, name="order"),
    path("shop/orders/<str:code>/cancel/", order_views.cancel, name="order_cancel"),
    path("shop/find-order/", order_views.find_order, name="find_order"),
    path("account/", order_views.account, name="account"),
]
# Only the dashboard of platform staff stays Oscar's; logging out works as before.
oscars = [
    _lead(r"basket/.*$", "shop:basket"),
    _lead(r"checkout/.*$", "shop:checkout"),
    _lead(r"search/.*$", "shop:search"),
    _lead(r"accounts/(?:login|register)/.*$", "growers:sign_in"),
    _lead(r"accounts/(?!logout/).*$", "shop:account"),
    _lead(r"password-reset/.*$", "growers:sign_in"),
    _lead(r"(?:offers|wishlists)/.*$", "shop:list"),
    _lead(r"dashboard/login/$", "growers:sign_in"),
]

urlpatterns: list[URLPattern] = [
    *storefront,
    *checkout,
    *orders,
    *oscars,
]

# Pre-sale and the operator's workspace ------------------------------------------------------
presale = [
    path("presale/", campaign_views.campaign_list, name="campaigns"),
    path("presale/pledges/", pledge_views.find_pledge, name="find_pledge"),
    path("presale/pledges/<str:code>/", pledge_views.pledge, name="pledge"),
    path("presale/pledges/<str:code>/change/", pledge_views.change, name="pledge_change"),
    path("presale/pledges/<str:code>/cancel/", pledge_views.cancel, name="pledge_cancel"),
    path("presale/<str:code>/", campaign_views.campaign, name="campaign"),
]
workspace = [
    path("work/", workspace_views.workspace, name="workspace"),
    path("work/drafts/", work_listing_views.drafts, name="work_drafts"),
    path("work/drafts/<slug:form_key>/", work_listing_views.draft, name="work_draft"),
    path("work/listings/", work_listing_views.listings, name="work_listings"),
    path("work/listings/<str:code>/", work_listing_views.listing, name="work_listing"),
    path("work/listings/<str:code>/proof/", work_listing_views.proof, name="work_proof"),
    path("work/listings/<str:code>/publish/", work_listing_views.publish, name="work_publish"),
    path("work/listings/<str:code>/withdraw/", work_listing_views.withdraw, name="work_withdraw"),
    path("work/campaigns/", work_campaign_views.campaigns, name="work_campaigns"),
    path("work/campaigns/new/<str:code>/", work_campaign_views.new_campaign, name="work_open"),
    path("work/campaigns/<str:code>/cancel/", work_campaign_views.cancel, name="work_cancel"),
    path("work/orders/", workspace_views.orders, name="work_orders"),
]
urlpatterns += [*presale, *workspace]
