"""The guarantee fund: what is in it, who filled it, what banks took out of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, say_error
from core.units import fen
from payments import selectors
from payments.forms import DepositForm
from payments.models import FundDeposit, Refund
from payments.services.disputing import close_taken_back
from payments.services.funding import confirm_deposit, drop_deposit, propose_deposit
from payments.views.money import ROWS, reader, staff


@never_cache
@reader
@require_http_methods(["GET", "POST"])
def fund(request: MemberRequest) -> HttpResponse:
    """The fund for whoever holds money; staff say what came in, auditors look."""
    posted = request.method == "POST"
    if posted and not request.user.is_staff:
        raise Http404
    form = DepositForm(request.POST if posted else None)
    if posted and form.is_valid() and _proposed(request, form):
        return redirect("payments:fund")
    context = {
        "may_act": request.user.is_staff,
        "form": form,
        "balance": selectors.fund_balance(),
        "deposits": selectors.deposits()[:ROWS],
        "moves": selectors.fund_moves()[:ROWS],
    }
    return render(request, "payments/fund.html", context, status=422 if posted else 200)


def _proposed(request: MemberRequest, form: DepositForm) -> bool:
    typed = form.cleaned_data
    try:
        propose_deposit(
            amount_fen=fen(typed["amount"]),
            number=typed["number"],
            by=request.user,
            at=clock.now(),
        )
    except PlatformError as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return False
    messages.success(request, _("已登记，请另一位同事核对。"))
    return True


@require_POST
@staff
def deposit(request: MemberRequest, code: str) -> HttpResponse:
    """Confirm what a colleague said, or take a mistake back."""
    row = get_object_or_404(FundDeposit, code=code.upper())
    try:
        if request.POST.get("step") == "drop":
            drop_deposit(code=row.code, at=clock.now())
            messages.success(request, _("%s 撤掉了，没有入账。") % row.code)
        else:
            confirm_deposit(code=row.code, by=request.user, at=clock.now())
            messages.success(request, _("%s 核对好，入账了。") % row.code)
    except PlatformError as error:
        say_error(request, error)
    return redirect("payments:fund")


@require_POST
@staff
def taken_back(request: MemberRequest, code: str) -> HttpResponse:
    """Close an owed refund that the payer's bank has returned."""
    row = get_object_or_404(Refund, code=code.upper())
    try:
        close_taken_back(code=row.code, by=request.user, at=clock.now())
        messages.success(request, _("退款 %s 结掉了，钱由付款人的银行退了。") % row.code)
    except PlatformError as error:
        say_error(request, error)
    return redirect("payments:money")
