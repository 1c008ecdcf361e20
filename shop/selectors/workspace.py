"""The desk of a village shop: own rows only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from growers.models import VillageShop
from shop.models import (
    Campaign,
    CampaignState,
    Listing,
    ListingProof,
    ListingState,
    PledgeOrder,
    Purchase,
    PurchaseState,
)
from shop.products import proof_needed
from shop.selectors.orders import with_lines

# Packs on hand less packs promised; below zero where pre-sale orders wait for new goods.
FREE_PACKS = Coalesce(F("product__stockrecords__num_in_stock"), 0) - Coalesce(
    F("product__stockrecords__num_allocated"), 0
)


@dataclass(frozen=True)
class Desk:
    """What waits today."""

    drafts: int
    to_pack: int
    campaigns: int
    unpublished: int
    published: int


def desk_of(shop: VillageShop, *, drafts: int) -> Desk:
    """Counts of what waits at a shop; its drafts were counted already."""
    counted = shop.listings.order_by().values("state").annotate(n=Count("pk"))
    listings = {row["state"]: row["n"] for row in counted}
    return Desk(
        drafts=drafts,
        to_pack=shop.purchases.filter(state=PurchaseState.PLACED).count(),
        campaigns=Campaign.objects.filter(listing__shop=shop, state=CampaignState.LIVE).count(),
        unpublished=listings.get(ListingState.DRAFT, 0),
        published=listings.get(ListingState.PUBLISHED, 0),
    )


def listings_of(shop: VillageShop) -> QuerySet[Listing]:
    """A shop's listings with proofs, free packs and whether a campaign runs; drafts first."""
    live = Campaign.objects.filter(listing=OuterRef("pk"), state=CampaignState.LIVE)
    return (
        shop.listings.select_related("product", "form__crop", "form__raw_crop", "grade", "origin")
        .prefetch_related(Prefetch("proofs", queryset=ListingProof.objects.order_by("issued_on")))
        .annotate(has_campaign=Exists(live), free=FREE_PACKS)
        .order_by("state", "season_start_on", "code")
    )


def orders_of(shop: VillageShop, *, states: Sequence[str] = ()) -> QuerySet[Purchase]:
    """A shop's orders with their lines, the newest first."""
    rows = shop.purchases.select_related("order", "station", "hub")
    if states:
        rows = rows.filter(state__in=states)
    pledged = PledgeOrder.objects.filter(order=OuterRef("order"))
    return with_lines(rows).annotate(from_campaign=Exists(pledged))


def orders_by_state(shop: VillageShop) -> dict[str, int]:
    """How many orders a shop has in each state."""
    counted = shop.purchases.order_by().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in counted}


def proof_missing(listing: Listing, *, on: date) -> str:
    """The name of the proof a listing lacks on a day; empty when it is there.

    The listing comes with ``form__crop`` and ``proofs``; nothing more is asked.
    """
    kind = proof_needed(listing.form.crop)
    valid = any(
        proof.kind == kind
        and proof.issued_on <= on
        and (proof.valid_to is None or proof.valid_to >= on)
        for proof in listing.proofs.all()
    )
    return "" if valid else str(kind.label)
