"""One's own reservation: looking, changing and cancelling."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from notices.texts import language_now
from payments.services import hosted_page, refresh
from shop.divisions import shown_name
from shop.forms.pledge import PledgePacksForm
from shop.models import Pledge, PledgeState
from shop.selectors.campaigns import is_open, progress_of, promised_before
from shop.selectors.double_deposits import double_of
from shop.selectors.pledge_money import money_of
from shop.selectors.pledges import pledges_seen_by
from shop.selectors.setbacks import open_choice_of, weight_to_send
from shop.selectors.terms_changes import free_change_of, steps_of, told_changes
from shop.services.pledge_payments import paid_fen
from shop.services.pledges import cancel_pledge, change_pledge, may_change_packs, most_packs
from shop.views.shown import remember
from shop.views.shown_pledges import shown_pledges

CANCELLABLE = (PledgeState.ACTIVE, PledgeState.PENDING)


def _own(request: HttpRequest, code: str) -> Pledge:
    """The reservation, if this visitor may see it; else 404."""
    user = request.user if request.user.is_authenticated else None
    seen = pledges_seen_by(user=user, shown_codes=shown_pledges(request))
    found: Pledge = get_object_or_404(seen, code=code.upper())
    return found


@never_cache
def pledge(request: HttpRequest, code: str) -> HttpResponse:
    """One's own reservation and what happens next."""
    return _page(request, _own(request, code))


def _page(
    request: HttpRequest, one: Pledge, form: PledgePacksForm | None = None, *, status: int = 200
) -> HttpResponse:
    at = clock.now()
    campaign = one.campaign
    free = free_change_of(one, at=at)
    may_cancel = one.state in CANCELLABLE and is_open(campaign, at=at)
    may_cancel = may_cancel or (one.state == PledgeState.DUE and free is not None)
    may_change = may_cancel and one.state == PledgeState.ACTIVE and may_change_packs(one)
    link = getattr(one, "order_link", None)
    if link is not None:
        remember(request, [link.order.purchase])
    if may_change and form is None:
        form = _packs_form(one, initial={"packs": one.packs})
    context: dict[str, Any] = {
        "section": "campaigns",
        "pledge": one,
        "campaign": campaign,
        "crop": campaign.listing.form.crop,
        "progress": progress_of(campaign, at=at),
        "total": one.total,
        "money": money_of(one),
        "double": double_of(one),
        "province": shown_name(one.province_code),
        "purchase": link.order.purchase if link else None,
        "cancelled_why": campaign.changes.filter(new="cancelled").first(),
        "moved_from": promised_before(campaign),
        "terms_changes": [(row, steps_of(row)) for row in told_changes(one)],
        "free_change": free,
        "form": form if may_change else None,
        "may_cancel": may_cancel,
        "choice": open_choice_of(one, at=at),
        "part_g": weight_to_send(one) if one.way else None,
    }
    return render(request, "shop/presale/pledge.html", context, status=status)


def _packs_form(one: Pledge, **kwargs: Any) -> PledgePacksForm:
    return PledgePacksForm(most=most_packs(one.campaign), **kwargs)


@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Another number of packs."""
    one = _own(request, code)
    form = _packs_form(one, data=request.POST)
    if not form.is_valid():
        return _page(request, one, form, status=422)
    try:
        change_pledge(code=one.code, packs=form.cleaned_data["packs"], at=clock.now())
    except PlatformError as error:
        form.add_error("packs", str(error))
        return _page(request, one, form, status=422)
    messages.success(request, _("改好了：%(n)d 份。") % {"n": form.cleaned_data["packs"]})
    return redirect("shop:pledge", code=one.code)


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give the packs back."""
    one = _own(request, code)
    paid = paid_fen(one)
    try:
        cancel_pledge(code=one.code, at=clock.now())
        said = _("取消了，付过的钱原路退回。") if paid else _("取消了，没有收过钱。")
        messages.success(request, said)
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:pledge", code=one.code)


@require_POST
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """To the provider's page: saving a card, paying at once, or a deposit."""
    one = _own(request, code)
    back = request.build_absolute_uri(reverse("shop:pledge_back", args=[one.code]))
    try:
        url = hosted_page(
            code=_asked_now(one), return_url=back, at=clock.now(), language=language_now()
        )
    except PlatformError as error:
        say_error(request, error)
        return redirect("shop:pledge", code=one.code)
    return redirect(url)


def _asked_now(one: Pledge) -> str:
    """The payment that is to be done first; 404 where nothing is paid through us."""
    code = one.payment_code
    if one.state == PledgeState.PENDING and one.deposit_code:
        code = one.deposit_code
    if not code:
        raise Http404
    return code


@never_cache
def back(request: HttpRequest, code: str) -> HttpResponse:
    """The buyer comes back from the provider's page: look what became of it."""
    one = _own(request, code)
    try:
        refresh(code=_asked_now(one), at=clock.now())
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:pledge", code=one.code)
