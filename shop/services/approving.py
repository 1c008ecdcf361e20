"""Two persons before a campaign opens: who writes it submits it, another one lets it open.

From the submission on its terms are frozen; taking it back, or sending it back, makes it a draft.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import BadInput, NotAllowed
from growers.models import User
from shop.campaign_terms import hash_of_terms
from shop.models import Campaign, CampaignState, ListingState
from shop.selectors.approvals import may_approve
from shop.services.campaign_moves import note_change, save_as
from shop.services.campaign_parts import check_parts
from shop.services.opening import start_if_due
from shop.states import NEXT_CAMPAIGN


@transaction.atomic
def submit_campaign(*, code: str, by: User, at: datetime) -> Campaign:
    """Put a draft before the cooperative; its terms are frozen with their hash.

    Raises
    ------
    NotAllowed
        It is no draft, its deadline has passed, or its boxes do not fit its other terms.
    """
    campaign = _locked(code)
    _refuse_jump(campaign, CampaignState.SUBMITTED)
    _refuse_late(campaign, at=at)
    check_parts(campaign)
    campaign.submitted_by, campaign.submitted_at = by, at
    campaign.terms_hash = hash_of_terms(campaign)
    _move(campaign, CampaignState.SUBMITTED, by=by, at=at)
    return campaign


@transaction.atomic
def take_back_campaign(*, code: str, by: User, at: datetime) -> Campaign:
    """Make a submitted or approved campaign that has not opened a draft again.

    Raises
    ------
    NotAllowed
        It has opened or ended.
    """
    campaign = _locked(code)
    _refuse_jump(campaign, CampaignState.DRAFT)
    _thaw(campaign)
    _move(campaign, CampaignState.DRAFT, by=by, at=at)
    return campaign


@transaction.atomic
def approve_campaign(*, code: str, seen: str, by: User, at: datetime) -> Campaign:
    """Let a campaign open at its moment, or at once when that has come.

    ``seen`` is the hash of the terms as the approver read them.

    Raises
    ------
    NotAllowed
        It does not wait, it is the person's own, the person does not approve for the shop's
        cooperative, its terms are others than were read, its deadline has passed, or its listing
        was taken down.
    """
    campaign = _waiting(code, by=by, at=at)
    _refuse_jump(campaign, CampaignState.APPROVED)
    if campaign.terms_hash != seen:
        raise NotAllowed(_("你看的时候条件又改过，请按现在的再看一遍。"))
    _refuse_late(campaign, at=at)
    if campaign.listing.state != ListingState.PUBLISHED:
        raise NotAllowed(_("这件货下架了。退回给店里，上架以后再交。"))
    campaign.approved_by, campaign.approved_at = by, at
    campaign.opens_at = max(campaign.opens_at, at)
    _move(campaign, CampaignState.APPROVED, by=by, at=at)
    start_if_due(campaign, at=at)
    return campaign


@transaction.atomic
def return_campaign(*, code: str, reason: str, by: User, at: datetime) -> Campaign:
    """Send a campaign back to the shop with the reason.

    Raises
    ------
    NotAllowed
        It does not wait, it is the person's own, or another cooperative's.
    BadInput
        No reason is given.
    """
    campaign = _waiting(code, by=by, at=at)
    if campaign.state != CampaignState.SUBMITTED:
        raise NotAllowed(_jump_text(campaign, CampaignState.DRAFT))
    if not reason.strip():
        raise BadInput(_("写一句为什么退回，店里好改。"), field="reason")
    _thaw(campaign)
    _move(campaign, CampaignState.DRAFT, by=by, at=at, reason=reason.strip())
    return campaign


def _locked(code: str) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",))
    return rows.select_related("listing__shop").get(code=code)


def _waiting(code: str, *, by: User, at: datetime) -> Campaign:
    campaign = _locked(code)
    if campaign.submitted_by_id == by.pk:
        raise NotAllowed(_("这场预售是你交的，要由另一位同事批。"))
    if not may_approve(by, campaign, on=day_of(at)):
        raise NotAllowed(_("只有这家店所在合作社的审批人能批。"))
    return campaign


def _refuse_jump(campaign: Campaign, to: CampaignState) -> None:
    if to not in NEXT_CAMPAIGN[campaign.state]:
        raise NotAllowed(_jump_text(campaign, to))


def _jump_text(campaign: Campaign, to: CampaignState) -> str:
    facts = {"code": campaign.code, "state": campaign.get_state_display(), "to": to.label}
    return _("%(code)s 现在是“%(state)s”，不能改成“%(to)s”。") % facts


def _refuse_late(campaign: Campaign, *, at: datetime) -> None:
    if campaign.deadline_at <= at:
        raise NotAllowed(_("截止日已经过了，先把日子改了再交。"))


def _thaw(campaign: Campaign) -> None:
    campaign.terms_hash = ""
    campaign.submitted_by = campaign.submitted_at = None
    campaign.approved_by = campaign.approved_at = None


def _move(
    campaign: Campaign, to: CampaignState, *, by: User, at: datetime, reason: str = ""
) -> None:
    old, campaign.state = campaign.state, to
    save_as(campaign, by=by)
    note_change(campaign, old=old, new=to, at=at, by=by, reason=reason)
