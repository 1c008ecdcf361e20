"""Reserving packs in a campaign, changing and cancelling, each only before the deadline."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Sum, When
from django.utils.translation import gettext as _

from core.clock import day_of
from core.codes import new_code
from core.errors import BadInput, NotAllowed, NotEnough
from growers.models import User
from shop import pledge_wording as paying
from shop.contact import Contact, Fulfilment, Wanted
from shop.models import (
    Campaign,
    CampaignState,
    Pledge,
    PledgeState,
    PledgeTier,
    PledgeWay,
)
from shop.pledge_rules import HOLD_MINUTES
from shop.selectors.terms_changes import free_change_of
from shop.services.pledge_moves import count_packs, free_units, locked_pledge, move_pledge
from shop.services.pledge_notices import tell_pledge
from shop.services.pledge_payments import (
    ask_for,
    deposit_of,
    give_back,
    let_go,
    methods_of,
    paid_fen,
    ways_for,
)
from shop.services.telling import tell_pledges, with_words
from shop.services.waiting_offers import (
    STAGES_TO_JOIN,
    free_offer,
    note_taken,
    offer_next,
    packs_left,
)
from shop.shipping.quotes import quotes_for
from shop.states import BEFORE_OPENING
from shop.wording import PLEDGE_CANCELLED, PLEDGE_MADE

FEW_PACKS = 5
SHARE_OF_CAP = 5
# Counted in what one mobile number may take.
TAKEN = (PledgeState.PENDING, PledgeState.ACTIVE, PledgeState.DUE, PledgeState.ORDERED)


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
    way: PledgeWay | str = "",
    tier: int | None = None,
    offer: str = "",
    perishable_confirmed: bool = False,
) -> Pledge:
    """Reserve packs, once for each form shown.

    Without a ``way`` it is paid on collection. With one the amount is fixed now; a card to be
    saved or a wallet to pay at once holds the packs for half an hour. ``tier`` is the number of a
    box of the campaign, and ``packs`` then counts boxes. ``offer`` is the code of a place in the
    queue whose turn it is: its packs are kept for it. Fresh goods that were not confirmed as
    ``perishable_confirmed`` may be sent back without a reason.

    Raises
    ------
    BadInput
        Not a number of packs this person may take, or a way that is not open.
    NotAllowed
        The campaign is not open, or nothing is sent there.
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
            pledge = _new(campaign_code, packs, contact, fulfilment, tier=tier, at=at)
            pledge.submit_key, pledge.user = submit_key, user
            pledge.perishable_confirmed_at = at if perishable_confirmed else None
            return _take_offered(pledge, fulfilment, way=way, offer=offer, at=at)
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


def _new(
    campaign_code: str,
    packs: int,
    contact: Contact,
    fulfilment: Fulfilment,
    *,
    tier: int | None,
    at: datetime,
) -> Pledge:
    campaign = Campaign.objects.select_related("listing__product").get(code=campaign_code)
    box = None if tier is None else PledgeTier.objects.get(campaign=campaign, number=tier)
    return Pledge(
        code=new_code("PL"),
        campaign=campaign,
        tier=box,
        packs=packs if box is None else packs * box.packs_per_unit,
        price=None if box is None else box.price / box.packs_per_unit,
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
        created_at=at,
        updated_at=at,
    )


def _take_offered(
    pledge: Pledge, fulfilment: Fulfilment, *, way: PledgeWay | str, offer: str, at: datetime
) -> Pledge:
    """With the packs that were kept for a place in the queue, if that is still so."""
    if not offer:
        return _take(pledge, fulfilment, way=way, at=at)
    Campaign.objects.select_for_update().get(pk=pledge.campaign_id)
    kept = free_offer(code=offer, campaign=pledge.campaign, packs=pledge.packs, at=at)
    taken = _take(pledge, fulfilment, way=way, at=at)
    if kept is not None:
        note_taken(kept, taken)
        offer_next(pledge.campaign_id, at=at)
    return taken


def _take(pledge: Pledge, fulfilment: Fulfilment, *, way: PledgeWay | str, at: datetime) -> Pledge:
    """Count the packs in, write the pledge, and ask for the money where it goes through us."""
    pledge.way = PledgeWay(way) if way else ""
    holds = bool(way) and (way != PledgeWay.LINK or deposit_of(pledge) > 0)
    pledge.campaign = take_packs(
        campaign_code=pledge.campaign.code,
        packs=pledge.packs,
        at=at,
        hold=holds,
        may_join_late=way == PledgeWay.NOW,
    )
    _check_share(pledge.campaign, mobile=pledge.mobile, packs=pledge.packs)
    _take_units(pledge)
    if pledge.way:
        _fix_amount(pledge, fulfilment, at=at)
    if holds:
        pledge.state, pledge.hold_until = PledgeState.PENDING, at + timedelta(minutes=HOLD_MINUTES)
    if pledge.way:
        ask_for(pledge, methods=_methods(pledge, at=at), at=at)
    pledge.save()
    if holds:
        return pledge
    _curve(pledge, at=at)
    if pledge.way:
        tell_pledge(pledge, paying.LINK_LATER, at=at)
        return pledge
    return _tell(pledge, PLEDGE_MADE, at=at)


