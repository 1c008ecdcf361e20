"""Second deposits that wait for people: platform staff send them by bank, auditors look."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of, say_error
from payments.views.money import reader, staff
from shop.forms.double_deposits import SentForm
from shop.models import DoubleDeposit
from shop.selectors.double_deposits import double_deposits
from shop.services.double_deposits import approve_double, propose_double

PAGE_SIZE = 50


@never_cache
@reader
def doubles(request: MemberRequest) -> HttpResponse:
    """Those that are not sent yet first."""
    return _answer(request)


def _answer(request: MemberRequest, wrong: SentForm | None = None) -> HttpResponse:
    """The page, with what is wrong beside the field it was typed in."""
    page = page_of(request, double_deposits(), size=PAGE_SIZE)
    for row in page.object_list:
        _give_form(row, wrong)
    context = {"page": page, "may_act": request.user.is_staff, "wrong": wrong}
    status = 422 if wrong else 200
    return render(request, "shop/double_deposits.html", context, status=status)


def _give_form(row: Any, wrong: SentForm | None) -> None:
    ids = f"id_{row.pk}_%s"
    row.form = wrong if wrong and wrong.auto_id == ids else SentForm(auto_id=ids)


@require_POST
@staff
def double(request: MemberRequest, code: str) -> HttpResponse:
    """Say that one left by bank, or confirm what a colleague said."""
    row = get_object_or_404(DoubleDeposit.objects.select_related("pledge"), pledge__code=code)
    if request.POST.get("step") != "approve":
        return _propose(request, row)
    number = request.POST.get("number", "")
    try:
        approve_double(code=row.pledge.code, number=number, by=request.user, at=clock.now())
        messages.success(request, _("核对完成，已经告诉买家。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:double_deposits")


def _propose(request: MemberRequest, row: DoubleDeposit) -> HttpResponse:
    form = SentForm(request.POST, auto_id=f"id_{row.pk}_%s")
    if not form.is_valid():
        return _answer(request, form)
    try:
        propose_double(code=row.pledge.code, number=form.cleaned_data["number"], by=request.user)
    except PlatformError as error:
        form.add_error(getattr(error, "field", "") or None, str(error))
        return _answer(request, form)
    messages.success(request, _("已登记，请另一位同事核对。"))
    return redirect("shop:double_deposits")
