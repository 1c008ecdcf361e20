"""The shelf, one listing, and search."""

import json
from collections.abc import Iterable
from typing import cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core import clock
from core.http import page_of
from harvest_calendar.models import Crop
from shop.models import Listing, SeasonState
from shop.search.find import found_by
from shop.search.pairs import MAX_QUERY
from shop.selectors.storefront import (
    ListingPage,
    ShelfQuery,
    categories_on_shelf,
    counties_on_shelf,
    county_names,
    listing_page,
    live_campaign_of,
    published_listings,
    season_note,
    shelf,
    tiles,
)

PAGE_SIZE = 24
FILTERS = ("category", "county", "season", "crop")


def listing_list(request: HttpRequest) -> HttpResponse:
    """Everything on the shelf, what is in season first."""
    asked = _asked(request)
    return _shelf_page(request, shelf(asked), asked, {"crop": _crop(asked)})


def search(request: HttpRequest) -> HttpResponse:
    """What a person typed, found in names, places, shops and pinyin."""
    typed = _asked_for(request, "q").strip()
    asked = _asked(request)
    found = shelf(asked)
    found = found_by(found, typed) if typed else found
    return _shelf_page(request, found, asked, {"typed": typed, "crop": _crop(asked)}, page="search")


def _asked(request: HttpRequest) -> ShelfQuery:
    return ShelfQuery(**{name: _asked_for(request, name) for name in FILTERS})


def _asked_for(request: HttpRequest, name: str) -> str:
    """A word of the address, cut short; PostgreSQL takes no zero bytes."""
    return request.GET.get(name, "").replace("\x00", "")[:MAX_QUERY]


def _crop(asked: ShelfQuery) -> Crop | None:
    return Crop.objects.filter(key=asked.crop).first() if asked.crop else None


def _shelf_page(
    request: HttpRequest,
    found: QuerySet[Listing],
    asked: ShelfQuery,
    extra: dict[str, object],
    *,
    page: str = "list",
) -> HttpResponse:
    rows = page_of(request, found, size=PAGE_SIZE)
    listings = cast(Iterable[Listing], rows)
    context = {
        "section": "shop",
        "page": rows,
        "tiles": tiles(listings, on=clock.today(), counties=county_names()),
        "asked": asked,
        "categories": categories_on_shelf(),
        "counties": counties_on_shelf(),
        "seasons": SeasonState.choices,
        "query": _query(request, leave_out={"page"}),
        "query_without_category": _query(request, leave_out={"page", "category"}),
        **extra,
    }
    return render(request, f"shop/storefront/{page}.html", context)


def _query(request: HttpRequest, *, leave_out: set[str]) -> str:
    kept = [(k, v) for k, v in request.GET.items() if v and k not in leave_out]
    return urlencode(kept)


def listing(request: HttpRequest, code: str) -> HttpResponse:
    """One listing: what it is, when it is there, who sells it, and the way into the basket."""
    found = published_listings().select_related(
        "variety", "shop__station", "origin__parent__parent"
    )
    one = get_object_or_404(found.prefetch_related("proofs"), code=code.upper())
    on = clock.today()
    page = listing_page(one, on=on)
    context = {
        "section": "shop",
        "page": page,
        "listing": one,
        "crop": one.form.crop,
        "note": season_note(one, on=on),
        "campaign": live_campaign_of(one),
        "structured": _structured(request, page),
    }
    return render(request, "shop/storefront/listing.html", context)


def _structured(request: HttpRequest, page: ListingPage) -> SafeString:
    """schema.org Product and Offer, safe inside a script element."""
    one = page.listing
    at = "InStock" if page.answer.can_buy else "OutOfStock"
    facts = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": one.product.title,
        "sku": one.code,
        "description": one.description,
        "weight": {"@type": "QuantitativeValue", "value": one.pack_weight_g, "unitCode": "GRM"},
        "offers": {
            "@type": "Offer",
            "price": str(one.price),
            "priceCurrency": "CNY",
            "availability": f"https://schema.org/{at}",
            "url": request.build_absolute_uri(reverse("shop:listing", args=[one.code])),
            "seller": {"@type": "Organization", "name": one.shop.name},
        },
    }
    text = json.dumps(facts, ensure_ascii=False)
    for char, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(char, escaped)
    return mark_safe(text)  # noqa: S308  # the three characters that matter are escaped above


def to_listing(request: HttpRequest, path: str = "") -> HttpResponse:
    """Oscar's catalogue addresses lead to ours: ``<slug>_<id>/`` to its listing, else the shelf."""
    _slug, _mark, number = path.strip("/").rpartition("_")
    if number.isdigit() and not path.startswith("category/"):
        one = Listing.objects.filter(product_id=int(number)).first()
        if one is None:
            raise Http404
        return redirect("shop:listing", code=one.code)
    return redirect("shop:list")
