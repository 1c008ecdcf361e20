"""A contract on the household's phone: read it, see why, say yes or no."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contracts import services
from contracts.forms import AnswerForm
from contracts.models import Contract
from contracts.selectors import contract_for
from contracts.selectors.contracts import contract_offer, delivery_weeks
from contracts.selectors.roles import helps_household, is_of_household
from contracts.selectors.sentences import reason_sentence
from contracts.states import ContractState
from core import clock
from core.errors import BadInput, PlatformError
from core.http import MemberRequest, say_error
from core.units import amount_for


@login_required
@require_GET
def detail(request: MemberRequest, code: str) -> HttpResponse:
    """The contract in large type, for the household and its helper only."""
    return _page(request, _own_contract(request, code), AnswerForm())


@login_required
@require_POST
def answer(request: MemberRequest, code: str) -> HttpResponse:
    """Record the household's answer once."""
    contract = _own_contract(request, code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, contract, form, status=422)
    act = services.accept_contract
    if form.cleaned_data["answer"] == "decline":
        act = services.decline_contract
    try:
        answered = act(
            code=contract.code,
            by=request.user,
            at=clock.now(),
            on=clock.today(),
            consent_note=form.cleaned_data["consent_note"],
        )
    except BadInput as error:
        form.add_error(error.field or None, str(error))
        return _page(request, contract, form, status=422)
    except PlatformError as error:
        say_error(request, error)
    else:
        _say(request, answered)
    return redirect("contracts:household_contract", code=contract.code)


def _say(request: MemberRequest, contract: Contract) -> None:
    if contract.state == ContractState.ACCEPTED:
        messages.success(request, _("签好了。到日子按合同交货，价钱不会再低。"))
    else:
        messages.success(request, _("记下了，这份合同不签。"))


def _own_contract(request: MemberRequest, code: str) -> Contract:
    on = clock.today()
    contract = contract_for(request.user, code, on)
    if is_of_household(request.user, contract.household, on):
        return contract
    if helps_household(request.user, contract.household, on):
        return contract
    raise Http404


def _page(
    request: MemberRequest, contract: Contract, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    offer = contract_offer(contract)
    reason = getattr(offer, "reason", None)
    context = {
        "contract": contract,
        "form": form,
        "offer": offer,
        "reason": reason_sentence(reason) if reason else "",
        "amount": amount_for(price_per_kg=contract.price_per_kg, weight_g=contract.weight_g),
        "weeks": delivery_weeks(contract),
        "open": contract.state == ContractState.OFFERED,
        "for_household": not is_of_household(request.user, contract.household, clock.today()),
        "help_phone": contract.shop.phone,
    }
    return render(request, "contracts/household_contract.html", context, status=status)
