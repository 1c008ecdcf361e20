"""Listings, campaigns and pledges, and our facts about Oscar's orders."""

from shop.models.address import SavedAddress
from shop.models.after_sale import (
    Invoice,
    InvoiceCorrection,
    InvoiceKind,
    LineCancellation,
    ReturnKind,
    ReturnPhoto,
    ReturnRequest,
    ReturnState,
)
from shop.models.alert import SeasonAlert
from shop.models.campaign import (
    Campaign,
    CampaignMode,
    CampaignStage,
    CampaignState,
    CampaignStateChange,
    PledgeTier,
    StretchGoal,
    StretchKind,
)
from shop.models.credit import Credit, CreditUse
from shop.models.double_deposit import DoubleDeposit, DoubleState
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
from shop.models.pledge import (
    Pledge,
    PledgeChange,
    PledgeOrder,
    PledgeState,
    PledgeStateChange,
    PledgeWay,
    WaitingEntry,
    WaitingState,
)
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
from shop.models.setback import SENT_IN_PART, Remedy, Setback, SetbackChoice, SetbackKind
from shop.models.talk import CampaignQuestion, CampaignUpdate
from shop.models.terms_change import CHANGEABLE, TermsChange, TermsChangeState
from shop.models.voucher import Voucher, VoucherUse

__all__ = [
    "CHANGEABLE",
    "SENT_IN_PART",
    "Campaign",
    "CampaignMode",
    "CampaignQuestion",
    "CampaignStage",
    "CampaignState",
    "CampaignStateChange",
    "CampaignUpdate",
    "Collection",
    "Credit",
    "CreditUse",
    "DoubleDeposit",
    "DoubleState",
    "FulfilmentKind",
    "Hideable",
    "Invoice",
    "InvoiceCorrection",
    "InvoiceKind",
    "LineCancellation",
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
    "PledgeStateChange",
    "PledgeTier",
    "PledgeWay",
    "PriceShare",
    "ProofKind",
    "Purchase",
    "PurchaseState",
    "PurchaseStateChange",
    "Rate",
    "RateCard",
    "Remedy",
    "ReturnKind",
    "ReturnPhoto",
    "ReturnRequest",
    "ReturnState",
    "Review",
    "ReviewReply",
    "ReviewVersion",
    "SavedAddress",
    "Score",
    "SeasonAlert",
    "SeasonState",
    "SeasonStateChange",
    "Setback",
    "SetbackChoice",
    "SetbackKind",
    "ShareKind",
    "ShelfCell",
    "ShopPartner",
    "StretchGoal",
    "StretchKind",
    "TermsChange",
    "TermsChangeState",
    "Voucher",
    "VoucherUse",
    "WaitingEntry",
    "WaitingState",
    "Zone",
    "ZoneProvince",
]
