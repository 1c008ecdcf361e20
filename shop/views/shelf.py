"""The shelf, search, and what is suggested while somebody types."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import clock
from growers.models import Region
from shop.forms.shelf import shelf_query, typed
from shop.search.ports import pages_about
from shop.search.reading import Reading, read
from shop.search.vocabulary import Vocabulary, vocabulary
from shop.selectors.facets import Choice, Facet, facets, orders
from shop.selectors.hints import crop_notes, look_instead
from shop.selectors.shelf import Found, ShelfQuery, all_cells, found_by, listings_between
from shop.selectors.storefront import tiles
from shop.selectors.suggestions import suggestions
from shop.views.shown_tiles import drawn

PAGE_SIZE = 24
SECONDS = 300  # a browser keeps suggestions this long


@dataclass(frozen=True)
class Link:
    """A choice and the address that makes it; chosen again, it is taken back."""

    choice: Choice
    url: str


@dataclass(frozen=True)
class Sieve:
    """A filter with its links, and the link that takes it off."""

    facet: Facet
    links: list[Link]
    off: str


@require_safe
def listing_list(request: HttpRequest) -> HttpResponse:
    """Everything on the shelf, what is in season first."""
    known = vocabulary()
    found = found_by(Reading(), shelf_query(request), known)
    context = _shelf(request, found, known)
    return render(request, "shop/storefront/list.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What a person typed: crops by any of their names, counties, villages, shops, and guides."""
    known = vocabulary()
    reading = read(typed(request), known)
    query = shelf_query(request)
    if reading.is_empty and query.is_empty:
        return render(request, "shop/storefront/search.html", _nothing_asked(request, known))
    found = found_by(reading, query, known)
    context = _shelf(request, found, known)
    context |= {"typed": reading.typed, "pages": pages_about(reading.typed)}
    return render(request, "shop/storefront/search.html", context)


@require_safe
@cache_control(public=True, max_age=SECONDS)
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under a search box, for what has been typed so far."""
    said = typed(request)
    found = suggestions(said, vocabulary(), on=clock.today()) if said else []
    return render(request, "shop/storefront/_suggest.html", {"typed": said, "found": found})


def _nothing_asked(request: HttpRequest, known: Vocabulary) -> dict[str, object]:
    instead = look_instead("", all_cells(), known)
    return {"section": "shop", "typed": typed(request), "instead": instead, "asks": True}


def _shelf(request: HttpRequest, found: Found, known: Vocabulary) -> dict[str, object]:
    on = clock.today()
    page = Paginator(range(found.total), PAGE_SIZE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    listings = listings_between(found, start, page.end_index())
    counties = {place.region.code: place.region for place in known.places}
    sieves = [_sieve(found.query, facet, request) for facet in facets(found, counties=counties)]
    return {
        "section": "shop",
        "page": page,
        "total": found.total,
        "tiles": drawn(tiles(listings, on=on, counties=_names(counties)), on=on),
        "found": found,
        "crop": known.by_id.get(found.crop_id) if found.crop_id else None,
        "sieves": sieves,
        "chosen": [sieve for sieve in sieves if sieve.facet.chosen],
        "orders": [_order(found.query, choice, request) for choice in orders(found.query.sort)],
        "query": _address(found.query, request),
        "bare": _address(ShelfQuery(crop=found.query.crop), request),
        **_hints(found, known, on=on),
    }


def _names(counties: dict[str, Region]) -> dict[str, str]:
    return {code: region.name for code, region in counties.items()}


def _hints(found: Found, known: Vocabulary, *, on: date) -> dict[str, object]:
    notes = crop_notes(found, known, on=on)
    if found.total:
        return {"notes": notes}
    but = found.reading.crops or {}
    instead = look_instead(found.reading.typed, all_cells(), known, but=but)
    return {"notes": notes, "instead": instead}


def _sieve(query: ShelfQuery, facet: Facet, request: HttpRequest) -> Sieve:
    off = _address(query, request, **{facet.name: ""})
    links = [
        Link(
            choice,
            off if choice.is_chosen else _address(query, request, **{facet.name: choice.value}),
        )
        for choice in facet.choices
    ]
    return Sieve(facet, links, off)


def _order(query: ShelfQuery, choice: Choice, request: HttpRequest) -> Link:
    return Link(choice, _address(query, request, sort=choice.value))


def _address(query: ShelfQuery, request: HttpRequest, **changed: str) -> str:
    """The query part of an address that asks for the same with something changed."""
    asks = {"q": typed(request), **vars(query), **changed}
    return urlencode({name: value for name, value in asks.items() if value})
