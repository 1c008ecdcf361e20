"""The cooperative's contracts, and the printed page with both copies."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from contracts.selectors import contract_for, contracts_for
from contracts.selectors.contracts import delivery_weeks
from contracts.selectors.roles import works_with_plans
from contracts.states import ContractState
from core import clock
from core.errors import PlatformError
from core.http import MemberRequest, page_of
from core.units import amount_for
from growers.models import Household
from growers.services import read_identity


@login_required
@require_GET
def contract_list(request: MemberRequest) -> HttpResponse:
    """Contracts by state, newest first."""
    on = clock.today()
    if not works_with_plans(request.user, on):
        raise Http404
    state = request.GET.get("state", "")
    found = contracts_for(request.user, on)
    if state in ContractState.values:
        found = found.filter(state=state)
    context = {"page": page_of(request, found), "states": ContractState.choices, "state": state}
    return render(request, "contracts/contracts.html", context)


@login_required
@require_GET
def printed(request: MemberRequest, code: str) -> HttpResponse:
    """The contract as text, once for each party; the name is read with a stated purpose."""
    contract = contract_for(request.user, code, clock.today())
    context = {
        "contract": contract,
        "head_name": _head_name(request, contract.household),
        "amount": amount_for(price_per_kg=contract.price_per_kg, weight_g=contract.weight_g),
        "weeks": delivery_weeks(contract),
        "copies": [_("农户留存"), _("合作社留存")],
    }
    return render(request, "contracts/print.html", context)


def _head_name(request: MemberRequest, household: Household) -> str:
    """The seller's name; empty for whoever may see the contract but not the name."""
    try:
        identity = read_identity(
            household=household, by=request.user, purpose=gettext_noop("打印合同"), at=clock.now()
        )
    except PlatformError:
        return ""
    return identity.head_name
