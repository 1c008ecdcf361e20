"""Finding one's orders and reservations without an account.

Two ways: a code sent to the number shows everything of that number for half an hour; the code
of one order or reservation with its number opens that one.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import clock
from core.http import asked
from notices.errors import TooOften
from notices.flow import NumberProof
from notices.http import address_of, forget_number, proven_number, remember_number
from notices.services import Limit, take
from shop.forms.order_lookup import OrderLookupForm
from shop.forms.pledge import PledgeLookupForm
from shop.selectors.alerts import alerts_of_number
from shop.selectors.by_number import orders_of_number, pledges_of_number
from shop.selectors.credits import Holder, credit_left
from shop.selectors.orders import purchase_by_code_and_mobile, purchases_for
from shop.selectors.pledges import pledge_by_mobile, pledges_seen_by
from shop.views.shown import remember, shown_codes
from shop.views.shown_pledges import remember_pledge, shown_pledges

BY_NUMBER, BY_CODE = "number", "code"
MOST_SHOWN = 50
# A parcel's label shows the code and half of the number: the rest must not be found by trying.
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
TRIES_OF_A_CODE, TRIES_IN_A_DAY, TRIES_FROM_AN_ADDRESS = 10, 30, 60


@never_cache
def find_order(request: HttpRequest) -> HttpResponse:
    """All orders of a proved number, or one by its code and number."""
    code = asked(request, "code", most=16).upper()
    if code and purchases_for(request.user, shown=shown_codes(request)).filter(code=code).exists():
        return redirect("shop:order", code=code)
    return _look_up(request, OrderLookupForm, page="shop:find_order", code=code)


@never_cache
def find_pledge(request: HttpRequest) -> HttpResponse:
    """All reservations of a proved number, or one by its code and number."""
    code = asked(request, "code", most=16).upper()
    user = request.user if request.user.is_authenticated else None
    seen = pledges_seen_by(user=user, shown_codes=shown_pledges(request))
    if code and seen.filter(code=code).exists():
        return redirect("shop:pledge", code=code)
    return _look_up(request, PledgeLookupForm, page="shop:find_pledge", code=code)


def _look_up(request: HttpRequest, kind: type[Form], *, page: str, code: str) -> HttpResponse:
    if "step" in request.POST:
        return _by_number(request, kind, page=page)
    form = kind(request.POST or None, initial={"code": code})
    if request.method == "POST":
        return _by_code(request, form, page=page)
    by_code = code or request.GET.get("way") == BY_CODE
    return _page(request, form, page=page, way=BY_CODE if by_code else BY_NUMBER)


def _by_number(request: HttpRequest, kind: type[Form], *, page: str) -> HttpResponse:
    if request.POST["step"] == "close":
        forget_number(request)
        return redirect(page)
    proof = _proof(request)
    mobile = proof.take()
    if mobile:
        remember_number(request, mobile, at=proof.at)
    if mobile or proof.moved:
        return redirect(page)
    return _page(request, kind(), page=page, way=BY_NUMBER, proof=proof, status=proof.status)


def _by_code(request: HttpRequest, form: Form, *, page: str) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            _count_try(request, form.cleaned_data["code"])
            found = _opened(request, page=page, **form.cleaned_data)
        except TooOften:
            form.add_error(None, _("试得太多了，先别试。用验证码查，或者明天再来。"))
            status = 429
        else:
            if found is not None:
                return found
            form.add_error(None, _no_such(page))
    return _page(request, form, page=page, way=BY_CODE, status=status)


def _count_try(request: HttpRequest, code: str) -> None:
    """Count a try of a code before it is judged, whoever tries and from wherever.

    Raises
    ------
    TooOften
        The code was tried, or this address tried, as often as is let.
    """
    limits = [
        Limit("look_up.code.hour", code, TRIES_OF_A_CODE, AN_HOUR),
        Limit("look_up.code.day", code, TRIES_IN_A_DAY, A_DAY),
        Limit("look_up.address.hour", address_of(request), TRIES_FROM_AN_ADDRESS, AN_HOUR),
    ]
    take(limits, at=clock.now())


def _opened(request: HttpRequest, *, page: str, code: str, mobile: str) -> HttpResponse | None:
    """The page of what has both; this browser may open it from now on."""
    if page == "shop:find_order":
        purchase = purchase_by_code_and_mobile(code=code, mobile=mobile)
        if purchase is not None:
            remember(request, [purchase])
            return redirect("shop:order", code=purchase.code)
        return None
    pledge = pledge_by_mobile(code=code, mobile=mobile)
    if pledge is not None:
        remember_pledge(request, pledge)
        return redirect("shop:pledge", code=pledge.code)
    return None


def _no_such(page: str) -> str:
    if page == "shop:find_order":
        return _("没有这样的订单：订单号和手机号要对得上。")
    return _("没有这样的预约：预约号和手机号要对得上。")


def _proof(request: HttpRequest) -> NumberProof:
    return NumberProof(request, purpose="look_up", at=clock.now())


def _page(
    request: HttpRequest,
    form: Form,
    *,
    page: str,
    way: str,
    proof: NumberProof | None = None,
    status: int = 200,
) -> HttpResponse:
    here = reverse(page)
    mobile = proven_number(request, at=clock.now())
    context: dict[str, Any] = {
        "form": form,
        "way": way,
        "proof": proof or _proof(request),
        "here": here,
        "code_url": f"{here}?{urlencode({'way': BY_CODE})}",
        "of_pledges": page == "shop:find_pledge",
        "proven": mobile,
    }
    if page == "shop:find_pledge":
        context["section"] = "campaigns"
    if mobile and way == BY_NUMBER:
        context |= {
            "purchases": orders_of_number(mobile)[:MOST_SHOWN],
            "pledges": pledges_of_number(mobile)[:MOST_SHOWN],
            "alerts": alerts_of_number(mobile),
            "credit": credit_left(Holder(mobile=mobile)),
        }
    return render(request, "shop/orders/find.html", context, status=status)
