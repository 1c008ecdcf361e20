"""Shop credit: what one has, its path, and taking it out in money."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from core.templatetags.shanhuo import yuan
from core.units import from_fen
from notices.http import proven_number
from shop.models import Credit
from shop.selectors.credits import Holder, credit_left, credits_of, shown_credits
from shop.services.credits import pay_out
from shop.views.shown_pledges import shown_pledges


def holder_of(request: HttpRequest) -> Holder:
    """Who may spend: an account, or a number proved here just now."""
    user = request.user if request.user.is_authenticated else None
    return Holder(user=user, mobile=proven_number(request, at=clock.now()))


def _seen(request: HttpRequest) -> QuerySet[Credit]:
    """Own credit, and that of reservations this browser may open; of those it may be taken out,
    since the money only ever goes back to who paid.
    """
    of_pledges = Credit.objects.filter(choice__pledge__code__in=shown_pledges(request))
    return of_pledges | credits_of(holder_of(request))


@never_cache
def credit(request: HttpRequest) -> HttpResponse:
    """How much there is, where it came from and where it went."""
    holder = holder_of(request)
    shown = shown_credits(_seen(request))
    context = {
        "tab": "credit",
        "is_known": bool(holder),
        "credits": shown,
        "total": sum(one.left for one in shown),
        "frozen": sum(one.left for one in shown if one.is_frozen),
        "spendable": credit_left(holder),
    }
    return render(request, "shop/account/credit.html", context)


@require_POST
def take_out(request: HttpRequest, code: str) -> HttpResponse:
    """All that is left of one credit goes back the way it was paid."""
    row = get_object_or_404(_seen(request), code=code.upper())
    try:
        refund = pay_out(code=row.code, at=clock.now())
        said = _("%(amount)s 退钱记好了，原路退回；退不回的，村店打电话问账号，用银行转账。")
        messages.success(request, said % {"amount": yuan(from_fen(refund.amount))})
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:credit")
