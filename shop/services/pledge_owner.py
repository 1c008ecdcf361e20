"""What a pledge does when its payment moves; called inside the payment's transaction.

A pledge counts if its packs were held before the deadline and its card or wallet was done before
the closing. What comes later is not wanted and goes back by itself.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import PlatformError
from core.templatetags.shanhuo import moment, yuan
from core.units import from_fen
from payments.links import pay_link
from payments.models import Payment, Refund, RefundState
from payments.ports import register_owner
from payments.taken_back import ARRIVED
from shop import pledge_wording as paying
from shop.models import CampaignState, Pledge, PledgeState, Purchase
from shop.pledge_rules import FIX_DAYS
from shop.selectors.orders import packs_of
from shop.services.holds import expire_pledge
from shop.services.invoices import follow_refund
from shop.services.placing import place_campaign_order
from shop.services.pledge_moves import (
    count_packs,
    end_hold,
    free_units,
    locked_pledge,
    move_pledge,
)
from shop.services.pledge_notices import tell_all, tell_pledge
from shop.services.pledge_payments import give_back, paid_fen, payments_of
from shop.services.telling import pledge_address, with_words
from shop.services.waiting_offers import offer_next

log = logging.getLogger(__name__)
MAY_END_REFUNDED = (PledgeState.REFUNDING, PledgeState.ORDERED, PledgeState.CREDITED)


def register() -> None:
    """Answer for the payments of pledges."""
    register_owner("pledge", PledgeOwner())


def _code_of(payment: Payment) -> str:
    return payment.subject.partition(":")[2]


class PledgeOwner:
    """Answers for payments whose subject is ``pledge:…``."""

    def card_saved(self, payment: Payment, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(payment))
        if _is_open(pledge) and payment.code == pledge.payment_code:
            _activate(pledge, paying.CARD_SAVED, at=at)

    def paid(self, payment: Payment, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(payment))
        if pledge.state == PledgeState.PENDING and pledge.campaign.state == CampaignState.LIVE:
            _activate(pledge, paying.PAID_NOW, at=at)
        elif _is_open(pledge) or pledge.state == PledgeState.DUE:
            order_paid(pledge, at=at)
        else:
            give_back(pledge, why="late", reason=_("来晚了，预约已经放掉"), by=None, at=at)

    def troubled(self, payment: Payment, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(payment))
        if pledge.state == PledgeState.DUE:
            tell_pledge(pledge, paying.CARD_TROUBLE, at=at, **fix_words(payment))

    def dropped(self, payment: Payment, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(payment))
        if pledge.state == PledgeState.PENDING:
            expire_pledge(pledge, at=at)
        elif pledge.state == PledgeState.DUE:
            lapse_pledge(pledge, at=at)

    def refunded(self, refund: Refund, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(refund.payment))
        going = pledge.state in MAY_END_REFUNDED
        if going and _all_is_back(pledge, refund):
            move_pledge(pledge, to=PledgeState.REFUNDED, at=at)
        for purchase in Purchase.objects.filter(order__pledge_link__pledge=pledge):
            follow_refund(purchase, at=at)
        _tell_refund(pledge, refund, paying.REFUNDED, at=at)

    def refund_failed(self, refund: Refund, *, at: datetime) -> None:
        pledge = locked_pledge(_code_of(refund.payment))
        _tell_refund(pledge, refund, paying.REFUND_STUCK, at=at)

    def is_wanted(self, payment: Payment) -> bool:
        pledge = Pledge.objects.select_related("campaign").get(code=_code_of(payment))
        if payment.code not in (pledge.payment_code, pledge.deposit_code):
            return False
        return pledge.state == PledgeState.DUE or _is_open(pledge)

    def title(self, payment: Payment) -> str:
        pledge = with_words(Pledge.objects.filter(code=_code_of(payment)))[0]
        return packs_of(pledge.campaign.listing.title, pledge.packs)

    def address(self, payment: Payment) -> str:
        return pledge_address(_code_of(payment))


def _is_open(pledge: Pledge) -> bool:
    """Its packs are held, and the campaign still takes it."""
    takes = (CampaignState.LIVE, CampaignState.SUCCEEDED)
    return pledge.state == PledgeState.PENDING and pledge.campaign.state in takes


def _activate(pledge: Pledge, template: str, *, at: datetime) -> None:
    """Held packs become reserved ones: they count towards the goal from now on."""
    end_hold(pledge)
    count_packs(pledge, packs=pledge.packs, at=at)
    move_pledge(pledge, to=PledgeState.ACTIVE, at=at)
    tell_pledge(pledge, template, at=at)


def order_paid(pledge: Pledge, *, at: datetime) -> bool:
    """The one order of a paid pledge; refused for now, it is tried again by the tick."""
    try:
        with transaction.atomic():
            if pledge.state == PledgeState.PENDING:  # joined after the success
                end_hold(pledge)
                count_packs(pledge, packs=pledge.packs, at=at)
            place_campaign_order(pledge=pledge, at=at)
            move_pledge(pledge, to=PledgeState.ORDERED, at=at)
    except PlatformError:
        log.exception("pledge %s is paid and did not become an order", pledge.code)
        pledge.refresh_from_db(fields=["state"])
        return False
    tell_pledge(pledge, paying.PAID, at=at)
    return True


def lapse_pledge(pledge: Pledge, *, at: datetime) -> None:
    """Not paid in time: its packs are free for those who wait; a deposit goes back."""
    count_packs(pledge, packs=-pledge.packs, at=at)
    free_units(pledge)
    move_pledge(pledge, to=PledgeState.LAPSED, at=at)
    offer_next(pledge.campaign_id, at=at)
    has_deposit = bool(pledge.deposit_code and paid_fen(pledge))
    tell_pledge(pledge, paying.LAPSED_DEPOSIT if has_deposit else paying.LAPSED, at=at)
    if has_deposit:
        give_back(pledge, why="lapsed", reason=_("没有按时付清"), by=None, at=at)


def fix_words(payment: Payment) -> dict[str, str]:
    """Where to pay or to mend the card, and until when."""
    until = payment.lapse_at
    if until is None and payment.due_at is not None:
        until = payment.due_at + timedelta(days=FIX_DAYS)
    return {"until": moment(until) if until else "", "pay": pay_link(payment)}


def _all_is_back(pledge: Pledge, last: Refund) -> bool:
    """Nothing is left to give back, and no refund is on its way any more."""
    mine = payments_of(pledge)
    asked = not any(payment.left for payment in mine)
    if pledge.state == PledgeState.CREDITED:
        asked = asked and not any(payment.aside for payment in mine)
    open_still = Refund.objects.filter(payment__in=mine).exclude(pk=last.pk)
    done = (*ARRIVED, RefundState.TAKEN_BACK)
    return asked and not open_still.exclude(state__in=done).exists()


def _tell_refund(pledge: Pledge, refund: Refund, template: str, *, at: datetime) -> None:
    told = with_words(Pledge.objects.filter(pk=pledge.pk))
    words = {"refund": yuan(from_fen(refund.amount))}
    tell_all(told, template, at=at, happening=refund.code, more=lambda _one: words)
