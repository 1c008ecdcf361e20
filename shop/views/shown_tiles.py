"""Tiles as they are shown: drawn once for the same facts, since a shelf shows the same ones often.

What a tile says is all in its facts, so a drawn tile is never stale; a changed price is another
tile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.charts import YearWindow
from shop.selectors.storefront import Tile

MOST = 4096  # about 6 MB


@dataclass(frozen=True)
class TileFacts:
    """All that a tile shows."""

    href: str
    title: str
    crop: str
    state: str
    note: str
    amount: Decimal
    per_500g: Decimal
    windows: tuple[YearWindow, ...]
    sold: bool
    tell: str
    image: str
    on: date


def drawn(tiles: Iterable[Tile], *, on: date) -> list[SafeString]:
    """The tiles as HTML, in the reader's language."""
    language = get_language() or ""
    return [_drawn(_facts(tile, on=on), language) for tile in tiles]


def _facts(tile: Tile, *, on: date) -> TileFacts:
    listing = tile.listing
    return TileFacts(
        href=reverse("shop:listing", kwargs={"code": listing.code}),
        title=listing.title,
        crop=listing.form.crop.key,
        state=listing.season_state,
        note=tile.note,
        amount=listing.price,
        per_500g=listing.unit_price,
        windows=tuple(tile.windows),
        sold=tile.sold,
        tell=tile.tell,
        image=tile.image,
        on=on,
    )


@lru_cache(maxsize=MOST)
def _drawn(facts: TileFacts, language: str) -> SafeString:
    """``language`` is not read: it tells apart what is drawn in each."""
    return render_to_string("shop/storefront/_tile.html", {"facts": facts, "today": facts.on})
