"""The steps of a campaign, each written down."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from growers.models import User
from shop.campaign_terms import hash_of_terms
from shop.models import Campaign, CampaignStage, CampaignStateChange
from shop.services.wallet_windows import close_late_wallets
from shop.states import NEXT_STAGE


def note_change(
    campaign: Campaign, *, old: str, new: str, at: datetime, by: User | None, reason: str = ""
) -> None:
    """Write down that a campaign moved."""
    CampaignStateChange.objects.create(
        campaign=campaign, old=old, new=new, at=at, by=by, reason=reason
    )


def save_as(campaign: Any, *, by: User | None, why: str = "", only: Sequence[str] = ()) -> None:
    """Save a campaign with the person, and the reason, in its history."""
    campaign._history_user = by  # simple-history reads both here
    campaign._change_reason = why[:100]
    campaign.save(update_fields=list(only) or None)


def move_promise(campaign: Campaign, *, first: date, last: date, at: datetime) -> None:
    """Write another window of delivery; terms are frozen for people, not for the harvest.

    Where it ends later, wallets whose refunds would not reach so far take no more money.
    """
    later = last > campaign.promised_to_on
    campaign.promised_from_on, campaign.promised_to_on = first, last
    if campaign.terms_hash:
        campaign.terms_hash = hash_of_terms(campaign)
    campaign.save(update_fields=["promised_from_on", "promised_to_on", "terms_hash"])
    if later:
        close_late_wallets(campaign, at=at)


def move_stage(
    campaign: Campaign,
    *,
    to: CampaignStage,
    at: datetime,
    by: User | None = None,
    reason: str = "",
) -> bool:
    """One stage on, by one conditional UPDATE; False when the campaign is not where that leads."""
    before = [old for old, after in NEXT_STAGE.items() if to in after]
    old = Campaign.objects.values_list("stage", flat=True).get(pk=campaign.pk)
    if old not in before or not Campaign.objects.filter(pk=campaign.pk, stage=old).update(stage=to):
        return False
    note_change(campaign, old=old or campaign.state, new=to, at=at, by=by, reason=reason)
    campaign.stage = to
    return True
