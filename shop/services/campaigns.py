"""Cancelling and closing pre-sale campaigns; see ``opening`` and ``approving`` for what is before.

Where money goes through us, closing marks what is to be paid or let go in its own transaction, and
``collecting`` does it afterwards, payment by payment.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from core.clock import day_of
from core.errors import NotAllowed, PlatformError
from core.units import yuan
from growers.models import User
from harvest_calendar.models import SupplyClaim
from harvest_calendar.services import release_claim
from shop import pledge_wording as paying
from shop.models import (
    Campaign,
    CampaignMode,
    CampaignStage,
    CampaignState,
    Pledge,
    PledgeState,
    PledgeWay,
    StretchGoal,
    WaitingState,
)
from shop.services.campaign_moves import move_stage, note_change
from shop.services.collecting import collect, release_pledges
from shop.services.opening import claim_code, start_due_campaigns
from shop.services.placing import place_campaign_order
from shop.services.pledge_moves import move_pledge, move_pledges
from shop.services.pledge_notices import tell_all
from shop.services.seasons import refresh_season_states
from shop.services.telling import tell_pledges, with_words
from shop.signals import campaign_closed
from shop.states import NEXT_CAMPAIGN
from shop.wording import CAMPAIGN_CANCELLED, CAMPAIGN_FAILED, CAMPAIGN_SUCCEEDED

__all__ = [
    "cancel_campaign",
    "claim_code",
    "close_campaign",
    "close_due_campaigns",
    "order_pledges",
    "start_due_campaigns",
]

log = logging.getLogger(__name__)

PLEDGES_AT_ONCE = 50


@transaction.atomic
def cancel_campaign(*, code: str, by: User | None, at: datetime, reason: str = "") -> Campaign:
    """Stop a campaign that has not closed; its pledges and its claim are released.

    Raises
    ------
    NotAllowed
        It has ended already.
    """
    campaign = Campaign.objects.select_for_update().get(code=code)
    old = campaign.state
    if CampaignState.CANCELLED not in NEXT_CAMPAIGN[old]:
        raise NotAllowed(_("这场预售已经结束，不能再取消。"))
    campaign.state = CampaignState.CANCELLED
    campaign.closed_at = at
    campaign.save(update_fields=["state", "closed_at"])
    note_change(campaign, old=old, new=campaign.state, at=at, by=by, reason=reason)
    _end_holds(campaign, at=at)
    _release(campaign, at=at, told=CAMPAIGN_CANCELLED, refunded=paying.CANCELLED_BY_SHOP_REFUND)
    refresh_season_states(on=day_of(at), at=at, listing_ids=[campaign.listing_id])
    return campaign


def _release(campaign: Campaign, *, at: datetime, told: str, refunded: str) -> None:
    """All pledges are let go: at once, or by ``collecting`` where a card or money is to go back."""
    standing = active_pledges(campaign)
    paid = PAID_BEFORE & Q(campaign=campaign)
    tell_all(with_words(standing.filter(paid)), refunded, at=at)
    tell_pledges(pledges=with_words(standing.exclude(paid)), template=told, at=at)
    standing.filter(way="").update(state=PledgeState.RELEASED, updated_at=at)
    if move_pledges(standing, to=PledgeState.TO_RELEASE, at=at):
        move_stage(campaign, to=CampaignStage.RELEASING, at=at)
    release_claim(code=claim_code(campaign.code), at=at)


def _end_holds(campaign: Campaign, *, at: datetime) -> None:
    """What was held and not finished comes to nothing; offers to those who wait end too."""
    held = Pledge.objects.filter(campaign=campaign, state=PledgeState.PENDING)
    told = with_words(held)
    if move_pledges(held, to=PledgeState.EXPIRED, at=at):
        tell_all(told, paying.EXPIRED, at=at)
    campaign.waiting.filter(state=WaitingState.OFFERED).update(state=WaitingState.PASSED)
    Campaign.objects.filter(pk=campaign.pk).update(held_packs=0)


# Money was taken before the closing: by a wallet at once, or as a deposit.
PAID_BEFORE = Q(way=PledgeWay.NOW) | Q(deposit_code__isnull=False)


def active_pledges(campaign: Campaign) -> QuerySet[Pledge]:
    """The pledges of a campaign that still stand."""
    return Pledge.objects.filter(campaign=campaign, state=PledgeState.ACTIVE)


def close_campaign(*, code: str, at: datetime) -> Campaign:
    """Close a live campaign past its deadline, once, however many try.

    Every standing pledge of one that reached its goal becomes exactly one order; a run that was
    killed is continued by the next call. A campaign that is not due is left alone.
    """
    won = _close(code, at=at)
    campaign = Campaign.objects.select_related("listing__form").get(code=code)
    if campaign.state == CampaignState.SUCCEEDED:
        order_pledges(campaign=campaign, at=at)
    if campaign.stage == CampaignStage.COLLECTING:
        collect(campaign=campaign, at=at)
    if campaign.stage == CampaignStage.RELEASING:
        release_pledges(campaign=campaign, at=at)
    if won:
        campaign_closed.send(sender=Campaign, campaign=campaign)
    return campaign


@transaction.atomic
def _close(code: str, *, at: datetime) -> bool:
    """The one conditional UPDATE that leaves ``live``; True for the caller that did it."""
    reached = Q(pledged_packs__gte=F("goal_packs"))
    reached |= Q(mode=CampaignMode.AS_ORDERED, pledged_packs__gt=0)
    enough = When(reached, then=Value(CampaignState.SUCCEEDED.value))
    outcome = Case(enough, default=Value(CampaignState.FAILED.value), output_field=CharField())
    due = Campaign.objects.filter(code=code, state=CampaignState.LIVE, deadline_at__lte=at)
    if not due.update(state=outcome, closed_at=at):
        return False
    campaign = Campaign.objects.select_related("listing__form__raw_crop", "listing__origin").get(
        code=code
    )
    note_change(campaign, old=CampaignState.LIVE, new=campaign.state, at=at, by=None)
    _end_holds(campaign, at=at)
    _snapshot(campaign)
    if campaign.state == CampaignState.FAILED:
        _release(campaign, at=at, told=CAMPAIGN_FAILED, refunded=paying.FAILED_REFUND)
    else:
        _claim_what_was_pledged(campaign, at=at)
        _mark_due(campaign, at=at)
    refresh_season_states(on=day_of(at), at=at, listing_ids=[campaign.listing_id])
    return True


def _snapshot(campaign: Campaign) -> None:
    """What was counted at the closing, for good; stretch goals are judged on it, once."""
    price = Case(When(price__isnull=True, then=Value(campaign.price)), default=F("price"))
    counted = active_pledges(campaign).aggregate(
        pledges=Count("pk"), goods=Sum(F("packs") * price), carriage=Sum("carriage")
    )
    campaign.closed_packs = campaign.pledged_packs
    Campaign.objects.filter(pk=campaign.pk).update(
        closed_packs=campaign.pledged_packs,
        closed_pledges=counted["pledges"],
        closed_amount=yuan((counted["goods"] or 0) + (counted["carriage"] or 0)),
    )
    most = campaign.closed_packs if campaign.state == CampaignState.SUCCEEDED else 0
    reached = Case(When(at_packs__lte=most, then=Value(True)), default=Value(False))
    StretchGoal.objects.filter(campaign=campaign, reached=None).update(reached=reached)


def _mark_due(campaign: Campaign, *, at: datetime) -> None:
    """One UPDATE for all that is still to be paid; wallets that paid at once wait for nothing."""
    later = active_pledges(campaign).filter(way__in=[PledgeWay.CARD_LATER, PledgeWay.LINK])
    through_us = active_pledges(campaign).exclude(way="").exists()
    move_pledges(later, to=PledgeState.DUE, at=at)
    if through_us:
        move_stage(campaign, to=CampaignStage.COLLECTING, at=at)


def _claim_what_was_pledged(campaign: Campaign, *, at: datetime) -> None:
    """From now on only what is on order is promised; the rest of the cap is free again."""
    listing, code = campaign.listing, claim_code(campaign.code)
    claim = SupplyClaim.objects.filter(code=code, released_at__isnull=True)
    weight_g = listing.form.raw_g(campaign.pledged_packs * listing.pack_weight_g)
    claim.filter(weight_g__gt=weight_g).update(weight_g=weight_g)


def order_pledges(*, campaign: Campaign, at: datetime) -> int:
    """Turn the standing pledges of a succeeded campaign into orders; return how many.

    Works through them in small transactions, so that a killed run loses at most one of those.
    A pledge whose order is refused stays standing and is tried again by the next tick.
    """
    done, last = 0, 0
    while True:
        count, last = _order_some(campaign, after=last, at=at)
        done += count
        if not last:
            return done


@transaction.atomic
def _order_some(campaign: Campaign, *, after: int, at: datetime) -> tuple[int, int]:
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    some = (
        active_pledges(campaign)
        .filter(pk__gt=after)
        .select_for_update(of=("self",))
        .select_related("station", "user", "campaign__listing__product", "campaign__listing__shop")
        .order_by("pk")[:PLEDGES_AT_ONCE]
    )
    tried = list(some)
    ordered = [pledge.pk for pledge in tried if _order_one(pledge, at=at)]
    told = Pledge.objects.filter(pk__in=ordered)
    tell_pledges(pledges=with_words(told.filter(way="")), template=CAMPAIGN_SUCCEEDED, at=at)
    tell_all(with_words(told.exclude(way="")), paying.PAID, at=at)
    return len(ordered), tried[-1].pk if tried else 0


def _order_one(pledge: Pledge, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            place_campaign_order(pledge=pledge, at=at)
            move_pledge(pledge, to=PledgeState.ORDERED, at=at)
    except PlatformError:
        log.exception("pledge %s did not become an order", pledge.code)
        return False
    return True


def close_due_campaigns(*, at: datetime) -> list[str]:
    """Close what is past its deadline and go on with what was left half-way; return the codes."""
    due = Campaign.objects.filter(state=CampaignState.LIVE, deadline_at__lte=at)
    left = Campaign.objects.filter(state=CampaignState.SUCCEEDED, pledges__state=PledgeState.ACTIVE)
    codes = [*due.values_list("code", flat=True), *left.distinct().values_list("code", flat=True)]
    for code in codes:
        close_campaign(code=code, at=at)
    return codes
