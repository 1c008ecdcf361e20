"""Giving up a reservation that cannot become an order, at its shop's word."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from growers.models import User
from shop import pledge_wording as paying
from shop.models import Pledge, PledgeState
from shop.selectors.stuck_pledges import stuck_pledges
from shop.services.pledge_moves import count_packs, free_units, locked_pledge, move_pledge
from shop.services.pledge_notices import tell_pledge
from shop.services.pledge_payments import give_back, let_go, paid_fen
from shop.services.waiting_offers import offer_next


@transaction.atomic
def refund_stuck(*, code: str, by: User | None, at: datetime) -> Pledge:
    """Let it go: its packs are free, what was paid goes back, its backer is told; once.

    A deposit goes back once, not twice: the shop has the goods, and nobody carries them there.

    Raises
    ------
    NotAllowed
        It has become an order meanwhile, or was let go.
    """
    pledge = locked_pledge(code)
    if not stuck_pledges(pledge.campaign).filter(pk=pledge.pk).exists():
        raise NotAllowed(_("这一笔已经转成订单，或者已经放掉了。"))
    reason = _("寄不到，转不成订单")
    paid = paid_fen(pledge)
    count_packs(pledge, packs=-pledge.packs, at=at)
    free_units(pledge)
    to = PledgeState.REFUNDING if paid else PledgeState.RELEASED
    move_pledge(pledge, to=to, at=at, by=by, reason=reason)
    let_go(pledge, at=at)
    give_back(pledge, why="stuck", reason=reason, by=by, at=at)
    tell_pledge(pledge, paying.NOT_SENT_REFUND if paid else paying.NOT_SENT, at=at)
    offer_next(pledge.campaign_id, at=at)
    return pledge