def _methods(pledge: Pledge, *, at: datetime) -> tuple[str, ...]:
    found = methods_of(pledge.way, ways_for(pledge.campaign, at=at))
    if not found:
        raise BadInput(_("这种付法现在不能选，换一种。"), field="way")
    return found


def _fix_amount(pledge: Pledge, fulfilment: Fulfilment, *, at: datetime) -> None:
    """What the backer sees is what is charged: price and carriage stay as they are now."""
    wanted = [Wanted(pledge.campaign.listing, pledge.packs)]
    pledge.price = pledge.campaign.price if pledge.price is None else pledge.price
    pledge.carriage = quotes_for([wanted], fulfilment=fulfilment, on=day_of(at))[0].charge


def take_packs(
    *,
    campaign_code: str,
    packs: int,
    at: datetime,
    hold: bool = False,
    may_join_late: bool = False,
) -> Campaign:
    """Count packs in (or, below zero, out) by one conditional UPDATE, which locks the row.

    Those on ``hold`` take room and do not count towards the goal yet.
    """
    open_now = Q(state=CampaignState.LIVE, opens_at__lte=at, deadline_at__gt=at)
    if may_join_late:
        open_now |= Q(state=CampaignState.SUCCEEDED, stage__in=STAGES_TO_JOIN)
    late_room = When(state=CampaignState.SUCCEEDED, then=F("closed_packs"))
    room = (
        Campaign.objects.filter(open_now, code=campaign_code)
        .alias(most=Case(late_room, default=F("cap_packs")))
        .filter(most__gte=F("pledged_packs") + F("held_packs") + packs)
    )
    column = "held_packs" if hold else "pledged_packs"
    taken = room.update(**{column: F(column) + packs})
    campaign = Campaign.objects.select_related("listing__product").get(code=campaign_code)
    if taken:
        return campaign
    if not (may_join_late and campaign.state == CampaignState.SUCCEEDED):
        _check_open(campaign, at=at)
    raise NotEnough(what=_("能约的份数"), wanted=packs, left=packs_left(campaign))


def _check_open(campaign: Campaign, *, at: datetime) -> None:
    if campaign.state in BEFORE_OPENING or at < campaign.opens_at:
        raise NotAllowed(_("这场预售还没开始。"))
    if campaign.state == CampaignState.CANCELLED:
        raise NotAllowed(_("这场预售取消了。"))
    if campaign.state != CampaignState.LIVE or campaign.deadline_at <= at:
        raise NotAllowed(_("预售已经截止，不能再约、再改或取消。"))


def _check_share(campaign: Campaign, *, mobile: str, packs: int) -> None:
    """``packs`` were just counted in; the campaign's row is locked, so the sum holds."""
    mine = Pledge.objects.filter(campaign=campaign, mobile=mobile, state__in=TAKEN)
    before = mine.aggregate(sum=Sum("packs"))["sum"] or 0
    most = most_packs(campaign)
    if before + packs > most:
        raise BadInput(
            _("一个手机号在这场预售里最多约 %(most)d 份，已经约了 %(before)d 份。")
            % {"most": most, "before": before},
            field="packs",
        )


def _take_units(pledge: Pledge) -> None:
    """Boxes of a tier, by one conditional UPDATE of its own cap."""
    tier = pledge.tier
    if tier is None:
        return
    units = pledge.packs // tier.packs_per_unit
    mine = Pledge.objects.filter(tier=tier, mobile=pledge.mobile, state__in=TAKEN)
    before = (mine.aggregate(sum=Sum("packs"))["sum"] or 0) // tier.packs_per_unit
    if tier.most_each is not None and before + units > tier.most_each:
        text = _("“%(box)s”一个手机号最多 %(most)d 份。")
        raise BadInput(text % {"box": tier.title, "most": tier.most_each}, field="packs")
    rows = PledgeTier.objects.filter(pk=tier.pk, cap_units__gte=F("taken_units") + units)
    if not rows.update(taken_units=F("taken_units") + units):
        left = PledgeTier.objects.get(pk=tier.pk)
        raise NotEnough(what=tier.title, wanted=units, left=left.cap_units - left.taken_units)


