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
from shop.models import DoubleDeposit
from shop.selectors.double_deposits import double_deposits
from shop.services.double_deposits import approve_double, propose_double

PAGE_SIZE = 50


@never_cache
@reader
def doubles(request: MemberRequest) -> HttpResponse:
    """Those that are not sent yet first."""
    context = {
        "page": page_of(request, double_deposits(), size=PAGE_SIZE),
        "may_act": request.user.is_staff,
    }
    return render(request, "shop/double_deposits.html", context)


@require_POST
@staff
def double(request: MemberRequest, code: str) -> HttpResponse:
    """Say that one left by bank, or confirm what a colleague said."""
    row = get_object_or_404(DoubleDeposit.objects.select_related("pledge"), pledge__code=code)
    facts: dict[str, Any] = {"code": row.pledge.code, "by": request.user}
    number = request.POST.get("number", "")
    try:
        if request.POST.get("step") == "approve":
            approve_double(number=number, at=clock.now(), **facts)
            messages.success(request, _("核对完成，已经告诉买家。"))
        else:
            propose_double(number=number, **facts)
            messages.success(request, _("已登记，请另一位同事核对。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:double_deposits")
