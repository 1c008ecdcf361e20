"""The shop's own addresses; they stand before Oscar's, which share the prefix ``shop/``."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from shop.views import account as account_views
from shop.views import account_addresses as address_views
from shop.views import alerts as alert_views
from shop.views import approvals as approval_views
from shop.views import baskets as basket_views
from shop.views import campaigns as campaign_views
from shop.views import checkout as checkout_views
from shop.views import choosing as choice_views
from shop.views import credits as credit_views
from shop.views import double_deposits as double_views
from shop.views import look_up as look_up_views
from shop.views import moderation as moderation_views
from shop.views import order_after as after_views
from shop.views import order_paying as paying_views
from shop.views import orders as order_views
from shop.views import places as place_views
from shop.views import pledges as pledge_views
from shop.views import product as product_views
from shop.views import return_photos as photo_views
from shop.views import reviews as review_views
from shop.views import shelf as shelf_views
from shop.views import storefront as storefront_views
from shop.views import waiting as waiting_views
from shop.views import work_after_sale as work_order_views
from shop.views import work_campaign_draft as draft_views
from shop.views import work_campaign_money as money_views
from shop.views import work_campaign_parts as parts_views
from shop.views import work_campaign_terms as terms_views
from shop.views import work_campaigns as work_campaign_views
from shop.views import work_cancelling as cancelling_views
from shop.views import work_invoices as invoice_views
from shop.views import work_listings as work_listing_views
from shop.views import work_pictures as work_picture_views
from shop.views import work_split as work_split_views
from shop.views import work_voices as work_voice_views
from shop.views import workspace as workspace_views

app_name = "shop"


def _lead(address: str, to: str) -> URLPattern:
    """An address of Oscar's own pages that leads to ours."""
    return re_path(rf"^shop/{address}", RedirectView.as_view(pattern_name=to))


storefront = [
    path("shop/", shelf_views.listing_list, name="list"),
    path("shop/search/", shelf_views.search, name="search"),
    path("shop/search/suggest/", shelf_views.suggest, name="suggest"),
    path("shop/listings/<str:code>/", product_views.listing, name="listing"),
    path("shop/shops/<str:code>/", product_views.shop, name="shop"),
    path("shop/catalogue/", storefront_views.to_listing),
    path("shop/catalogue/<path:path>", storefront_views.to_listing),
]
checkout = [
    path("shop/basket/", basket_views.basket, name="basket"),
    path("shop/basket/add/<str:code>/", basket_views.basket_add, name="basket_add"),
    path("shop/basket/lines/<int:line_id>/", basket_views.basket_change, name="basket_change"),
    path("shop/checkout/", checkout_views.checkout, name="checkout"),
    path("shop/checkout/placed/<str:key>/", checkout_views.placed, name="placed"),
    path("shop/places/read/", place_views.read_address, name="read_address"),
    path("shop/places/<str:province>/", place_views.places, name="places"),
]
orders = [
    path("shop/orders/<str:code>/", order_views.order, name="order"),
    path("shop/orders/<str:code>/cancel/", order_views.cancel, name="order_cancel"),
    path("shop/orders/<str:code>/pay/", paying_views.pay, name="order_pay"),
    path("shop/orders/<str:code>/back/", paying_views.back, name="order_back"),
    path("shop/orders/<str:code>/return/", after_views.send_back, name="order_return"),
    path(
        "shop/orders/<str:code>/return/<str:number>/keep/", after_views.keep, name="return_withdraw"
    ),
    path("shop/returns/<str:number>/photos/<str:place>/", photo_views.photo, name="return_photo"),
    path("shop/orders/<str:code>/invoice/", after_views.invoice, name="order_invoice"),
    path("shop/find-order/", look_up_views.find_order, name="find_order"),
    path("shop/tell-me/<slug:crop_key>/", alert_views.tell_me, name="tell_me"),
    path("tell-me/stop/<str:token>/", alert_views.stop_telling, name="stop_telling"),
    path("shop/orders/<str:code>/receipt/", order_views.receipt, name="receipt"),
    path("shop/orders/<str:code>/again/", order_views.again, name="order_again"),
]
account = [
    path("account/", account_views.account, name="account"),
    path("account/orders.csv", account_views.orders_csv, name="orders_csv"),
    path("account/reservations/", account_views.reservations, name="reservations"),
    path("account/credit/", credit_views.credit, name="credit"),
    path("account/credit/<str:code>/out/", credit_views.take_out, name="credit_out"),
    path("account/addresses/", address_views.addresses, name="addresses"),
    path("account/addresses/new/", address_views.address, name="address_new"),
    path("account/addresses/<str:code>/", address_views.address, name="address"),
    path("account/addresses/<str:code>/first/", address_views.prefer, name="address_first"),
    path("account/addresses/<str:code>/forget/", address_views.forget, name="address_forget"),
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
    _lead(r"dashboard/reviews/.*$", "shop:moderation"),
]

urlpatterns: list[URLPattern] = [
    *storefront,
    *checkout,
    *orders,
    *account,
    *oscars,
]

