"""Which state may follow which."""

from django.db.models import Q

from shop.models import CampaignStage, CampaignState, ListingState, PledgeState, PurchaseState

# A packed order is bound to its lots; from there on it only travels forward.
NEXT_PURCHASE: dict[str, frozenset[str]] = {
    PurchaseState.AWAITING: frozenset({PurchaseState.PLACED, PurchaseState.CANCELLED}),
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
    CampaignState.DRAFT: frozenset({CampaignState.SUBMITTED, CampaignState.CANCELLED}),
    CampaignState.SUBMITTED: frozenset(
        {CampaignState.DRAFT, CampaignState.APPROVED, CampaignState.CANCELLED}
    ),
    CampaignState.APPROVED: frozenset(
        {CampaignState.DRAFT, CampaignState.LIVE, CampaignState.CANCELLED}
    ),
    CampaignState.LIVE: frozenset(
        {CampaignState.SUCCEEDED, CampaignState.FAILED, CampaignState.CANCELLED}
    ),
    CampaignState.SUCCEEDED: frozenset(),
    CampaignState.FAILED: frozenset(),
    CampaignState.CANCELLED: frozenset(),
}

# Nobody outside has seen it yet; and what takes up its listing.
BEFORE_OPENING = (CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.APPROVED)
UNFINISHED = (*BEFORE_OPENING, CampaignState.LIVE)
NEVER_OPENED = Q(state__in=BEFORE_OPENING) | Q(
    state=CampaignState.CANCELLED, approved_at__isnull=True, opened_without_approval=False
)

# After the closing, where money goes through us; the empty stage is a campaign just closed.
NEXT_STAGE: dict[str, frozenset[str]] = {
    "": frozenset({CampaignStage.COLLECTING, CampaignStage.RELEASING}),
    CampaignStage.COLLECTING: frozenset(
        {CampaignStage.SHORTFALL_REVIEW, CampaignStage.GROWING, CampaignStage.REFUNDING}
    ),
    CampaignStage.SHORTFALL_REVIEW: frozenset({CampaignStage.GROWING, CampaignStage.REFUNDING}),
    CampaignStage.GROWING: frozenset(
        {CampaignStage.HARVESTED, CampaignStage.DELIVERING, CampaignStage.REFUNDING}
    ),
    CampaignStage.HARVESTED: frozenset({CampaignStage.DELIVERING, CampaignStage.REFUNDING}),
    CampaignStage.DELIVERING: frozenset({CampaignStage.COMPLETED}),
    CampaignStage.COMPLETED: frozenset(),
    CampaignStage.RELEASING: frozenset({CampaignStage.CLOSED}),
    CampaignStage.REFUNDING: frozenset({CampaignStage.CLOSED}),
    CampaignStage.CLOSED: frozenset(),
}

NEXT_PLEDGE: dict[str, frozenset[str]] = {
    PledgeState.PENDING: frozenset(
        {
            PledgeState.ACTIVE,
            PledgeState.ORDERED,
            PledgeState.CANCELLED,
            PledgeState.EXPIRED,
        }
    ),
    PledgeState.ACTIVE: frozenset(
        {
            PledgeState.DUE,
            PledgeState.ORDERED,
            PledgeState.CANCELLED,
            PledgeState.TO_RELEASE,
            PledgeState.RELEASED,
            PledgeState.REFUNDING,
        }
    ),
    PledgeState.DUE: frozenset(
        {
            PledgeState.ORDERED,
            PledgeState.LAPSED,
            PledgeState.CANCELLED,
            PledgeState.TO_RELEASE,
            PledgeState.REFUNDING,  # paid, and no order can be placed
        }
    ),
    PledgeState.ORDERED: frozenset(
        {PledgeState.REFUNDING, PledgeState.REFUNDED, PledgeState.CREDITED}
    ),
    PledgeState.TO_RELEASE: frozenset({PledgeState.RELEASED, PledgeState.REFUNDING}),
    PledgeState.REFUNDING: frozenset({PledgeState.REFUNDED, PledgeState.CREDITED}),
    PledgeState.CREDITED: frozenset({PledgeState.REFUNDED}),  # paid out in money after all
    PledgeState.CANCELLED: frozenset(),
    PledgeState.EXPIRED: frozenset(),
    PledgeState.LAPSED: frozenset(),
    PledgeState.RELEASED: frozenset(),
    PledgeState.REFUNDED: frozenset(),
}

# A reservation that counts: towards the goal, the forecast, and what is told of the campaign.
STANDING_PLEDGE = (PledgeState.ACTIVE, PledgeState.DUE, PledgeState.ORDERED)
