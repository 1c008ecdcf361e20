"""The cooperative's stock, its process steps, and what it owes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of
from core.templatetags.shanhuo import kg
from growers.models import Role
from growers.selectors import roles_of
from logistics.forms import CarryForm, LotForm, ProcessForm, SpoilForm
from logistics.models import Lot
from logistics.selectors.access import own_cooperatives
from logistics.selectors.dues import dues_by_household, dues_by_shop, dues_for, open_dues, owed
from logistics.selectors.stock import lots_for, moves_of, sources_of, steps_for, stock_for
from logistics.services.moves import place_of_hub
from logistics.services.processing import move_lot, process, spoil

OWED_ROLES = frozenset({Role.PLANNER, Role.APPROVER, Role.SHOP_OPERATOR})
MOST_BATCHES = 60


@login_required
@require_GET
def stock(request: MemberRequest) -> HttpResponse:
    """Lots by expiry with where they lie, and the latest process steps."""
    on = clock.today()
    cooperatives = list(own_cooperatives(user=request.user, on=on))
    if not cooperatives:
        raise Http404
    rows = stock_for(user=request.user, on=on)
    context = {
        "cooperatives": cooperatives,
        "page": page_of(request, rows),
        "total_g": rows.aggregate(grams=Sum("weight_g"))["grams"] or 0,
        "steps": list(steps_for(user=request.user, on=on)[:10]),
    }
    return render(request, "logistics/coop/stock.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def process_stock(request: MemberRequest) -> HttpResponse:
    """Which batches became what, and what was lost."""
    on = clock.today()
    if not own_cooperatives(user=request.user, on=on).exists():
        raise Http404
    rows = stock_for(user=request.user, on=on).filter(lot__expires_on__gt=on)
    form = ProcessForm(request.POST or None, balances=rows[:MOST_BATCHES])
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            step = process(
                kind=typed["kind"],
                lot_codes=[row.lot.code for row in typed["lots"]],
                place_code=typed["lots"][0].place.code,
                output_form=typed["output_form"],
                output_grade=typed["output_grade"].strip(),
                output_g=typed["output"],
                loss_g=typed["loss"],
                key=typed["key"],
                by=request.user,
                at=clock.now(),
            )
        except PlatformError as error:
            form.refuse(error)
        else:
            facts = {"lot": step.output.code, "weight": kg(step.output_g)}
            messages.success(request, _("记好了：新批次 %(lot)s，%(weight)s。") % facts)
            return redirect("logistics:stock")
    return render(request, "logistics/coop/process.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def lot_page(request: MemberRequest, code: str) -> HttpResponse:
    """Where a lot came from and went to; carry it to a hub, or write spoiled grams off."""
    lot = get_object_or_404(lots_for(user=request.user, on=clock.today()), code=code)
    act = request.POST.get("act")
    carry = CarryForm(request.POST if act == "carry" else None, lot=lot, prefix="carry")
    spoiled = SpoilForm(request.POST if act == "spoil" else None, lot=lot, prefix="spoil")
    form = carry if act == "carry" else spoiled
    if request.method == "POST" and form.is_valid():
        try:
            _move(request, lot, form)
        except PlatformError as error:
            form.refuse(error)
        else:
            messages.success(request, _("记好了。"))
            return redirect("logistics:lot", code=code)
    context = {
        "lot": lot,
        "balances": list(stock_for(user=request.user, on=clock.today()).filter(lot=lot)),
        "sources": list(sources_of(lot)),
        "moves": list(moves_of(lot)),
        "carry": carry,
        "spoil": spoiled,
    }
    return render(request, "logistics/coop/lot.html", context)


def _move(request: MemberRequest, lot: Lot, form: LotForm) -> None:
    typed = form.cleaned_data
    told = {
        "lot_code": lot.code,
        "weight_g": typed["weight"],
        "key": typed["key"],
        "by": request.user,
        "at": clock.now(),
    }
    if isinstance(form, CarryForm):
        hub = place_of_hub(typed["hub"])
        move_lot(from_place=typed["place"], to_place=hub, **told)
    else:
        spoil(place=typed["place"], why=typed["why"], **told)


@login_required
@require_GET
def payments_due(request: MemberRequest) -> HttpResponse:
    """What is owed, by household code and by shop; overdue first."""
    on = clock.today()
    if not OWED_ROLES & roles_of(request.user, on):
        raise Http404
    dues = open_dues(dues_for(user=request.user, on=on))
    context = {
        "owed": owed(dues, on=on),
        "page": page_of(request, dues_by_household(dues)),
        "shops": list(dues_by_shop(dues)[:60]),
        "may_pay": own_cooperatives(user=request.user, on=on).exists(),
    }
    return render(request, "logistics/coop/payments.html", context)
