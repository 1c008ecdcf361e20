"""The basket of a request: none is made before something is put in, and no offers are counted."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _
from oscar.apps.basket import middleware
from oscar.core.loading import get_model


class BasketMiddleware(middleware.BasketMiddleware):
    """Oscar's, without a write on reading a page and without its offers."""

    def get_basket(self, request: Any) -> Any:
        if request._basket_cache is None:
            request._basket_cache = self._basket_of(request)
        return request._basket_cache

    def _basket_of(self, request: Any) -> Any:
        model = get_model("basket", "Basket")
        cookie_key = self.get_cookie_key(request)
        guest = self.get_cookie_basket(cookie_key, request, model.open)
        if not request.user.is_authenticated:
            return guest or model()
        own = model.open.filter(owner=request.user).order_by("pk").first()
        if guest is not None:
            own = self._bring_over(request, own, guest)
            request.cookies_to_delete.append(cookie_key)
        basket = own or model(owner=request.user)
        basket.owner = request.user
        return basket

    def _bring_over(self, request: Any, own: Any, guest: Any) -> Any:
        """What a guest picked before signing in stays with the person."""
        if own is None:
            guest.owner = request.user
            guest.save(update_fields=["owner"])
            return guest
        if guest.num_items:
            own.strategy = guest.strategy = request.strategy
            own.merge(guest, add_quantities=False)
            messages.info(request, _("登录前挑的山货也在篮子里了。"))
        return own

    def apply_offers_to_basket(self, request: Any, basket: Any) -> None:
        """Prices are what they are: no offers, so none are looked up."""
