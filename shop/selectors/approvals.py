"""What waits for an approver of a cooperative: campaigns of its shops, never their own."""

from datetime import date

from django.db.models import QuerySet

from growers.models import Cooperative, Role
from growers.selectors import memberships_of
from growers.selectors.people import Person
from shop.models import Campaign, CampaignState, CampaignStateChange
from shop.selectors.campaigns import with_facts


def approved_cooperatives(user: Person, *, on: date) -> QuerySet[Cooperative]:
    """The cooperatives a person approves for on a day."""
    held = memberships_of(user, on).filter(role=Role.APPROVER)
    return Cooperative.objects.filter(pk__in=held.values("cooperative"))


def may_approve(user: Person, campaign: Campaign, *, on: date) -> bool:
    """Whether a person approves for the cooperative of the campaign's shop."""
    mine = approved_cooperatives(user, on=on)
    return mine.filter(pk=campaign.listing.shop.cooperative_id).exists()


def campaigns_to_approve(user: Person, *, on: date) -> QuerySet[Campaign]:
    """Submitted campaigns of a person's cooperatives, the longest waiting first; own ones too,
    which somebody else decides."""
    mine = approved_cooperatives(user, on=on)
    rows = with_facts().select_related("submitted_by").filter(state=CampaignState.SUBMITTED)
    return rows.filter(listing__shop__cooperative__in=mine).order_by("submitted_at", "code")


def approval_for(user: Person, *, on: date) -> QuerySet[Campaign]:
    """Campaigns of a person's cooperatives that were put before it once."""
    mine = approved_cooperatives(user, on=on)
    rows = with_facts().select_related("submitted_by", "approved_by")
    return rows.filter(listing__shop__cooperative__in=mine, changes__new="submitted").distinct()


def sent_back(campaign: Campaign) -> CampaignStateChange | None:
    """Why the draft came back last, if it did."""
    back = campaign.changes.filter(new=CampaignState.DRAFT).exclude(reason="")
    return back.select_related("by").first()
