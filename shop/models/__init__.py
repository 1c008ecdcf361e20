"""Listings, campaigns and pledges, and our facts about Oscar's orders."""

from shop.models.campaign import (
    Campaign,
    CampaignState,
    CampaignStateChange,
    Pledge,
    PledgeChange,
    PledgeOrder,
    PledgeState,
)
from shop.models.listing import (
    Listing,
    ListingProof,
    ListingState,
    ProofKind,
    SeasonState,
    SeasonStateChange,
    ShopPartner,
)
from shop.models.purchase import (
    Collection,
    FulfilmentKind,
    PaymentMeans,
    Purchase,
    PurchaseState,
    PurchaseStateChange,
)
from shop.models.rate_card import Rate, RateCard, Zone, ZoneProvince
from shop.models.search import ListingSearch

__all__ = [
    "Campaign",
    "CampaignState",
    "CampaignStateChange",
    "Collection",
    "FulfilmentKind",
    "Listing",
    "ListingProof",
    "ListingSearch",
    "ListingState",
    "PaymentMeans",
    "Pledge",
    "PledgeChange",
    "PledgeOrder",
    "PledgeState",
    "ProofKind",
    "Purchase",
    "PurchaseState",
    "PurchaseStateChange",
    "Rate",
    "RateCard",
    "SeasonState",
    "SeasonStateChange",
    "ShopPartner",
    "Zone",
    "ZoneProvince",
]