# Pre-sale and the operator's workspace ------------------------------------------------------
presale = [
    path("presale/", campaign_views.campaign_list, name="campaigns"),
    path("presale/pledges/", look_up_views.find_pledge, name="find_pledge"),
    path("presale/pledges/<str:code>/", pledge_views.pledge, name="pledge"),
    path("presale/pledges/<str:code>/change/", pledge_views.change, name="pledge_change"),
    path("presale/pledges/<str:code>/cancel/", pledge_views.cancel, name="pledge_cancel"),
    path("presale/pledges/<str:code>/pay/", pledge_views.pay, name="pledge_pay"),
    path("presale/pledges/<str:code>/back/", pledge_views.back, name="pledge_back"),
    path("presale/choose/<str:token>/", choice_views.choose, name="pledge_choose"),
    path("presale/waiting/<str:token>/", waiting_views.waiting, name="waiting"),
    path("presale/<str:code>/queue/", waiting_views.join, name="campaign_queue"),
    path("presale/<str:code>/", campaign_views.campaign, name="campaign"),
]
workspace = [
    path("work/", workspace_views.workspace, name="workspace"),
    path("work/drafts/", work_listing_views.drafts, name="work_drafts"),
    path("work/drafts/<slug:form_key>/", work_listing_views.draft, name="work_draft"),
    path("work/listings/", work_listing_views.listings, name="work_listings"),
    path("work/listings/<str:code>/", work_listing_views.listing, name="work_listing"),
    path("work/listings/<str:code>/proof/", work_listing_views.proof, name="work_proof"),
    path("work/listings/<str:code>/pictures/", work_picture_views.add, name="work_pictures"),
    path(
        "work/listings/<str:code>/pictures/<str:number>/",
        work_picture_views.change,
        name="work_picture",
    ),
    path("work/listings/<str:code>/split/", work_split_views.split, name="work_split"),
    path("work/listings/<str:code>/publish/", work_listing_views.publish, name="work_publish"),
    path("work/listings/<str:code>/withdraw/", work_listing_views.withdraw, name="work_withdraw"),
    path("work/campaigns/", work_campaign_views.campaigns, name="work_campaigns"),
    path("work/campaigns/new/<str:code>/", draft_views.new_campaign, name="work_open"),
    path("work/campaigns/<str:code>/cancel/", work_campaign_views.cancel, name="work_cancel"),
    path("work/campaigns/<str:code>/", money_views.campaign, name="work_campaign"),
    path("work/campaigns/<str:code>/edit/", draft_views.edit, name="work_edit"),
    path("work/campaigns/<str:code>/boxes/", parts_views.parts, name="work_boxes"),
    path("work/campaigns/<str:code>/submit/", draft_views.submit, name="work_submit"),
    path("work/campaigns/<str:code>/take-back/", draft_views.take_back, name="work_take_back"),
    path("work/campaigns/<str:code>/terms/", terms_views.change_terms, name="work_terms"),
    path(
        "work/campaigns/<str:code>/terms/<str:change>/withdraw/",
        terms_views.withdraw,
        name="work_terms_withdraw",
    ),
    path("work/campaigns/<str:code>/stuck/<str:pledge>/", money_views.stuck, name="work_stuck"),
    path("work/campaigns/<str:code>/pause/", money_views.pause, name="work_pause"),
    path("work/campaigns/<str:code>/decide/", money_views.decide, name="work_decide"),
    path("work/campaigns/<str:code>/harvested/", money_views.harvested, name="work_harvested"),
    path("work/campaigns/<str:code>/setback/", money_views.setback, name="work_setback"),
    path("work/orders/", workspace_views.orders, name="work_orders"),
    path("work/orders/<str:code>/cancel/", cancelling_views.cancel_order, name="work_order_cancel"),
    path("work/orders/<str:code>/refund/", work_order_views.refund, name="work_refund"),
    path("work/returns/", work_order_views.returns, name="work_returns"),
    path("work/returns/<str:number>/", work_order_views.answer, name="work_return"),
    path("work/invoices/", invoice_views.invoices, name="work_invoices"),
    path("work/invoices.csv", invoice_views.invoices_csv, name="work_invoices_csv"),
    path("work/invoices/<str:code>/", invoice_views.issue, name="work_invoice"),
    path("work/invoices/<str:code>/correct/", invoice_views.correct, name="work_correction"),
    path("work/deposits/", double_views.doubles, name="double_deposits"),
    path("work/deposits/<str:code>/", double_views.double, name="double_deposit"),
    path("coop/campaigns/", approval_views.approvals, name="approvals"),
    path("coop/campaigns/terms/<str:code>/", approval_views.terms_change, name="terms_change"),
    path("coop/campaigns/<str:code>/", approval_views.approval, name="approval"),
]
urlpatterns += [*presale, *workspace]

# What people say: reviews, questions and updates ---------------------------------------------
_REVIEW = "shop/orders/<str:code>/review/<str:listing_code>/"
voices = [
    path("shop/listings/<str:code>/reviews/", review_views.listing_reviews, name="listing_reviews"),
    path(_REVIEW, review_views.review, name="review"),
    path(f"{_REVIEW}withdraw/", review_views.withdraw, name="review_withdraw"),
    path("presale/<str:code>/ask/", campaign_views.ask, name="campaign_ask"),
    path("work/voices/", work_voice_views.voices, name="work_voices"),
    path("work/voices/questions/<str:code>/", work_voice_views.answer, name="work_answer"),
    path("work/voices/reviews/<str:code>/", work_voice_views.reply, name="work_reply"),
    path("work/voices/updates/<str:code>/", work_voice_views.update, name="work_update"),
    path("work/moderation/", moderation_views.moderation, name="moderation"),
    path("work/moderation/<str:code>/", moderation_views.moderate, name="moderate"),
]
urlpatterns += voices
