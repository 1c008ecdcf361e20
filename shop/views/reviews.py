"""Reviews: writing and withdrawing one's own, and reading all of a listing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock
from core.errors import PlatformError
from core.http import say_error
from shop.forms.voices import ReviewForm
from shop.models import Listing, Purchase, PurchaseState, Review
from shop.selectors.orders import purchases_for
from shop.selectors.reviews import (
    CountedPages,
    figures_of,
    listings_in,
    public_reviews,
    reviewed_listings,
    shown,
)
from shop.services.reviews import (
    MAY_CHANGE,
    change_review,
    why_not_changed,
    withdraw_review,
    write_review,
)
from shop.views.shown import shown_codes

PAGE_SIZE = 20


def listing_reviews(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that buyers said of one listing, the newest first."""
    one: Listing = get_object_or_404(reviewed_listings(), code=code.upper())
    figures = figures_of(one)
    pages = CountedPages(public_reviews(one), PAGE_SIZE, count=figures.count)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "shop",
        "listing": one,
        "crop": one.form.crop,
        "reviews": figures,
        "page": page,
        "rows": shown(page) if figures.count else [],
    }
    return render(request, "shop/storefront/reviews.html", context)


@never_cache
def review(request: HttpRequest, code: str, listing_code: str) -> HttpResponse:
    """The buyer says how one thing of an order was, or says it differently."""
    purchase, listing, mine = _own(request, code, listing_code)
    if purchase.state != PurchaseState.DELIVERED:
        messages.error(request, _("收到货以后才能评价。"))
        return redirect("shop:order", code=purchase.code)
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=_initial(mine))
    if request.method == "POST" and form.is_valid():
        try:
            _say(purchase, listing, mine, form.cleaned_data)
            messages.success(request, _("记下了，谢谢。") if mine is None else _("改好了。"))
            return redirect("shop:order", code=purchase.code)
        except PlatformError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
    return _page(request, purchase, listing, mine, form, status=422 if form.errors else 200)


def expired(request: HttpRequest, code: str, listing_code: str) -> HttpResponse:
    """The form came with an old token: nothing is written, nothing typed is lost."""
    purchase, listing, mine = _own(request, code, listing_code)
    messages.warning(request, _("这一页放久了，还没有记下。写的都在，看一眼再按一次。"))
    return _page(request, purchase, listing, mine, ReviewForm(request.POST), status=403)


def _page(
    request: HttpRequest,
    purchase: Purchase,
    listing: Listing,
    mine: Review | None,
    form: ReviewForm,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "purchase": purchase,
        "listing": listing,
        "crop": listing.form.crop,
        "mine": mine,
        "fixed": why_not_changed(mine, at=clock.now()) if mine else "",
        "until": mine.written_at + MAY_CHANGE if mine else None,
        "form": form,
    }
    return render(request, "shop/orders/review.html", context, status=status)


def _own(
    request: HttpRequest, code: str, listing_code: str
) -> tuple[Purchase, Listing, Review | None]:
    """The visitor's order, one thing of it and its review; 404 for everybody else."""
    mine = purchases_for(request.user, shown=shown_codes(request))
    purchase: Purchase = get_object_or_404(mine, code=code.upper())
    listing = listings_in(purchase).filter(code=listing_code.upper()).first()
    if listing is None:
        raise Http404
    written = Review.objects.filter(purchase=purchase, listing=listing).select_related("reply")
    return purchase, listing, written.first()


def _initial(mine: Review | None) -> dict[str, Any]:
    if mine is None:
        return {"names_buyer": True}
    return {"score": mine.score, "text": mine.text, "names_buyer": mine.names_buyer}


def _say(purchase: Purchase, listing: Listing, mine: Review | None, said: dict[str, Any]) -> None:
    if mine is None:
        write_review(purchase=purchase, listing=listing, at=clock.now(), **said)
    else:
        change_review(code=mine.code, at=clock.now(), **said)


@require_POST
def withdraw(request: HttpRequest, code: str, listing_code: str) -> HttpResponse:
    """The buyer takes the review back."""
    purchase, _listing, mine = _own(request, code, listing_code)
    if mine is not None:
        try:
            withdraw_review(code=mine.code, at=clock.now())
            messages.success(request, _("撤回了，别人看不到了。"))
        except PlatformError as error:
            say_error(request, error)
    return redirect("shop:order", code=purchase.code)
