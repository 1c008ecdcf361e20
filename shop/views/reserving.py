"""The reservation form of a campaign: filling it, reading an address into it, reserving."""

from typing import Any
from uuid import uuid4

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

import payments
from core import clock
from core.errors import PlatformError
from core.templatetags.shanhuo import day_range
from shop.contact import known_contact
from shop.forms.pledge import PledgeForm
from shop.models import Campaign, PledgeTier, PledgeWay
from shop.selectors.addresses import addresses_of
from shop.selectors.basket import (
    BasketLine,
    BasketView,
    Parcel,
    ProvinceCharge,
    collection_stations,
    province_charges,
)
from shop.services.pledge_payments import methods_of, ways_for
from shop.services.pledges import most_packs, reserve
from shop.views.shown_pledges import remember_pledge
from shop.views.steps import Step, address_values, step_of, typed, unread_paste

OFFERS = "presale_offers"


def reserve_form(request: HttpRequest, one: Campaign, **kwargs: Any) -> PledgeForm:
    """The form as it is shown first, or with ``data`` or ``initial`` as it was typed."""
    kept = list(addresses_of(request.user))
    if not kwargs:
        known: dict[str, Any] = known_contact(request.user)
        if kept and kept[0].is_default:
            known |= address_values(kept[0])
        kwargs = {"initial": {**known, **_seen(one)}}
    form = PledgeForm(
        most=most_packs(one),
        stations=collection_stations(),
        provinces=_charges(one),
        ways=open_ways(one),
        boxes=open_boxes(one),
        perishable=one.listing.form.crop.perishable,
        **kwargs,
    )
    form.kept = kept
    return form


def open_ways(one: Campaign) -> list[PledgeWay]:
    """How one may pay now, the usual first; none where everything is paid on collection."""
    if not payments.enabled():
        return []
    ways = ways_for(one, at=clock.now())
    return [way for way in PledgeWay if methods_of(way, ways)]


def open_boxes(one: Campaign) -> list[PledgeTier]:
    """The boxes of a campaign that are left; few campaigns have any."""
    if not getattr(one, "has_boxes", True):
        return []
    return list(one.tiers.filter(taken_units__lt=F("cap_units")))


def offer_of(request: HttpRequest, one: Campaign) -> str:
    """The place in the queue whose turn it is, as this browser opened it; empty without one."""
    return str(request.session.get(OFFERS, {}).get(one.code, ""))


def submit(request: HttpRequest, one: Campaign) -> HttpResponse | PledgeForm:
    """Reserve and go there; else the form again, with its errors or with what a button filled."""
    form = reserve_form(request, one, data=request.POST)
    step = step_of(request) or unread_paste(form, request)
    if step:
        return _stepped(request, one, step)
    if form.is_valid() and _still_the_same(form, one):
        try:
            return _take(request, one, form)
        except PlatformError as error:
            field = getattr(error, "field", "") or _field_of(error)
            form.add_error(field or None, str(error))
            one.refresh_from_db()
    return form


def _stepped(request: HttpRequest, one: Campaign, step: Step) -> PledgeForm:
    form = reserve_form(request, one, initial={**_seen(one), **step.initial})
    form.said = step.said
    return form


def retyped(request: HttpRequest, one: Campaign) -> PledgeForm:
    """The form with everything typed, to be sent again."""
    return reserve_form(request, one, initial={**typed(request), **_seen(one)})


def _seen(one: Campaign) -> dict[str, str]:
    return {"submit_key": uuid4().hex, "seen": _terms(one)}


def _terms(one: Campaign) -> str:
    """What the person was shown: the price and the promised days."""
    return f"{one.price} {one.promised_from_on} {one.promised_to_on}"


def _still_the_same(form: PledgeForm, one: Campaign) -> bool:
    """A promise that moved while the page stood open is shown before it is accepted."""
    if form.cleaned_data["seen"] in {"", _terms(one)}:
        return True
    form.data = {**form.data.dict(), "seen": _terms(one)}  # type: ignore[attr-defined]
    days = day_range(one.promised_from_on, one.promised_to_on)
    text = _("日子或价钱刚刚变了：现在是 %(days)s发货，每份 ¥%(price)s。看一眼，要的话再按一次。")
    form.add_error(None, text % {"days": days, "price": one.price})
    return False


def _field_of(error: PlatformError) -> str:
    """Too few packs left is said beside the packs."""
    return "packs" if hasattr(error, "left") else ""


def _take(request: HttpRequest, one: Campaign, form: PledgeForm) -> HttpResponse:
    pledge = reserve(
        campaign_code=one.code,
        packs=form.cleaned_data["packs"],
        contact=form.contact,
        fulfilment=form.chosen,
        submit_key=form.cleaned_data["submit_key"],
        user=request.user if request.user.is_authenticated else None,
        at=clock.now(),
        way=form.chosen_way,
        tier=form.chosen_tier,
        offer=offer_of(request, one),
        perishable_confirmed=form.perishable_confirmed,
    )
    remember_pledge(request, pledge)
    return redirect("shop:pledge", code=pledge.code)


def _charges(one: Campaign) -> list[ProvinceCharge]:
    """What sending one pack costs, by province."""
    line = BasketLine(pk=0, listing=one.listing, packs=1, free=1, problem="")
    view = BasketView([Parcel(one.listing.shop, [line])])
    return province_charges(view, on=clock.today())
