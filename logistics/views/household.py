"""The household's phone page: what to bring when, the slips, the money, who looked."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from contracts.selectors import contract_reason
from contracts.states import ContractState
from core import clock
from core.http import MemberRequest
from growers.models import Household, VillageShop
from growers.selectors import bound_shop_at, looks_at
from logistics.selectors.access import own_household
from logistics.selectors.dues import household_money
from logistics.selectors.household import contracts_of, deliveries_left
from logistics.selectors.payouts import payout_trace, payouts_of, releases_of
from logistics.selectors.weighing import household_slips

SLIPS = 20
SOLD = 10
PAYOUTS = 6
LOOKS = 10


@login_required
@require_GET
def household_home(request: MemberRequest) -> HttpResponse:
    """The signed-in household's own page; everybody else finds nothing here."""
    on = clock.today()
    household = get_object_or_404(own_household(user=request.user, on=on)[:1])
    contracts = list(contracts_of(household, on=on)[:30])
    deliveries = deliveries_left(contracts, on=on)
    explained = deliveries[0].contract if deliveries else next(iter(contracts), None)
    context = {
        "household": household,
        "help_phone": _help_phone(household, on),
        "to_answer": [one for one in contracts if one.state == ContractState.OFFERED],
        "deliveries": deliveries,
        "money": household_money(household),
        "sold": list(releases_of(household)[:SOLD]),
        "payouts": list(payouts_of(household)[:PAYOUTS]),
        "slips": list(household_slips(household)[:SLIPS]),
        "explained": explained,
        "reason": contract_reason(explained) if explained else "",
        "looks": looks_at(household, most=LOOKS),
    }
    return render(request, "logistics/household/home.html", context)


def _help_phone(household: Household, on: date) -> str:
    """The number behind the call button: the bound shop's."""
    bound = bound_shop_at([household.pk], on)
    shop = VillageShop.objects.filter(pk__in=bound.values()).first()
    return shop.phone if shop else ""


@login_required
@require_GET
def household_slip(request: MemberRequest, code: str) -> HttpResponse:
    """One of the household's own slips, in its large type, to show and to print."""
    on = clock.today()
    household = get_object_or_404(own_household(user=request.user, on=on)[:1])
    slips = household_slips(household).select_related(
        "contract__household", "contract__cooperative", "contract__shop", "source__lot", "by"
    )
    slip = get_object_or_404(slips, code=code)
    context = {"ticket": slip, "help_phone": _help_phone(household, on)}
    return render(request, "logistics/household/slip.html", context)


@login_required
@require_GET
def household_payout(request: MemberRequest, code: str) -> HttpResponse:
    """One payment to the household: from which orders and slips it came."""
    on = clock.today()
    household = get_object_or_404(own_household(user=request.user, on=on)[:1])
    payout = get_object_or_404(payouts_of(household), code=code)
    context = {
        "payout": payout,
        "trace": payout_trace(payout),
        "help_phone": _help_phone(household, on),
    }
    return render(request, "logistics/household/payout.html", context)
