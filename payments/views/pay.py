"""The page behind a link to pay: what, how much, until when. No sign-in; the link is the key."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import NotAllowed
from core.http import say_error
from notices.texts import language_now
from payments import enabled, links, ports
from payments.errors import NothingToPay, Unreachable
from payments.models import PageKind, Payment, PaymentState
from payments.selectors import payment_by_token
from payments.services import hosted_page, refresh
from payments.services.paging import page_kind

OVER = (PaymentState.DROPPED, PaymentState.LAPSED, PaymentState.VOID)


def _payment(token: str) -> Payment:
    payment = payment_by_token(token) if enabled() else None
    if payment is None:
        raise Http404
    return payment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid; pressed, go to the provider's page."""
    payment = _payment(token)
    if request.method == "POST":
        return _go(request, payment, token)
    owner = ports.owner_of(payment)
    context = {
        "payment": payment,
        "title": owner.title(payment),
        "token": token,
        "kind": _kind(payment),
        "until": links.open_until(payment),
        "over": payment.state in OVER,
        "address": owner.address(payment),
    }
    answer = render(request, "payments/pay.html", context)
    # The address itself is the key. "no-referrer" would send the form with Origin: null, refused.
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _kind(payment: Payment) -> PageKind | None:
    try:
        return page_kind(payment)
    except NothingToPay:
        return None


def _go(request: HttpRequest, payment: Payment, token: str) -> HttpResponse:
    back = request.build_absolute_uri(reverse("payments:back", args=[token]))
    try:
        address = hosted_page(
            code=payment.code, return_url=back, at=clock.now(), language=language_now()
        )
    except NotAllowed as error:
        say_error(request, error)
        return redirect("payments:pay", token=token)
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


@never_cache
@require_safe
def back(request: HttpRequest, token: str) -> HttpResponse:
    """From the provider's page: ask what became of it, then show the page again."""
    payment = _payment(token)
    try:
        refresh(code=payment.code, at=clock.now())
    except Unreachable:
        messages.info(request, _("结果还没收到，一般一两分钟就到。刷新这一页看看，不用再付。"))
    return redirect("payments:pay", token=token)
