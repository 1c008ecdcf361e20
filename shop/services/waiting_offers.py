"""Packs that came free, kept for who waits for them; called with the campaign locked.

They are held in the campaign, so that nobody else takes them meanwhile.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import override

from core.templatetags.shanhuo import moment
from notices.services import send_notice
from shop import pledge_wording as paying
from shop.models import (
    Campaign,
    CampaignStage,
    CampaignState,
    Pledge,
    WaitingEntry,
    WaitingState,
)
from shop.pledge_rules import OFFER_HOURS
from shop.selectors.orders import packs_of
from shop.selectors.waiting import waiting_path

# After success one may still join while packs that were claimed are free.
STAGES_TO_JOIN = (CampaignStage.COLLECTING, CampaignStage.GROWING, CampaignStage.HARVESTED)


def packs_left(campaign: Campaign) -> int:
    """How many packs one can still take; after success those that came free again."""
    late = campaign.state == CampaignState.SUCCEEDED and campaign.closed_packs is not None
    most = campaign.closed_packs if late else campaign.cap_packs
    return max(0, (most or 0) - campaign.pledged_packs - campaign.held_packs)


def has_queue(campaign: Campaign, *, at: datetime) -> bool:
    """Whether packs may still come free."""
    if campaign.state == CampaignState.LIVE:
        return campaign.opens_at <= at < campaign.deadline_at
    return campaign.state == CampaignState.SUCCEEDED and campaign.stage in STAGES_TO_JOIN


def offer_next(campaign_pk: int, *, at: datetime) -> int:
    """The campaign is locked. Who wants more than is free waits, and so does everybody behind."""
    campaign = Campaign.objects.get(pk=campaign_pk)
    if not has_queue(campaign, at=at):
        return 0
    left, offered = packs_left(campaign), 0
    for entry in campaign.waiting.filter(state=WaitingState.WAITING).order_by("joined_at", "pk"):
        if entry.packs > left:
            break
        left -= entry.packs
        offered += 1
        _hold_for(entry, campaign, at=at)
    return offered


def _hold_for(entry: WaitingEntry, campaign: Campaign, *, at: datetime) -> None:
    rows = Campaign.objects.filter(pk=campaign.pk)
    rows.update(held_packs=F("held_packs") + entry.packs)
    entry.state = WaitingState.OFFERED
    entry.offered_until = at + timedelta(hours=OFFER_HOURS)
    if campaign.state == CampaignState.LIVE:
        entry.offered_until = min(entry.offered_until, campaign.deadline_at)
    entry.save(update_fields=["state", "offered_until"])
    tell_waiting(entry, paying.WAITING_OFFERED, at=at)


def take_back(entry: WaitingEntry) -> None:
    """The packs of an offer are held for it no longer."""
    rows = Campaign.objects.filter(pk=entry.campaign_id)
    rows.update(held_packs=F("held_packs") - entry.packs)


def free_offer(*, code: str, campaign: Campaign, packs: int, at: datetime) -> WaitingEntry | None:
    """The packs held for this offer are free for the pledge that takes them in this transaction.

    None when the offer is over, for another campaign, or for fewer packs.
    """
    rows = WaitingEntry.objects.select_for_update(of=("self",))
    entry = rows.filter(code=code, campaign=campaign, state=WaitingState.OFFERED).first()
    if entry is None or entry.offered_until is None or entry.offered_until <= at:
        return None
    if packs > entry.packs:
        return None
    take_back(entry)
    return entry


def note_taken(entry: WaitingEntry, pledge: Pledge) -> None:
    """The offer became this pledge."""
    entry.state, entry.pledge = WaitingState.TAKEN, pledge
    entry.save(update_fields=["state", "pledge"])


def tell_waiting(entry: WaitingEntry, template: str, *, at: datetime) -> None:
    """One message to who waits, once for each template."""
    with override(entry.language):
        words = {
            "goods": packs_of(entry.campaign.listing.title, entry.packs),
            "until": moment(entry.offered_until) if entry.offered_until else "",
            "link": waiting_path(entry.code),
        }
    send_notice(
        key=f"{template}:{entry.code}",
        mobile=entry.mobile,
        template=template,
        context=words,
        language=entry.language,
        at=at,
    )
