"""The shop's desk after the sale: refunds and returns of its own orders."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import PlatformError
from core.http import page_of, say_error
from core.units import fen, from_fen
from shop.forms.after_sale import AnswerForm, RefundForm
from shop.models import Purchase, ReturnState
from shop.selectors.order_money import order_money, refunds_of
from shop.selectors.orders import with_lines
from shop.selectors.returns import returns_at
from shop.services.order_refunds import refund_order
from shop.services.returns import answer_return, refund_return, return_fen
from shop.views.desk import DeskRequest, desk


@desk
@never_cache
@require_http_methods(["GET", "POST"])
def refund(request: DeskRequest, code: str) -> HttpResponse:
    """What was paid for an order, what went back and why, and a form to give more back."""
    purchase = get_object_or_404(_orders(request), code=code)
    posted = request.method == "POST"
    form = RefundForm(request.POST if posted else None, initial=_new_key())
    if posted and form.is_valid() and _given_back(request, purchase, form):
        return redirect("shop:work_refund", code=code)
    if posted:  # nothing was done: what is sent next is a new wish
        form.data = {**request.POST.dict(), **_new_key()}
    context = {
        "shop": request.shop,
        "purchase": purchase,
        "lines": purchase.order.lines.all(),
        "money": order_money(purchase),
        "refunds": list(refunds_of(purchase)),
        "form": form,
    }
    return render(request, "shop/workspace/refund.html", context, status=422 if posted else 200)


def _new_key() -> dict[str, str]:
    return {"key": uuid4().hex[:24]}


def _orders(request: DeskRequest) -> Any:
    mine = Purchase.objects.filter(shop=request.shop)
    return with_lines(mine.select_related("order__pledge_link__pledge", "shop", "station"))


def _given_back(request: DeskRequest, purchase: Purchase, form: RefundForm) -> bool:
    typed = form.cleaned_data
    try:
        refund_order(
            code=purchase.code,
            amount_fen=fen(typed["amount"]),
            reason=typed["reason"],
            key=f"desk:{purchase.code}:{typed['key']}",
            by=request.user,
            at=clock.now(),
        )
    except PlatformError as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else "amount", str(error))
        return False
    messages.success(request, _("退款记好了，原路退回，几天内到账。"))
    return True


@desk
@never_cache
@require_GET
def returns(request: DeskRequest) -> HttpResponse:
    """Requests to send goods back, those that wait first."""
    page = page_of(request, returns_at(request.shop))
    return render(request, "shop/workspace/returns.html", {"shop": request.shop, "page": page})


@desk
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: DeskRequest, number: str) -> HttpResponse:
    """Answer one request, or give the money back once the goods are there."""
    row = get_object_or_404(returns_at(request.shop), code=number)
    form = AnswerForm(request.POST if "accept" in request.POST else None)
    if request.method == "POST" and "refund" not in request.POST and row.state != ReturnState.ASKED:
        messages.error(request, _("%s 已经答复过了，现在是这样。") % row.code)
        return redirect("shop:work_return", row.code)
    if request.method == "POST":
        done = (
            _refunded(request, row.code)
            if "refund" in request.POST
            else _answered(request, row.code, form)
        )
        if done:
            return redirect("shop:work_returns")
    context = {
        "shop": request.shop,
        "row": row,
        "form": form,
        "amount": from_fen(return_fen(row)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "shop/workspace/return.html", context, status=status)


def _answered(request: DeskRequest, code: str, form: AnswerForm) -> bool:
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    try:
        answer_return(
            code=code,
            accept=typed["accept"] == "yes",
            answer=typed["answer"],
            by=request.user,
            at=clock.now(),
        )
    except PlatformError as error:
        form.add_error("answer", str(error))
        return False
    messages.success(request, _("答复了，买家收到短信。"))
    return True


def _refunded(request: DeskRequest, code: str) -> bool:
    try:
        row = refund_return(code=code, by=request.user, at=clock.now())
    except PlatformError as error:
        say_error(request, error)
        return True
    if row.refund_code:
        said = _("退款记好了，原路退回，几天内到账。")
    elif row.purchase.paid_at is not None:
        said = _("记好了，该退的都退了。")
    else:
        said = _("记好了。当面收的钱，请当面退。")
    messages.success(request, said)
    return True
