"""Reserving packs in a campaign, changing and cancelling, each only before the deadline."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed, NotEnough
from growers.models import User
from shop.contact import Contact, Fulfilment
from shop.models import Campaign, CampaignState, Pledge, PledgeChange, PledgeState
from shop.services.telling import tell_pledges, with_words
from shop.wording import PLEDGE_CANCELLED, PLEDGE_MADE

FEW_PACKS = 5
SHARE_OF_CAP = 5


def most_packs(campaign: Campaign) -> int:
    """The most that one mobile number may reserve: a fifth of the cap, at least five packs."""
    return min(campaign.cap_packs, max(FEW_PACKS, campaign.cap_packs // SHARE_OF_CAP))


def reserve(
    *,
    campaign_code: str,
    packs: int,
    contact: Contact,
    fulfilment: Fulfilment,
    submit_key: str,
    user: User | None,
    at: datetime,
) -> Pledge:
    """Reserve packs, once for each form shown.

    Raises
    ------
    BadInput
        Not a number of packs this person may take.
    NotAllowed
        The campaign is not open.
    NotEnough
        Fewer packs are left below the cap.
    """
    if packs < 1:
        raise BadInput(_("至少约 1 份。"), field="packs")
    try:
        with transaction.atomic():
            before = _same(submit_key, contact)
            if before is not None:
                return before
            campaign = take_packs(campaign_code=campaign_code, packs=packs, at=at)
            _check_share(campaign, mobile=contact.mobile, packs=packs)
            pledge = _new(campaign, packs, contact, fulfilment)
            pledge.submit_key, pledge.user = submit_key, user
            return _tell(_write(pledge, change=packs, at=at), PLEDGE_MADE, at=at)
    except IntegrityError:  # the same form came twice at one moment
        twin = _same(submit_key, contact)
        if twin is None:
            raise
        return twin


def _same(submit_key: str, contact: Contact) -> Pledge | None:
    """What this form made before; a form that somebody else sent opens nothing."""
    before = Pledge.objects.filter(submit_key=submit_key).first()
    if before is not None and before.mobile != contact.mobile:
        raise BadInput(_("这一页已经用过了，刷新以后再约。"))
    return before


def _new(campaign: Campaign, packs: int, contact: Contact, fulfilment: Fulfilment) -> Pledge:
    return Pledge(
        code=new_code("PL"),
        campaign=campaign,
        packs=packs,
        name=contact.name,
        mobile=contact.mobile,
        email=contact.email,
        language=contact.language,
        fulfilment=fulfilment.kind,
        station=fulfilment.station,
        province_code=fulfilment.province_code,
        city=fulfilment.city,
        county_code=fulfilment.county_code,
        address=fulfilment.address,
    )


def take_packs(*, campaign_code: str, packs: int, at: datetime) -> Campaign:
    """Count packs in (or, below zero, out) by one conditional UPDATE, which locks the row."""
    open_now = Campaign.objects.filter(
        code=campaign_code, state=CampaignState.LIVE, opens_at__lte=at, deadline_at__gt=at
    )
    room = open_now.filter(cap_packs__gte=F("pledged_packs") + packs)
    taken = room.update(pledged_packs=F("pledged_packs") + packs)
    campaign = Campaign.objects.get(code=campaign_code)
    if taken:
        return campaign
    _check_open(campaign, at=at)
    left = campaign.cap_packs - campaign.pledged_packs
    raise NotEnough(what=_("能约的份数"), wanted=packs, left=left)


def _check_open(campaign: Campaign, *, at: datetime) -> None:
    if campaign.state == CampaignState.DRAFT or at < campaign.opens_at:
        raise NotAllowed(_("这场预售还没开始。"))
    if campaign.state == CampaignState.CANCELLED:
        raise NotAllowed(_("这场预售取消了。"))
    if campaign.state != CampaignState.LIVE or campaign.deadline_at <= at:
        raise NotAllowed(_("预售已经截止，不能再约、再改或取消。"))


def _check_share(campaign: Campaign, *, mobile: str, packs: int) -> None:
    """``packs`` were just counted in; the campaign's row is locked, so the sum holds."""
    mine = Pledge.objects.filter(campaign=campaign, mobile=mobile, state=PledgeState.ACTIVE)
    before = mine.aggregate(sum=Sum("packs"))["sum"] or 0
    most = most_packs(campaign)
    if before + packs > most:
        raise BadInput(
            _("一个手机号在这场预售里最多约 %(most)d 份，已经约了 %(before)d 份。")
            % {"most": most, "before": before},
            field="packs",
        )


@transaction.atomic
def change_pledge(*, code: str, packs: int, at: datetime) -> Pledge:
    """Make it another number of packs, before the deadline.

    Raises
    ------
    BadInput
        Not a number of packs this person may take.
    NotAllowed
        The pledge no longer stands, or the campaign is not open.
    NotEnough
        Fewer packs are left below the cap.
    """
    if packs < 1:
        raise BadInput(_("至少留 1 份；都不要了就取消。"), field="packs")
    pledge = _locked(code)
    more = packs - pledge.packs
    if more == 0:
        return pledge
    campaign = take_packs(campaign_code=pledge.campaign.code, packs=more, at=at)
    if more > 0:
        _check_share(campaign, mobile=pledge.mobile, packs=more)
    pledge.packs = packs
    return _write(pledge, change=more, at=at)


@transaction.atomic
def cancel_pledge(*, code: str, at: datetime) -> Pledge:
    """Give the packs back, before the deadline.

    Raises
    ------
    NotAllowed
        The pledge no longer stands, or the campaign is not open.
    """
    pledge = _locked(code)
    take_packs(campaign_code=pledge.campaign.code, packs=-pledge.packs, at=at)
    pledge.state = PledgeState.CANCELLED
    return _tell(_write(pledge, change=-pledge.packs, at=at), PLEDGE_CANCELLED, at=at)


def _tell(pledge: Pledge, template: str, *, at: datetime) -> Pledge:
    told = with_words(Pledge.objects.filter(pk=pledge.pk))
    tell_pledges(pledges=told, template=template, at=at)
    return pledge


def _locked(code: str) -> Pledge:
    """The pledge with its campaign locked first, as closing does, so that neither waits in turn."""
    Campaign.objects.select_for_update().get(pledges__code=code)
    pledge = (
        Pledge.objects.select_for_update(of=("self",)).select_related("campaign").get(code=code)
    )
    if pledge.state != PledgeState.ACTIVE:
        raise NotAllowed(_("这一笔%(state)s，不能再改。") % {"state": pledge.get_state_display()})
    return pledge


def _write(pledge: Pledge, *, change: int, at: datetime) -> Pledge:
    """Save the pledge and the step of the curve."""
    pledge.created_at = pledge.created_at or at
    pledge.updated_at = at
    pledge.save()
    PledgeChange.objects.create(pledge=pledge, campaign_id=pledge.campaign_id, packs=change, at=at)
    return pledge