@transaction.atomic
def change_pledge(*, code: str, packs: int, at: datetime) -> Pledge:
    """Make it another number of packs, before the deadline.

    Raises
    ------
    BadInput
        Not a number of packs this person may take.
    NotAllowed
        The pledge no longer stands, its card or wallet holds an amount, or the campaign is not
        open.
    NotEnough
        Fewer packs are left below the cap.
    """
    if packs < 1:
        raise BadInput(_("至少留 1 份；都不要了就取消。"), field="packs")
    pledge = _standing(code)
    if not may_change_packs(pledge):
        raise NotAllowed(_("这一笔的金额已经定了。要改份数，先取消，再约一次。"))
    more = packs - pledge.packs
    if more == 0:
        return pledge
    pledge.campaign = take_packs(campaign_code=pledge.campaign.code, packs=more, at=at)
    if more > 0:
        _check_share(pledge.campaign, mobile=pledge.mobile, packs=more)
    pledge.packs, pledge.updated_at = packs, at
    if pledge.way:
        _ask_again(pledge, at=at)
    pledge.save()
    _curve(pledge, packs=more, at=at)
    return pledge


def may_change_packs(pledge: Pledge) -> bool:
    """Whether nothing is fixed yet but a price: no card, no wallet, no deposit, no box."""
    free = pledge.way in ("", PledgeWay.LINK) and not pledge.deposit_code
    return free and pledge.tier_id is None


def _ask_again(pledge: Pledge, *, at: datetime) -> None:
    """Another number of packs is another amount: the old question is taken back."""
    let_go(pledge, at=at)
    fulfilment = Fulfilment(
        kind=pledge.fulfilment,
        station=pledge.station,
        province_code=pledge.province_code,
        county_code=pledge.county_code,
    )
    _fix_amount(pledge, fulfilment, at=at)
    ask_for(pledge, methods=_methods(pledge, at=at), at=at)


@transaction.atomic
def cancel_pledge(*, code: str, at: datetime) -> Pledge:
    """Give the packs back, before the deadline; what was paid is asked back.

    For some days after a change of terms also when the closing has come in between.

    Raises
    ------
    NotAllowed
        The pledge no longer stands, or the campaign is not open.
    """
    pledge = _standing(code, also=(PledgeState.PENDING, PledgeState.DUE))
    if pledge.state == PledgeState.DUE:
        return _leave_due(pledge, at=at)
    pending = pledge.state == PledgeState.PENDING
    take_packs(
        campaign_code=pledge.campaign.code,
        packs=-pledge.packs,
        at=at,
        hold=pending,
        may_join_late=pending,
    )
    free_units(pledge)
    if not pending:
        _curve(pledge, packs=-pledge.packs, at=at)
    paid = paid_fen(pledge)
    to = PledgeState.REFUNDING if paid and not pending else PledgeState.CANCELLED
    move_pledge(pledge, to=to, at=at)
    let_go(pledge, at=at)
    offer_next(pledge.campaign_id, at=at)
    if paid:
        give_back(pledge, why="cancel", reason=_("买家取消"), by=None, at=at)
        tell_pledge(pledge, paying.CANCELLED_REFUND, at=at)
        return pledge
    return _tell(pledge, PLEDGE_CANCELLED, at=at)


def _leave_due(pledge: Pledge, *, at: datetime) -> Pledge:
    """The campaign has succeeded; who was told of other terms still leaves for nothing."""
    if free_change_of(pledge, at=at) is None:
        raise NotAllowed(_("预售已经截止，不能再约、再改或取消。"))
    count_packs(pledge, packs=-pledge.packs, at=at)
    free_units(pledge)
    move_pledge(pledge, to=PledgeState.CANCELLED, at=at)
    let_go(pledge, at=at)
    offer_next(pledge.campaign_id, at=at)
    if not paid_fen(pledge):
        return _tell(pledge, PLEDGE_CANCELLED, at=at)
    give_back(pledge, why="cancel", reason=_("买家取消"), by=None, at=at)
    tell_pledge(pledge, paying.CANCELLED_REFUND, at=at)
    return pledge


def _tell(pledge: Pledge, template: str, *, at: datetime) -> Pledge:
    told = with_words(Pledge.objects.filter(pk=pledge.pk))
    tell_pledges(pledges=told, template=template, at=at)
    return pledge


def _standing(code: str, *, also: tuple[PledgeState, ...] = ()) -> Pledge:
    pledge = locked_pledge(code)
    if pledge.state not in (PledgeState.ACTIVE, *also):
        raise NotAllowed(_("这一笔%(state)s，不能再改。") % {"state": pledge.get_state_display()})
    return pledge


def _curve(pledge: Pledge, *, at: datetime, packs: int | None = None) -> None:
    """A step of the curve; the campaign itself has counted it already."""
    step = pledge.packs if packs is None else packs
    pledge.changes.create(campaign_id=pledge.campaign_id, packs=step, at=at)
