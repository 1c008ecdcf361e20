"""Pre-sale for everyone: the list, one campaign, and reserving in it."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from core import clock
from core.errors import PlatformError
from core.http import page_of
from shop.contact import known_contact
from shop.forms.pledge import PledgeForm
from shop.models import Campaign
from shop.selectors.basket import (
    BasketLine,
    BasketView,
    Parcel,
    ProvinceCharge,
    collection_stations,
    province_charges,
)
from shop.selectors.campaigns import (
    backers_of,
    ended_campaigns,
    is_open,
    open_campaigns,
    progress_of,
    promised_before,
    public_campaigns,
    season_shown,
)
from shop.services.pledges import most_packs, reserve
from shop.views.shown_pledges import remember_pledge

ENDED_SHOWN = 6
PAGE_SIZE = 24


def campaign_list(request: HttpRequest) -> HttpResponse:
    """What one can reserve in now, and what closed lately."""
    at = clock.now()
    page = page_of(request, open_campaigns(at=at), size=PAGE_SIZE)
    context = {
        "section": "campaigns",
        "page": page,
        "rows": [(one, progress_of(one, at=at)) for one in page],
        "ended": [(one, progress_of(one, at=at)) for one in ended_campaigns(at=at)[:ENDED_SHOWN]],
    }
    return render(request, "shop/presale/list.html", context)


@never_cache
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """One campaign; a reservation is sent to the same address."""
    one = get_object_or_404(public_campaigns(), code=code.upper())
    if request.method == "POST":
        return _reserve(request, one)
    form = _form(one, initial=_initial(request)) if is_open(one, at=clock.now()) else None
    return _page(request, one, form)


def _reserve(request: HttpRequest, one: Campaign) -> HttpResponse:
    form = _form(one, data=request.POST)
    if form.is_valid():
        try:
            return _take(request, one, form)
        except PlatformError as error:
            field = getattr(error, "field", "") or _field_of(error)
            form.add_error(field or None, str(error))
            one.refresh_from_db()
    shown = form if is_open(one, at=clock.now()) else None
    return _page(request, one, shown, status=422)


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
    )
    remember_pledge(request, pledge)
    return redirect("shop:pledge", code=pledge.code)


def _initial(request: HttpRequest) -> dict[str, Any]:
    return {**known_contact(request.user), "submit_key": uuid4().hex}


def _form(one: Campaign, **kwargs: Any) -> PledgeForm:
    return PledgeForm(
        most=most_packs(one),
        stations=collection_stations(),
        provinces=_charges(one),
        **kwargs,
    )


def _charges(one: Campaign) -> list[ProvinceCharge]:
    """What sending one pack costs, by province."""
    line = BasketLine(pk=0, listing=one.listing, packs=1, free=1, problem="")
    view = BasketView([Parcel(one.listing.shop, [line])])
    return province_charges(view, on=clock.today())


def _page(
    request: HttpRequest, one: Campaign, form: PledgeForm | None, *, status: int = 200
) -> HttpResponse:
    at = clock.now()
    context = {
        "section": "campaigns",
        "campaign": one,
        "listing": one.listing,
        "crop": one.listing.form.crop,
        "progress": progress_of(one, at=at),
        "backers": backers_of(one),
        "is_open": is_open(one, at=at),
        "moved_from": promised_before(one),
        "season": season_shown(one, on=clock.today()),
        "cancelled_why": one.changes.filter(new="cancelled").first(),
        "form": form,
    }
    return render(request, "shop/presale/campaign.html", context, status=status)
