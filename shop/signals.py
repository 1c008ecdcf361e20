"""What the shop tells the apps above it, after the transaction is committed."""

from django.dispatch import Signal

# listing: Listing, published or withdrawn just now
listing_moved = Signal()
# purchase: Purchase
order_placed = Signal()
# purchase: Purchase, old: str, new: str
order_moved = Signal()
# campaign: Campaign
campaign_closed = Signal()
