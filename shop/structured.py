"""What search engines and chat programs read of a page: schema.org facts and the card of a link.

Facts are plain dictionaries; ``as_script`` makes them safe inside a script element. Addresses are
made by the view from the request, whose host is one of ``ALLOWED_HOSTS``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core.units import GRAMS_PER_KG, yuan
from shop.models import Listing, ListingState, SeasonState
from shop.models.listing import UNIT_PRICE_GRAMS

Facts = dict[str, Any]
SCHEMA = "https://schema.org"
# What would end the element or the line, in the one place where text becomes script.
ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Card:
    """A page as a link to it is shown elsewhere; ``url`` is also the page's one true address."""

    url: str
    title: str
    description: str
    image: str
    price: Decimal | None = None


@dataclass(frozen=True)
class Rating:
    """What buyers gave on average, of how many."""

    average: Decimal
    count: int


def as_script(facts: Sequence[Facts]) -> SafeString:
    """Facts as JSON-LD that cannot break out of its script element."""
    graph = {"@context": SCHEMA, "@graph": list(facts)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))  # noqa: S308  # everything that could end it is escaped


def crumbs(steps: Sequence[tuple[str, str]]) -> Facts:
    """The way to a page: names and absolute addresses, from the top."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def product(listing: Listing, *, card: Card, offer: Facts, rating: Rating | None = None) -> Facts:
    """schema.org Product; ratings only where buyers gave some."""
    facts: Facts = {
        "@type": "Product",
        "name": card.title,
        "description": card.description,
        "url": card.url,
        "image": [card.image],
        "sku": listing.code,
        "category": str(listing.form.crop.get_category_display()),
        "weight": _weight(listing.pack_weight_g),
        "offers": offer,
    }
    if rating is not None and rating.count:
        facts["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(rating.average),
            "reviewCount": rating.count,
            "bestRating": 5,
            "worstRating": 1,
        }
    return facts


def _weight(weight_g: int) -> Facts:
    kg = (Decimal(weight_g) / GRAMS_PER_KG).normalize()
    return {"@type": "QuantitativeValue", "value": f"{kg:f}", "unitCode": "KGM"}


def offer(
    listing: Listing,
    *,
    url: str,
    price: Decimal,
    availability: str,
    starts_on: date | None = None,
    until: date | None = None,
) -> Facts:
    """schema.org Offer with the price of the pack and of 500 g."""
    facts: Facts = {
        "@type": "Offer",
        "url": url,
        "price": str(price),
        "priceCurrency": "CNY",
        "priceSpecification": _per_500g(listing, price),
        "availability": f"{SCHEMA}/{availability}",
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": {"@type": "Organization", "name": listing.shop.name},
    }
    if starts_on is not None:
        facts["availabilityStarts"] = starts_on.isoformat()
    if until is not None:
        facts["priceValidUntil"] = until.isoformat()
    return facts


def _per_500g(listing: Listing, price: Decimal) -> Facts:
    amount = yuan(price * UNIT_PRICE_GRAMS / listing.pack_weight_g)
    return {
        "@type": "UnitPriceSpecification",
        "price": str(amount),
        "priceCurrency": "CNY",
        "referenceQuantity": _weight(UNIT_PRICE_GRAMS),
    }


def availability_word(listing: Listing, *, can_buy: bool) -> str:
    """schema.org's word for whether one can buy now, reserve, or only wait."""
    if listing.state != ListingState.PUBLISHED:
        return "Discontinued"
    if can_buy:
        return "InStock"
    return "PreOrder" if listing.season_state == SeasonState.PRESALE else "OutOfStock"
