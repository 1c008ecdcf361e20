"""Which state may follow which."""

from shop.models import CampaignState, ListingState, PurchaseState

# A packed order is bound to its lots; from there on it only travels forward.
NEXT_PURCHASE: dict[str, frozenset[str]] = {
    PurchaseState.PLACED: frozenset({PurchaseState.PACKED, PurchaseState.CANCELLED}),
    PurchaseState.PACKED: frozenset({PurchaseState.SENT}),
    PurchaseState.SENT: frozenset({PurchaseState.DELIVERED}),
    PurchaseState.DELIVERED: frozenset(),
    PurchaseState.CANCELLED: frozenset(),
}

# Money changes hands when the parcel does.
PAYABLE_PURCHASE = frozenset({PurchaseState.SENT, PurchaseState.DELIVERED})

NEXT_LISTING: dict[str, frozenset[str]] = {
    ListingState.DRAFT: frozenset({ListingState.PUBLISHED, ListingState.WITHDRAWN}),
    ListingState.PUBLISHED: frozenset({ListingState.WITHDRAWN}),
    ListingState.WITHDRAWN: frozenset({ListingState.PUBLISHED}),
}

NEXT_CAMPAIGN: dict[str, frozenset[str]] = {
    CampaignState.DRAFT: frozenset({CampaignState.LIVE, CampaignState.CANCELLED}),
    CampaignState.LIVE: frozenset(
        {CampaignState.SUCCEEDED, CampaignState.FAILED, CampaignState.CANCELLED}
    ),
    CampaignState.SUCCEEDED: frozenset(),
    CampaignState.FAILED: frozenset(),
    CampaignState.CANCELLED: frozenset(),
}
