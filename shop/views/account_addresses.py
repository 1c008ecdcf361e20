"""Addresses a person keeps: the list, a new one, changing, choosing the default, deleting."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import MemberRequest
from shop.contact import known_contact
from shop.forms.saved_address import SavedAddressForm
from shop.models import SavedAddress
from shop.selectors.addresses import address_of, addresses_of
from shop.selectors.basket import BasketView, province_charges
from shop.services.addresses import (
    MOST_ADDRESSES,
    change_address,
    forget_address,
    keep_address,
    prefer_address,
)
from shop.views.steps import address_values, step_of, typed, unread_paste


@login_required
@never_cache
def addresses(request: MemberRequest) -> HttpResponse:
    """All kept addresses."""
    kept = list(addresses_of(request.user))
    context = {"kept": kept, "may_add": len(kept) < MOST_ADDRESSES, "tab": "addresses"}
    return render(request, "shop/account/addresses.html", context)


@login_required
@never_cache
def address(request: MemberRequest, code: str = "") -> HttpResponse:
    """A new address, or one to be changed."""
    kept = _own(request, code) if code else None
    if request.method == "POST":
        return _submit(request, kept)
    known: dict[str, Any] = known_contact(request.user)
    if kept:
        known = {**address_values(kept), "is_default": kept.is_default}
    return _page(request, kept, _form(initial=known))


def _own(request: HttpRequest, code: str) -> SavedAddress:
    kept = address_of(request.user, code=code)
    if kept is None:
        raise Http404(code)
    return kept


def _form(**kwargs: Any) -> SavedAddressForm:
    charges = province_charges(BasketView([]), on=clock.today())
    return SavedAddressForm(provinces=charges, **kwargs)


def _submit(request: MemberRequest, kept: SavedAddress | None) -> HttpResponse:
    form = _form(data=request.POST)
    step = step_of(request) or unread_paste(form, request)
    if step:
        form = _form(initial=step.initial)
        form.said = step.said
        return _page(request, kept, form)
    if form.is_valid():
        try:
            _save(request, kept, form)
            return redirect("shop:addresses")
        except PlatformError as error:
            form.add_error(None, str(error))
    return _page(request, kept, form, status=422)


def _save(request: MemberRequest, kept: SavedAddress | None, form: SavedAddressForm) -> None:
    facts: dict[str, Any] = {
        "contact": form.contact,
        "place": form.destination,
        "is_default": form.cleaned_data["is_default"],
        "at": clock.now(),
    }
    if kept is None:
        keep_address(user=request.user, **facts)
    else:
        change_address(kept=kept, **facts)
    messages.success(request, _("地址记下了。"))


def _page(
    request: HttpRequest, kept: SavedAddress | None, form: SavedAddressForm, *, status: int = 200
) -> HttpResponse:
    context = {"kept": kept, "form": form, "tab": "addresses"}
    return render(request, "shop/account/address.html", context, status=status)


def expired(request: HttpRequest, code: str = "") -> HttpResponse:
    """The form came with an old token: nothing is kept yet, nothing typed is lost."""
    if not request.user.is_authenticated:
        return redirect("growers:sign_in")
    messages.warning(request, _("这一页放久了，地址还没有记下。填的都在，再按一次就好。"))
    kept = address_of(request.user, code=code) if code else None
    return _page(request, kept, _form(initial=typed(request)), status=403)


@login_required
@require_POST
def prefer(request: MemberRequest, code: str) -> HttpResponse:
    """Make it the one that checkout starts with."""
    prefer_address(kept=_own(request, code))
    messages.success(request, _("下单时先用这个地址。"))
    return redirect("shop:addresses")


@login_required
@require_POST
def forget(request: MemberRequest, code: str) -> HttpResponse:
    """Delete it; orders keep what was written on them."""
    forget_address(kept=_own(request, code))
    messages.success(request, _("删掉了。下过的订单不受影响。"))
    return redirect("shop:addresses")
