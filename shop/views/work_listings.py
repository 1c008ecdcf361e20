"""Drafts from the calendar, and the shop's listings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import page_of, say_error
from shop.forms.listing import DraftForm, PictureForm, PriceForm, ProofForm
from shop.forms.price_split import PriceSplitForm
from shop.models import Listing, ListingState
from shop.price_rules import floor_price
from shop.products import proof_needed
from shop.proofs import proofs_of
from shop.selectors.drafts import Draft, draft_for, drafts_for
from shop.selectors.price_split import amounts_of
from shop.selectors.workspace import listings_of, proof_missing
from shop.services.drafts import accept_draft, adjust_listing, publish_draft, take_down
from shop.services.listings import record_proof
from shop.views.desk import DeskRequest, desk

PAGE_SIZE = 30


@desk
@never_cache
def drafts(request: DeskRequest) -> HttpResponse:
    """What the calendar proposes, and what was accepted and waits."""
    waiting = listings_of(request.shop).filter(state=ListingState.DRAFT)
    context = {
        "shop": request.shop,
        "drafts": drafts_for(request.shop, on=clock.today()),
        "waiting": [(one, proof_missing(one, on=clock.today())) for one in waiting],
    }
    return render(request, "shop/workspace/drafts.html", context)


@desk
@never_cache
def draft(request: DeskRequest, form_key: str) -> HttpResponse:
    """One draft: look, adjust, accept; with ``publish`` also shown in the shop."""
    one = draft_for(request.shop, form_key=form_key, on=clock.today())
    if one is None:
        raise Http404
    form = _draft_form(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _accept(request, one, form)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    context = {"shop": request.shop, "draft": one, "form": form}
    status = 422 if form.errors else 200
    return render(request, "shop/workspace/draft.html", context, status=status)


def _draft_form(one: Draft, data: Any) -> DraftForm:
    initial = {"grade": one.grade, "pack_weight_g": one.pack_weight_g, "price": one.price}
    return DraftForm(data, initial=initial, form=one.form, pack_weight_g=one.pack_weight_g)


def _accept(request: DeskRequest, one: Draft, form: DraftForm) -> HttpResponse:
    listing = accept_draft(
        shop=request.shop, form=one.form, by=request.user, at=clock.now(), **form.cleaned_data
    )
    if "publish" in request.POST:
        return _publish(request, listing)
    messages.success(request, _("存成草稿了，还没上架。"))
    return redirect("shop:work_listing", code=listing.code)


def _publish(request: DeskRequest, listing: Listing) -> HttpResponse:
    try:
        publish_draft(code=listing.code, by=request.user, at=clock.now())
        messages.success(request, _("上架了，店里和日历里都看得到。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:work_listing", code=listing.code)


@desk
@never_cache
def listings(request: DeskRequest) -> HttpResponse:
    """All listings of the shop."""
    page = page_of(request, listings_of(request.shop), size=PAGE_SIZE)
    context = {
        "shop": request.shop,
        "page": page,
        "rows": [(one, proof_missing(one, on=clock.today())) for one in page],
    }
    return render(request, "shop/workspace/listings.html", context)


def own_listing(request: DeskRequest, code: str) -> Listing:
    """A listing of the shop; another's is 404."""
    found: Listing = get_object_or_404(listings_of(request.shop), code=code.upper())
    return found


@desk
@never_cache
def listing(request: DeskRequest, code: str) -> HttpResponse:
    """One listing: price and words, proof, publishing and withdrawing."""
    one = own_listing(request, code)
    form = _price_form(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            split_goes = form.cleaned_data["price"] != one.price and one.price_shares.exists()
            adjust_listing(listing=one, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("改好了。"))
            if split_goes:
                messages.warning(request, _("价格变了，原来公开的“钱去了哪里”撤下了，请重新写。"))
            return redirect("shop:work_listing", code=one.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return listing_page(request, one, form=form, status=422 if form.errors else 200)


def _price_form(one: Listing, data: Any = None) -> PriceForm:
    initial = {"price": one.price, "description": one.description}
    return PriceForm(data, initial=initial, form=one.form, pack_weight_g=one.pack_weight_g)


def _proof_form(one: Listing, data: Any = None, files: Any = None) -> ProofForm:
    on = clock.today()
    kind = proof_needed(one.form.crop)
    return ProofForm(data, files, initial={"issued_on": on}, kind=kind, on=on, prefix="proof")


def listing_page(
    request: DeskRequest,
    one: Listing,
    *,
    form: PriceForm | None = None,
    proof_form: ProofForm | None = None,
    picture_form: PictureForm | None = None,
    split_form: PriceSplitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one listing, with whichever form was sent and refused."""
    missing = proof_missing(one, on=clock.today())
    shares = amounts_of(one.price_shares.all())
    context = {
        "shop": request.shop,
        "listing": one,
        "crop": one.form.crop,
        "floor": floor_price(one.form, one.pack_weight_g),
        "form": form or _price_form(one),
        "proof_kind": proof_needed(one.form.crop).label,
        "proof_missing": missing,
        "proof_form": proof_form or _proof_form(one),
        "picture_form": picture_form or PictureForm(prefix="picture"),
        "pictures": one.pictures.all(),
        "split_form": split_form or PriceSplitForm(listing=one, amounts=shares),
        "split_shown": bool(shares),
        "proofs": proofs_of(one.form.crop, one.proofs.all(), on=clock.today()),
    }
    return render(request, "shop/workspace/listing.html", context, status=status)


@desk
@require_POST
def proof(request: DeskRequest, code: str) -> HttpResponse:
    """Put the proof a listing needs on record."""
    one = own_listing(request, code)
    form = _proof_form(one, request.POST, request.FILES)
    if form.is_valid():
        try:
            record_proof(
                listing=one,
                kind=form.kind,
                by=request.user,
                at=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("证明记下了。"))
            return redirect("shop:work_listing", code=one.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return listing_page(request, one, proof_form=form, status=422)


@desk
@require_POST
def publish(request: DeskRequest, code: str) -> HttpResponse:
    """Show it in the shop, or say why not."""
    return _publish(request, own_listing(request, code))


@desk
@require_POST
def withdraw(request: DeskRequest, code: str) -> HttpResponse:
    """Take it out of the shop; orders stand."""
    one = own_listing(request, code)
    try:
        take_down(code=one.code, by=request.user, at=clock.now())
        messages.success(request, _("下架了。已经下的单不受影响。"))
    except PlatformError as error:
        say_error(request, error)
    return redirect("shop:work_listing", code=one.code)
