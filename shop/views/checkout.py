"""Checkout on one page, without script too."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

import payments
from core import clock
from core.errors import BadInput, PlatformError
from core.units import fen, from_fen
from shop.contact import known_contact
from shop.forms.checkout import CheckoutForm
from shop.http import ShopRequest
from shop.models import FulfilmentKind, PurchaseState, SavedAddress, Voucher
from shop.selectors.addresses import addresses_of
from shop.selectors.basket import (
    BasketView,
    ProvinceCharge,
    basket_view,
    collection_stations,
    parcel_charges,
    province_charges,
)
from shop.selectors.bills import NO_BILL, Bill, bill_ahead, bills_of
from shop.selectors.credits import credit_left
from shop.selectors.orders import purchases_for, with_lines
from shop.services.addresses import keep_address
from shop.services.baskets import Brings, check_out
from shop.services.vouchers import check_voucher
from shop.views.credits import holder_of
from shop.views.order_paying import go_to_pay
from shop.views.shown import remember, shown_codes
from shop.views.steps import Step, address_values, step_of, typed, unread_paste


@never_cache
def checkout(request: ShopRequest) -> HttpResponse:
    """Everything an order needs on one page."""
    page = _Page(request)
    if request.method == "POST":
        return _submit(page)
    if not page.view.lines:
        return redirect("shop:basket")
    return page.render(page.form(initial=page.initial()))


class _Page:
    """The page for one request: its basket, its charges, its form."""

    def __init__(self, request: ShopRequest) -> None:
        self.request = request
        self.view: BasketView = basket_view(request.basket)
        self.charges: list[ProvinceCharge] = []
        if self.view.lines:
            self.charges = province_charges(self.view, on=clock.today())
        self.kept: list[SavedAddress] = list(addresses_of(request.user))
        self.holder = holder_of(request)
        self.credit = credit_left(self.holder) if payments.enabled() else 0

    def form(self, **kwargs: Any) -> CheckoutForm:
        form = CheckoutForm(
            stations=collection_stations(),
            provinces=self.charges,
            perishable=bool(self.view.perishables),
            may_keep=self.request.user.is_authenticated,
            may_pay=payments.enabled(),
            credit_fen=self.credit,
            **kwargs,
        )
        form.kept = self.kept
        return form

    def initial(self) -> dict[str, Any]:
        """What is known of the buyer: the default address, or what was typed before."""
        known: dict[str, Any] = known_contact(self.request.user)
        if self.kept and self.kept[0].is_default:
            known |= address_values(self.kept[0])
        return {**known, **self.request.session.pop("typed", {}), **self.seen()}

    def seen(self) -> dict[str, Any]:
        """What the person sees is what will be ordered."""
        return {"checkout_key": uuid4().hex, **self.terms}

    @property
    def terms(self) -> dict[str, str]:
        """What the goods come to, what carriage costs (all provinces at once, as one sum), and the
        credit there is.
        """
        charges = sum((one.charge for one in self.charges), Decimal("0.00"))
        return {
            "seen_goods": str(self.view.goods),
            "seen_charges": str(charges),
            "seen_credit": str(self.credit),
        }

    def step(self, step: Step) -> HttpResponse:
        """The same page with what a helping button filled in; a box left empty stays so."""
        boxes = {"use_credit": False}
        form = self.form(initial={**self.seen(), **boxes, **step.initial})
        form.said = step.said
        return self.render(form)

    def render(self, form: CheckoutForm, *, status: int = 200) -> HttpResponse:
        chosen = form["province_code"].value()
        charge = next((one for one in self.charges if one.code == chosen), None)
        voucher, trouble = self._voucher(form)
        context = {
            "basket": self.view,
            "form": form,
            "zones": _by_zone(self.charges),
            "charge": charge,
            "charges": parcel_charges(self.view, on=clock.today()),
            "collect": self._bill(form, 0, voucher),
            "delivery": self._bill(form, fen(charge.charge), voucher) if charge else None,
            "voucher_trouble": "" if "voucher" in form.errors else trouble,
            "credit": self.credit,
            "is_delivery": form["fulfilment"].value() == FulfilmentKind.DELIVERY,
        }
        return render(self.request, "shop/checkout/checkout.html", context, status=status)

    def _voucher(self, form: CheckoutForm) -> tuple[Voucher | None, str]:
        """The voucher typed, if it may be used; else why not."""
        typed = form["voucher"].value() if form.shows_payment_now else ""
        if not typed:
            return None, ""
        try:
            return check_voucher(code=typed, goods_fen=fen(self.view.goods), at=clock.now()), ""
        except BadInput as error:
            return None, str(error)

    def _bill(self, form: CheckoutForm, carriage: int, voucher: Voucher | None) -> Bill:
        """What the form as it stands would come to."""
        wants = form.shows_payment_now and "use_credit" in form.fields
        here = self.credit if wants and form["use_credit"].value() else 0
        return bill_ahead(
            goods=fen(self.view.goods), carriage=carriage, voucher=voucher, credit_here=here
        )


def _submit(page: _Page) -> HttpResponse:
    request = page.request
    key = request.POST.get("checkout_key", "")[:40]
    if key and key in request.session.get("checkouts", []):
        return redirect("shop:placed", key=key)
    if not page.view.lines:
        request.session["typed"] = _contact_typed(typed(request))
        messages.warning(request, _("篮子是空的，或者已经下过单了。填过的字还在，挑好再下单。"))
        return redirect("shop:basket")
    form = page.form(data=request.POST)
    step = step_of(request) or unread_paste(form, request)
    if step:
        return page.step(step)
    if form.is_valid() and _still_the_same(form, page):
        try:
            return _place(page, form, key)
        except PlatformError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
    return page.render(form, status=422)


def expired(request: ShopRequest) -> HttpResponse:
    """The form came with an old token: nothing is ordered, nothing typed is lost."""
    page = _Page(request)
    if not page.view.lines:
        request.session["typed"] = _contact_typed(typed(request))
        return redirect("shop:basket")
    said = _("这一页放久了，还没有下单。填的都在，看一眼再按一次“提交订单”。")
    form = page.form(initial={**typed(request), **page.seen()})
    messages.warning(request, said)
    return page.render(form, status=403)


def _contact_typed(values: Mapping[str, Any]) -> dict[str, str]:
    """What is worth keeping for the next basket: who and where, not what."""
    names = ("name", "mobile", "fulfilment", "province_code", "city_code", "county_code", "address")
    return {name: str(values[name])[:200] for name in names if values.get(name)}


def _place(page: _Page, form: CheckoutForm, key: str) -> HttpResponse:
    request = page.request
    user = request.user if request.user.is_authenticated else None
    at = clock.now()
    purchases = check_out(
        basket=request.basket,
        contact=form.contact,
        fulfilment=form.chosen,
        checkout_key=key,
        user=user,
        at=at,
        terms=form.terms(at=at),
        brings=Brings(form.cleaned_data.get("voucher", ""), page.holder, form.credit_fen),
    )
    remember(request, purchases)
    request.session["checkouts"] = [*request.session.get("checkouts", []), key][-10:]
    if user and form.cleaned_data.get("keep_address") and not form.chosen.is_collection:
        _keep(request, form)
    if purchases[0].state == PurchaseState.AWAITING:
        return go_to_pay(request, purchases[0])
    return redirect("shop:placed", key=key)


def _keep(request: ShopRequest, form: CheckoutForm) -> None:
    """The order stands whether or not its address can be kept."""
    try:
        keep_address(user=request.user, contact=form.contact, place=form.chosen, at=clock.now())
    except PlatformError as error:
        messages.warning(request, str(error))


def _still_the_same(form: CheckoutForm, page: _Page) -> bool:
    """What is ordered is what was shown: prices and packs may have moved in another tab."""
    data, terms = form.cleaned_data, page.terms
    by_post = data["fulfilment"] == FulfilmentKind.DELIVERY
    if data["seen_goods"] != page.view.goods:
        said = _("篮子里的东西或价钱变了，看一眼新的合计再下单。")
    elif by_post and data["seen_charges"] not in {"", terms["seen_charges"]}:
        said = _("运费刚刚变了，看一眼新的合计再下单。")
    elif (data.get("seen_credit") or 0) != page.credit:
        said = _("能用的购物金刚刚变了，看一眼再下单。")
    else:
        return True
    form.data = {**form.data.dict(), **terms}  # type: ignore[attr-defined]
    form.add_error(None, said)
    return False


def _by_zone(charges: list[ProvinceCharge]) -> list[dict[str, Any]]:
    zones: dict[tuple[Decimal, str], list[ProvinceCharge]] = {}
    for one in charges:
        zones.setdefault((one.charge, one.zone), []).append(one)
    return [
        {"charge": charge, "names": _("、").join(one.name for one in ones)}
        for (charge, _name), ones in sorted(zones.items(), key=lambda item: item[0])
    ]


@never_cache
def placed(request: ShopRequest, key: str) -> HttpResponse:
    """Thanks, and the code of every order of this checkout."""
    found = purchases_for(request.user, shown=shown_codes(request)).filter(checkout_key=key)
    purchases = list(with_lines(found.order_by("shop_id")))
    if not purchases:
        return redirect("shop:find_order")
    first = purchases[0]
    bills = bills_of(purchases)
    bill = sum(bills, NO_BILL)
    context = {
        "rows": [(one, each.bought) for one, each in zip(purchases, bills, strict=True)],
        "total": from_fen(bill.left),
        "credit": bill.credit,
        "first": first,
        "waits": first.state == PurchaseState.AWAITING,
    }
    return render(request, "shop/checkout/placed.html", context)
