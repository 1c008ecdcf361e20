"""Listings, campaigns and pledges, and our facts about Oscar's orders."""

from shop.models.address import SavedAddress
from shop.models.alert import SeasonAlert
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
from shop.models.picture import ListingPicture
from shop.models.price_share import PriceShare, ShareKind
from shop.models.purchase import (
    Collection,
    FulfilmentKind,
    PaymentMeans,
    Purchase,
    PurchaseState,
    PurchaseStateChange,
)
from shop.models.rate_card import Rate, RateCard, Zone, ZoneProvince
from shop.models.review import (
    Hideable,
    Moderation,
    Review,
    ReviewReply,
    ReviewVersion,
    Score,
)
from shop.models.search import ListingSearch, ShelfCell
from shop.models.talk import CampaignQuestion, CampaignUpdate

__all__ = [
    "Campaign",
    "CampaignQuestion",
    "CampaignState",
    "CampaignStateChange",
    "CampaignUpdate",
    "Collection",
    "FulfilmentKind",
    "Hideable",
    "Listing",
    "ListingPicture",
    "ListingProof",
    "ListingSearch",
    "ListingState",
    "Moderation",
    "PaymentMeans",
    "Pledge",
    "PledgeChange",
    "PledgeOrder",
    "PledgeState",
    "PriceShare",
    "ProofKind",
    "Purchase",
    "PurchaseState",
    "PurchaseStateChange",
    "Rate",
    "RateCard",
    "Review",
    "ReviewReply",
    "ReviewVersion",
    "SavedAddress",
    "Score",
    "SeasonAlert",
    "SeasonState",
    "SeasonStateChange",
    "ShareKind",
    "ShelfCell",
    "ShopPartner",
    "Zone",
    "ZoneProvince",
]
