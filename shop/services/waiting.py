"""The queue for packs that come free: joined when a campaign is full, offered in order, for a day.

Packs on offer are held in the campaign, so that nobody else takes them meanwhile.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.codes import new_code
from core.errors import BadInput, NotAllowed
from growers.models import User
from notices.texts import language_now
from shop import pledge_wording as paying
from shop.models import Campaign, WaitingEntry, WaitingState
from shop.services.pledges import most_packs
from shop.services.waiting_offers import (
    has_queue,
    offer_next,
    packs_left,
    take_back,
    tell_waiting,
)

OPEN = (WaitingState.WAITING, WaitingState.OFFERED)


@transaction.atomic
def join_queue(
    *, campaign_code: str, packs: int, mobile: str, user: User | None, at: datetime
) -> WaitingEntry:
    """Stand in the queue of a campaign that is full; asked again it is the same place.

    Raises
    ------
    BadInput
        Not a number of packs this person may take.
    NotAllowed
        Packs are free, or nothing can come free any more.
    """
    campaign = Campaign.objects.select_for_update().get(code=campaign_code)
    most = most_packs(campaign)
    if not 1 <= packs <= most:
        text = _("一个手机号在这场预售里最多约 %(most)d 份。")
        raise BadInput(text % {"most": most}, field="packs")
    if not has_queue(campaign, at=at):
        raise NotAllowed(_("这场预售已经结束，不用再排。"))
    mine = campaign.waiting.filter(mobile=mobile, state__in=OPEN).first()
    if mine is not None:
        return mine
    if packs_left(campaign) >= packs and not campaign.waiting.filter(state__in=OPEN).exists():
        raise NotAllowed(_("还有空的，直接约就行。"))
    entry = WaitingEntry.objects.create(
        code=new_code("WL"),
        campaign=campaign,
        user=user,
        packs=packs,
        mobile=mobile,
        language=language_now(),
        joined_at=at,
    )
    tell_waiting(entry, paying.WAITING_JOINED, at=at)
    return entry


@transaction.atomic
def leave_queue(*, code: str, at: datetime) -> None:
    """Not waiting any more; packs on offer go to the next."""
    campaign = Campaign.objects.select_for_update().get(waiting__code=code)
    entry = WaitingEntry.objects.get(code=code)
    if entry.state == WaitingState.OFFERED:
        take_back(entry)
    if entry.state in OPEN:
        WaitingEntry.objects.filter(pk=entry.pk).update(state=WaitingState.LEFT)
    offer_next(campaign.pk, at=at)


def offer_free_packs(*, at: datetime) -> int:
    """End what was not taken in time, then offer what is free, first come first served."""
    ended = WaitingEntry.objects.filter(state=WaitingState.OFFERED, offered_until__lte=at)
    waiting = WaitingEntry.objects.filter(state=WaitingState.WAITING)
    ids = {*ended.values_list("campaign", flat=True), *waiting.values_list("campaign", flat=True)}
    return sum(_serve(pk, at=at) for pk in sorted(ids))


@transaction.atomic
def _serve(campaign_pk: int, *, at: datetime) -> int:
    Campaign.objects.select_for_update().get(pk=campaign_pk)
    late = WaitingEntry.objects.filter(
        campaign=campaign_pk, state=WaitingState.OFFERED, offered_until__lte=at
    )
    for entry in late:
        take_back(entry)
        WaitingEntry.objects.filter(pk=entry.pk).update(state=WaitingState.PASSED)
        tell_waiting(entry, paying.WAITING_PASSED, at=at)
    return offer_next(campaign_pk, at=at)
