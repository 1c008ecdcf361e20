"""After an order is there: sending goods back, and asking for an invoice."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.after_sale import InvoiceForm, ReturnForm
from shop.models import Invoice, Purchase
from shop.selectors.orders import purchases_for, with_lines
from shop.selectors.returns import line_rights
from shop.services.invoices import ask_invoice
from shop.services.returns import ask_return, withdraw_return
from shop.views.shown import shown_codes


def _own(request: HttpRequest, code: str) -> Purchase:
    found = with_lines(purchases_for(request.user, shown=shown_codes(request)))
    purchase: Purchase = get_object_or_404(found.prefetch_related("returns"), code=code.upper())
    return purchase


@never_cache
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """What may be sent back, until when, why not; and the form to ask for it."""
    purchase = _own(request, code)
    rights = line_rights(purchase, on=clock.today())
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else (None, None)
    form = ReturnForm(*sent, rights=rights)
    if posted and form.is_valid() and _asked(request, purchase, form):
        return redirect("shop:order", code=purchase.code)
    context: dict[str, Any] = {
        "purchase": purchase,
        "rights": rights,
        "form": form,
        "may_ask": any(one.is_open for one in rights),
    }
    return render(request, "shop/orders/return.html", context, status=422 if posted else 200)


def _asked(request: HttpRequest, purchase: Purchase, form: ReturnForm) -> bool:
    typed = form.cleaned_data
    try:
        ask_return(
            purchase=purchase,
            line_pk=int(typed["line"]),
            packs=typed["packs"],
            kind=typed["kind"],
            words=typed["words"],
            photos=form.photos,
            at=clock.now(),
        )
    except PlatformError as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return False
    messages.success(request, _("退货已经告诉村店，答复会发短信。"))
    return True


@require_POST
def keep(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The buyer keeps the goods after all."""
    purchase = _own(request, code)
    row = get_object_or_404(purchase.returns, code=number)
    try:
        withdraw_return(code=row.code, at=clock.now())
        messages.success(request, _("不退了，记下了。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:order", code=purchase.code)


@never_cache
@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the invoice of a paid order, or correct what it should say."""
    purchase = _own(request, code)
    row = Invoice.objects.filter(purchase=purchase).first()
    posted = request.method == "POST"
    form = InvoiceForm(request.POST if posted else None, instance=row)
    if posted and form.is_valid():
        try:
            ask_invoice(purchase=purchase, **form.cleaned_data, at=clock.now())
        except PlatformError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("发票抬头交给村店了，开好发到你的邮箱。"))
            return redirect("shop:order", code=purchase.code)
    context = {"purchase": purchase, "form": form, "invoice": row}
    return render(request, "shop/orders/invoice.html", context, status=422 if posted else 200)
