"""The station's phone pages: who comes today, weigh, hand over."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, asked, page_of
from growers.models import Station
from logistics.forms import HandOverForm, WeighForm
from logistics.selectors.access import kept_stations
from logistics.selectors.orders import orders_to_hand_over, orders_waiting
from logistics.selectors.weighing import (
    contracts_at,
    expected_contracts,
    tickets_for,
    tickets_on,
)
from logistics.services.packing import deliver_order
from logistics.services.weighing import assess_load, weigh
from shop.models import FulfilmentKind, Purchase, PurchaseState
from shop.products import LINE_TITLE
from shop.selectors.order_money import order_money


def _stations(request: MemberRequest, on: date) -> QuerySet[Station]:
    stations = kept_stations(user=request.user, on=on)
    if not stations.exists():
        raise Http404
    return stations


@login_required
@require_GET
def home(request: MemberRequest) -> HttpResponse:
    """Who brings what this week, and which orders wait to be fetched."""
    on = clock.today()
    stations = _stations(request, on)
    typed = asked(request, "q").upper()
    if typed:
        found = _by_code(typed, stations, on)
        if found:
            return redirect(found)
        messages.warning(request, _("没找到 %s，看看有没有抄错。") % typed)
    context = {
        "stations": list(stations),
        "expected": page_of(request, expected_contracts(stations=stations, on=on)),
        "waiting": list(orders_waiting(stations=stations)[:50]),
        "tickets": list(tickets_on(stations=stations, first=on)[:20]),
        "typed": typed,
    }
    return render(request, "logistics/station/home.html", context)


def _by_code(code: str, stations: QuerySet[Station], on: date) -> str:
    contract = contracts_at(stations=stations, on=on).filter(code=code).first()
    if contract is not None:
        return reverse("logistics:weigh", args=[contract.code])
    order = Purchase.objects.filter(
        code=code, station__in=stations, fulfilment=FulfilmentKind.COLLECT
    ).first()
    return reverse("logistics:hand_over", args=[order.code]) if order else ""


@login_required
@require_http_methods(["GET", "POST"])
def weigh_contract(request: MemberRequest, code: str) -> HttpResponse:
    """Gross and tare, then the server's net and price to confirm, then the slip."""
    on = clock.today()
    contract = get_object_or_404(
        contracts_at(stations=kept_stations(user=request.user, on=on), on=on), code=code
    )
    form = WeighForm(request.POST or None, contract=contract, initial={"harvested_on": on})
    context: dict[str, Any] = {"contract": contract, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if "confirm" in request.POST:
                ticket = weigh(
                    contract_code=code, **_told(request, form), key=form.cleaned_data["key"]
                )
                messages.success(request, _("记好了。过秤单 %s。") % ticket.code)
                return redirect("logistics:ticket", code=ticket.code)
            if "again" not in request.POST:
                context["load"] = assess_load(contract=contract, **_told(request, form))
        except PlatformError as error:
            form.refuse(error)
    return render(request, "logistics/station/weigh.html", context)


def _told(request: MemberRequest, form: WeighForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "gross_g": typed["gross"],
        "tare_g": typed["tare"],
        "grade": typed.get("grade", ""),
        "regrade_reason": typed.get("regrade_reason", ""),
        "harvested_on": typed["harvested_on"],
        "by": request.user,
        "at": clock.now(),
    }


@login_required
@require_GET
def ticket(request: MemberRequest, code: str) -> HttpResponse:
    """The slip, to show and to print."""
    slip = get_object_or_404(tickets_for(user=request.user, on=clock.today()), code=code)
    return render(request, "logistics/station/ticket.html", {"ticket": slip})


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: MemberRequest, code: str) -> HttpResponse:
    """Give the buyer the parcel and take the money, or say that the post delivered it."""
    order = get_object_or_404(orders_to_hand_over(user=request.user, on=clock.today()), code=code)
    typed = request.POST if request.method == "POST" else None
    form = HandOverForm(typed, is_paid=order.paid_at is not None)
    if request.method == "POST" and form.is_valid():
        taken = form.cleaned_data
        try:
            deliver_order(
                code=code,
                amount=taken.get("amount"),
                means=taken.get("means", ""),
                by=request.user,
                at=clock.now(),
            )
        except PlatformError as error:
            form.refuse(error)
        else:
            said = _("%s 交出去了，网上付过的，没有收钱。"), _("%s 交出去了，钱也记好了。")
            messages.success(request, said[0 if order.paid_at else 1] % code)
            return redirect(_after(order))
    lines = order.order.lines.filter(allocation_cancelled=False).select_related(*LINE_TITLE)
    ready = order.state == PurchaseState.SENT
    context = {
        "order": order,
        "lines": lines,
        "form": form,
        "ready": ready,
        "back": _after(order),
        "paid": order_money(order),
    }
    return render(request, "logistics/station/hand_over.html", context)


def _after(order: Purchase) -> str:
    collected = order.fulfilment == FulfilmentKind.COLLECT
    return reverse("logistics:station_home" if collected else "logistics:pack")
