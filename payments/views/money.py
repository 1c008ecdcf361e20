"""The staff's page of money: what waits for a person, and the switch of the line.

Platform staff may act, auditors look; everybody else finds nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, say_error
from growers.selectors import roles_of
from payments import selectors
from payments.models import ProviderEvent, Refund
from payments.services.gate import close_gate, open_gate
from payments.services.inbox import dismiss, look_again
from payments.services.refunding import approve_by_bank, propose_by_bank

View = Callable[..., HttpResponseBase]
ROWS = 50
READERS = frozenset({"auditor"})


def _may_read(request: MemberRequest) -> bool:
    return request.user.is_staff or bool(READERS & roles_of(request.user, clock.today()))


def _open_to(may: Callable[[MemberRequest], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if not may(request):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


reader = _open_to(_may_read)
staff = _open_to(lambda request: request.user.is_staff)


@never_cache
@reader
def money(request: MemberRequest) -> HttpResponse:
    """Everything about payments that waits for a person, and how far the others are."""
    context = {
        "may_act": request.user.is_staff,
        "gate": selectors.gate(),
        "progress": selectors.progress(),
        "attempts": selectors.unanswered_attempts()[:ROWS],
        "left": selectors.left_messages()[:ROWS],
        "refunds": [
            (row, selectors.trouble_words(row)) for row in selectors.refunds_by_bank()[:ROWS]
        ],
        "differences": [
            (row, selectors.difference_words(row)) for row in selectors.open_differences()[:ROWS]
        ],
        "disputes": [(row, selectors.dispute_words(row)) for row in selectors.disputes()[:ROWS]],
        "reconciled_at": selectors.last_reconciled(),
    }
    return render(request, "payments/money.html", context)


@require_POST
@staff
def line(request: MemberRequest) -> HttpResponse:
    """Pause all calls that move money, or go on."""
    if request.POST.get("step") == "resume":
        open_gate()
        messages.success(request, _("已恢复，到期的付款几分钟内继续。"))
    else:
        close_gate(reason=_("%(who)s 手动暂停") % {"who": request.user}, at=clock.now())
        messages.success(request, _("已暂停，不再扣款和退款。"))
    return redirect("payments:money")


@require_POST
@staff
def message(request: MemberRequest, id: str) -> HttpResponse:
    """Look at a message again, or say that it is not about us."""
    row = get_object_or_404(ProviderEvent, id=id)
    service = dismiss if request.POST.get("step") == "dismiss" else look_again
    service(id=row.id, at=clock.now())
    return redirect("payments:money")


@require_POST
@staff
def by_bank(request: MemberRequest, code: str) -> HttpResponse:
    """Say that a refund left by bank, or confirm what a colleague said."""
    row = get_object_or_404(Refund, code=code.upper())
    facts: dict[str, Any] = {"code": row.code, "by": request.user, "at": clock.now()}
    try:
        if request.POST.get("step") == "approve":
            approve_by_bank(number=request.POST.get("number", ""), **facts)
            messages.success(request, _("退款 %(code)s 已核对完成。") % {"code": row.code})
        else:
            propose_by_bank(number=request.POST.get("number", ""), **facts)
            messages.success(request, _("已登记，请另一位同事核对。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("payments:money")
