"""Packs held for half an hour, and let go when nothing came of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shop import pledge_wording as paying
from shop.models import Pledge, PledgeState
from shop.services.pledge_moves import end_hold, free_units, locked_pledge, move_pledge
from shop.services.pledge_notices import tell_pledge
from shop.services.pledge_payments import give_back, let_go
from shop.services.waiting_offers import offer_next


def expire_pledge(pledge: Pledge, *, at: datetime) -> None:
    """A held, locked pledge was not finished in time: its packs are free again."""
    end_hold(pledge)
    free_units(pledge)
    move_pledge(pledge, to=PledgeState.EXPIRED, at=at)
    offer_next(pledge.campaign_id, at=at)
    tell_pledge(pledge, paying.EXPIRED, at=at)


def expire_holds(*, at: datetime, most: int = 200) -> int:
    """Let go of what was not finished in half an hour; return how many."""
    rows = Pledge.objects.filter(state=PledgeState.PENDING, hold_until__lte=at)
    codes = list(rows.order_by("hold_until").values_list("code", flat=True)[:most])
    return sum(_expire(code, at=at) for code in codes)


@transaction.atomic
def _expire(code: str, *, at: datetime) -> bool:
    pledge = locked_pledge(code)
    if pledge.state != PledgeState.PENDING:
        return False
    expire_pledge(pledge, at=at)
    let_go(pledge, at=at)
    # Paid in time, but no order could be placed: nobody keeps that money.
    give_back(pledge, why="expired", reason=_("没能转成订单"), by=None, at=at)
    return True
