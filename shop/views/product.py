"""One listing, and the shop that sells it, for everyone."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

import payments
from core import clock
from core.drawings import drawing_for
from core.http import page_of
from growers.models import VillageShop
from shop import structured
from shop.selectors.product import ListingPage, listing_page, shown_listings
from shop.selectors.reviews import ReviewPage, reviews_of
from shop.selectors.shops import listings_of_shop, public_shops, shop_card
from shop.selectors.storefront import county_names, tiles
from shop.structured import Card, Facts, Rating

PAGE_SIZE = 24


def listing(request: HttpRequest, code: str) -> HttpResponse:
    """One listing: what it is, when it is there, who sells it, and the way into the basket."""
    on = clock.today()
    one = get_object_or_404(shown_listings(on=on), code=code.upper())
    page = listing_page(one, on=on)
    reviews = reviews_of(one)
    card = _card(request, page)
    context = {
        "pays_online": payments.enabled(),
        "section": "shop",
        "page": page,
        "listing": one,
        "crop": page.crop,
        "reviews": reviews,
        "card": card,
        "structured": structured.as_script(_facts(request, page, card, reviews)),
    }
    return render(request, "shop/storefront/listing.html", context)


def _card(request: HttpRequest, page: ListingPage) -> Card:
    one = page.listing
    first = page.pictures[0].image.url if page.pictures else static(drawing_for(page.crop.key))
    parts = [one.title, page.place, one.shop.name]
    return Card(
        url=request.build_absolute_uri(reverse("shop:listing", args=[one.code])),
        title=one.title,
        description=one.description or _("，").join(parts),
        image=request.build_absolute_uri(first),
        price=one.price,
    )


def _facts(
    request: HttpRequest, page: ListingPage, card: Card, reviews: ReviewPage
) -> Sequence[Facts]:
    average = reviews.average
    rating = Rating(average, reviews.count) if average is not None else None
    return [
        structured.product(page.listing, card=card, offer=_offer(request, page), rating=rating),
        structured.crumbs(_steps(request, page, card)),
    ]


def _offer(request: HttpRequest, page: ListingPage) -> Facts:
    """What one can do now: buy, reserve in the running pre-sale, or wait for a day."""
    one, campaign = page.listing, page.campaign
    word = structured.availability_word(one, can_buy=page.answer.can_buy)
    if word == "PreOrder" and campaign is not None:
        address = reverse("shop:campaign", args=[campaign.code])
        return structured.offer(
            one,
            url=request.build_absolute_uri(address),
            price=campaign.price,
            availability=word,
            starts_on=campaign.promised_from_on,
            until=clock.day_of(campaign.deadline_at),
        )
    address = reverse("shop:listing", args=[one.code])
    return structured.offer(
        one,
        url=request.build_absolute_uri(address),
        price=one.price,
        availability=word,
        starts_on=_starts_on(page, on=clock.today()),
    )


def _starts_on(page: ListingPage, *, on: date) -> date | None:
    """The day the season opens, while it is still to come."""
    start = page.listing.season_start_on
    return start if start is not None and start > on else None


def _steps(request: HttpRequest, page: ListingPage, card: Card) -> list[tuple[str, str]]:
    shelf = reverse("shop:list")
    crop = f"{shelf}?crop={page.crop.key}"
    return [
        (_("山货"), request.build_absolute_uri(shelf)),
        (page.crop.short_name, request.build_absolute_uri(crop)),
        (card.title, card.url),
    ]


def shop(request: HttpRequest, code: str) -> HttpResponse:
    """A village shop: where it is, what it answers for, and everything it sells."""
    on = clock.today()
    one: VillageShop = get_object_or_404(public_shops(on=on), code=code.upper())
    rows = page_of(request, listings_of_shop(one), size=PAGE_SIZE)
    card = shop_card(one, listings=one.shown, kind=one.kind)  # type: ignore[attr-defined]  # annotated
    context = {
        "section": "shop",
        "shop": card,
        "page": rows,
        "tiles": tiles(rows, on=on, counties=county_names()),
        "canonical": request.build_absolute_uri(reverse("shop:shop", args=[one.code])),
    }
    return render(request, "shop/storefront/shop.html", context)
