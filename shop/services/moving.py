"""An order on its way: packed, sent, delivered, cancelled, and paid for on collection."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from core.errors import BadInput, NotAllowed
from core.units import yuan
from growers.models import User
from shop import signals
from shop.models import (
    Collection,
    PaymentMeans,
    Pledge,
    PledgeState,
    Purchase,
    PurchaseState,
    PurchaseStateChange,
)
from shop.selectors.orders import standing_lines
from shop.services.stock import consume, give_back
from shop.services.telling import tell_order
from shop.states import NEXT_PURCHASE, PAYABLE_PURCHASE


@transaction.atomic
def move_order(
    *, code: str, to: PurchaseState | str, by: User | None, at: datetime, tell: bool = True
) -> Purchase:
    """Move an order one step on; packing takes the packs off the shelf.

    Without ``tell`` the buyer hears of it from whoever moves it.

    Raises
    ------
    NotAllowed
        When the order's state does not lead there, or its money is on its way back.
    NotEnoughStock
        When packing needs more packs than are on hand.
    """
    purchase = _locked(code)
    state = PurchaseState(to)
    _refuse_jump(purchase, state)
    lines = standing_lines(purchase)
    if state == PurchaseState.PACKED:
        _refuse_returned(purchase)
        consume(lines)
    if state == PurchaseState.CANCELLED:
        free_lines(lines)
    _move(purchase, state, by=by, at=at)
    if tell:
        tell_order(purchase=purchase, at=at)
    return purchase


def free_lines(lines: Sequence[Any]) -> None:
    """Give the packs of lines back to the shelf, once: they are not sent any more.

    The order is locked by the caller.
    """
    give_back(lines)
    rows = get_model("order", "Line").objects.filter(pk__in=[line.pk for line in lines])
    rows.update(allocation_cancelled=True, status=PurchaseState.CANCELLED)


def cancel_order(*, code: str, by: User | None, at: datetime, tell: bool = True) -> Purchase:
    """Cancel an order that is not packed yet; its packs are free again."""
    return move_order(code=code, to=PurchaseState.CANCELLED, by=by, at=at, tell=tell)


@transaction.atomic
def receive_payment(
    *, code: str, amount: Decimal, means: PaymentMeans | str, by: User, at: datetime
) -> Collection:
    """Record the money taken at the handing over, once and to the fen.

    Raises
    ------
    NotAllowed
        When the order is not out for handing over, or is already paid.
    BadInput
        When the amount is not what the order comes to.
    """
    purchase = _locked(code)
    if purchase.state not in PAYABLE_PURCHASE:
        facts = {"code": code, "state": purchase.get_state_display()}
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，交货时才收钱。") % facts)
    if purchase.paid_at is not None:
        raise NotAllowed(_("%s 在网上付过了，交货时不收钱。") % code)
    due = purchase.order.total_incl_tax
    if yuan(amount) != due:
        raise BadInput(_("应收 %(due)s 元，一分不多一分不少。") % {"due": due}, field="amount")
    try:
        with transaction.atomic():
            return Collection.objects.create(
                purchase=purchase, amount=due, means=means, received_by=by, received_at=at
            )
    except IntegrityError:
        raise NotAllowed(_("%s 的钱已经收过了。") % code) from None


def _locked(code: str) -> Purchase:
    rows = Purchase.objects.select_for_update(of=("self",)).select_related("order", "station")
    return rows.get(code=code)


def _refuse_jump(purchase: Purchase, to: PurchaseState) -> None:
    if to not in NEXT_PURCHASE[purchase.state]:
        facts = {
            "code": purchase.code,
            "state": purchase.get_state_display(),
            "to": to.label,
        }
        raise NotAllowed(_("%(code)s 现在是“%(state)s”，不能改成“%(to)s”。") % facts)


def _refuse_returned(purchase: Purchase) -> None:
    """Between giving all back and dropping the order nothing may leave."""
    returned = (PledgeState.REFUNDING, PledgeState.REFUNDED)
    if Pledge.objects.filter(order_link__order=purchase.order_id, state__in=returned).exists():
        raise NotAllowed(_("%s 的钱正在退，不能再打包。") % purchase.code)


def _move(purchase: Purchase, to: PurchaseState, *, by: User | None, at: datetime) -> None:
    old = purchase.state
    purchase.state = to
    if to == PurchaseState.DELIVERED:
        purchase.delivered_at = at
    if old == PurchaseState.AWAITING and to == PurchaseState.PLACED:
        purchase.paid_at = at  # what it waited for
    purchase.save(update_fields=["state", "delivered_at", "paid_at"])
    purchase.order.status = to
    purchase.order.save(update_fields=["status"])
    purchase.order.lines.filter(allocation_cancelled=False).update(status=to)
    PurchaseStateChange.objects.create(purchase=purchase, old=old, new=to, at=at, by=by)
    transaction.on_commit(
        lambda: signals.order_moved.send(Purchase, purchase=purchase, old=old, new=str(to))
    )
