"""A buyer on the way to the provider's page and back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from notices.texts import language_now
from shop.models import Purchase
from shop.selectors.orders import purchases_for
from shop.services.order_payments import came_back, page_to_pay
from shop.views.shown import shown_codes


def go_to_pay(request: HttpRequest, purchase: Purchase) -> HttpResponse:
    """Send the buyer to the provider's page; where it cannot be opened, to the order and why."""
    back = request.build_absolute_uri(reverse("shop:order_back", args=[purchase.code]))
    try:
        url = page_to_pay(
            purchase=purchase, return_url=back, at=clock.now(), language=language_now()
        )
    except PlatformError as error:
        say_error(request, error)
        return redirect("shop:placed", key=purchase.checkout_key)
    return redirect(url)


def _own(request: HttpRequest, code: str) -> Purchase:
    found = purchases_for(request.user, shown=shown_codes(request))
    purchase: Purchase = get_object_or_404(found, code=code.upper())
    return purchase


@require_POST
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """Go on paying an order that waits for it, with the others of its checkout."""
    return go_to_pay(request, _own(request, code))


@never_cache
def back(request: HttpRequest, code: str) -> HttpResponse:
    """The buyer comes back from the provider's page: look what became of it."""
    purchase = _own(request, code)
    if purchase.payment_code:
        try:
            came_back(code=purchase.payment_code, at=clock.now())
        except PlatformError as error:
            say_error(request, error)
    return redirect("shop:placed", key=purchase.checkout_key)
