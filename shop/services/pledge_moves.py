"""The steps of a pledge, and its packs going in and out of a campaign.

Locks are taken in one order everywhere: payment, campaign, pledge. The provider's word comes with
the payment locked, so whoever starts from a pledge locks its payment first (``lock_payment``).
"""

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from growers.models import User
from payments.models import Payment
from shop.models import (
    Campaign,
    Pledge,
    PledgeChange,
    PledgeState,
    PledgeStateChange,
    PledgeTier,
)
from shop.states import NEXT_PLEDGE

ROWS_AT_ONCE = 1000


def lock_payment(pledge: Pledge) -> None:
    """Take the lock of the payment before those of campaign and pledge."""
    codes = [code for code in (pledge.payment_code, pledge.deposit_code) if code]
    if codes:
        list(Payment.objects.select_for_update().filter(code__in=codes).order_by("pk"))


def locked_pledge(code: str) -> Pledge:
    """The pledge as it is now, with its payment and campaign locked before it."""
    lock_payment(Pledge.objects.get(code=code))
    Campaign.objects.select_for_update().get(pledges__code=code)
    rows = Pledge.objects.select_for_update(of=("self",)).select_related("campaign", "tier")
    return rows.get(code=code)


def move_pledge(
    pledge: Pledge, *, to: PledgeState, at: datetime, by: User | None = None, reason: str = ""
) -> None:
    """One step of a locked pledge.

    Raises
    ------
    NotAllowed
        Its state does not lead there.
    """
    old = pledge.state
    if to not in NEXT_PLEDGE[old]:
        raise NotAllowed(_("这一笔%(state)s，不能再改。") % {"state": pledge.get_state_display()})
    pledge.state, pledge.updated_at = to, at
    pledge.save(update_fields=["state", "updated_at"])
    PledgeStateChange.objects.create(
        pledge=pledge, old=old, new=to, at=at, by=by, reason=reason[:200]
    )


def move_pledges(
    rows: QuerySet[Pledge],
    *,
    to: PledgeState,
    at: datetime,
    by: User | None = None,
    reason: str = "",
) -> int:
    """One UPDATE for all, and what each was before; the campaign of ``rows`` is locked."""
    before = list(rows.order_by("pk").values_list("pk", "state"))
    if not before:
        return 0
    moved: int = rows.update(state=to, updated_at=at)
    PledgeStateChange.objects.bulk_create(
        [
            PledgeStateChange(pledge_id=pk, old=old, new=to, at=at, by=by, reason=reason[:200])
            for pk, old in before
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return moved


def count_packs(pledge: Pledge, *, packs: int, at: datetime) -> None:
    """So many packs more (or, below nought, fewer) stand in the campaign and on its curve."""
    rows = Campaign.objects.filter(pk=pledge.campaign_id)
    rows.update(pledged_packs=F("pledged_packs") + packs)
    PledgeChange.objects.create(pledge=pledge, campaign_id=pledge.campaign_id, packs=packs, at=at)


def end_hold(pledge: Pledge) -> None:
    """The packs of a pledge are no longer held for it."""
    rows = Campaign.objects.filter(pk=pledge.campaign_id)
    rows.update(held_packs=F("held_packs") - pledge.packs)


def free_units(pledge: Pledge) -> None:
    """The boxes of a pledge are free in its tier."""
    if pledge.tier is not None:
        units = pledge.packs // pledge.tier.packs_per_unit
        rows = PledgeTier.objects.filter(pk=pledge.tier.pk)
        rows.update(taken_units=F("taken_units") - units)
