"""The steps of a campaign, each written down."""

from datetime import datetime

from growers.models import User
from shop.models import Campaign, CampaignStage, CampaignStateChange
from shop.states import NEXT_STAGE


def note_change(
    campaign: Campaign, *, old: str, new: str, at: datetime, by: User | None, reason: str = ""
) -> None:
    """Write down that a campaign moved."""
    CampaignStateChange.objects.create(
        campaign=campaign, old=old, new=new, at=at, by=by, reason=reason
    )


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
