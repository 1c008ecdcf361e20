"""Keeping the row a listing is found by equal to what the listing says."""

import re

from django.db import transaction

from growers.models import Region
from shop.models import Listing, ListingSearch
from shop.search.pairs import pairs_of

_COUNTY_ENDS = ("区", "县")


@transaction.atomic
def index_listing(*, listing: Listing) -> None:
    """Write the search row of one listing."""
    ListingSearch.objects.update_or_create(
        listing=listing, defaults={"pairs": pairs_of(searchable_text(listing))}
    )


@transaction.atomic
def rebuild_search() -> int:
    """Write the search rows of all listings; return how many."""
    found = Listing.objects.select_related(
        "product", "form__crop", "variety", "grade", "origin__parent__parent", "shop"
    )
    rows = [
        ListingSearch(listing=listing, pairs=pairs_of(searchable_text(listing)))
        for listing in found
    ]
    ListingSearch.objects.all().delete()
    ListingSearch.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def searchable_text(listing: Listing) -> str:
    """Everything a buyer may type to find a listing: names, places, shop and pinyin."""
    crop = listing.form.crop
    parts = [
        listing.product.title,
        crop.name_zh,
        crop.pinyin,
        crop.pinyin.replace(" ", ""),
        crop.get_category_display(),
        listing.variety.name_zh if listing.variety else "",
        *_places(listing),
        *_local_names(listing),
        listing.shop.name,
        listing.description,
    ]
    return "\n".join(part for part in parts if part)


def _local_names(listing: Listing) -> list[str]:
    """What buyers call it by its county: 武都花椒 for 花椒 from 武都区."""
    name = re.split(r"[（(]", listing.form.crop.name_zh)[0]
    return [f"{place[:-1]}{name}" for place in _places(listing) if place[-1:] in _COUNTY_ENDS]


def _places(listing: Listing) -> list[str]:
    names = []
    region: Region | None = listing.origin
    while region is not None:
        names.append(region.name_zh)
        region = region.parent
    return names
